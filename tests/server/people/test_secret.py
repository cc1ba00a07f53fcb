"""Working out passwords costs who is in class nothing."""

import os
import sys
import threading
from pathlib import Path

import pytest

from server.people import secret


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts the priority of each thread")
async def test_threads_that_work_out_passwords_stand_back_for_the_loop() -> None:
    await secret.hashed("一个够长的口令 123")
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert any(os.getpriority(os.PRIO_PROCESS, each) > mine for each in _others())


def _others() -> list[int]:
    """The threads of this process but for this one."""
    return [int(each.name) for each in Path("/proc/self/task").iterdir() if int(each.name) != threading.get_native_id()]
