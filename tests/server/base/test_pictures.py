"""The process that looks at a stranger's picture may use so much and no more."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from server.base import picture_worker
from server.base.pictures import remake
from server.rules.refusal import Refusal
from tests.server.forum.drawn import hostile

TRIES = {
    "memory": ("bytearray(80 * 2**20)", {1}, "MemoryError"),
    "a file": ("open('written', 'wb').write(b'x' * 10_000)", {1}, "File too large"),
    "time": ("exec('while True: pass')", {-signal.SIGXCPU, -signal.SIGKILL}, ""),
}
"""What is tried, how the process ends, and what it says."""


@pytest.mark.parametrize("what", TRIES)
def test_what_goes_beyond_its_limits_ends(what: str, tmp_path: Path) -> None:
    attempt, codes, told = TRIES[what]
    program = f"import runpy; runpy.run_path({picture_worker.__file__!r})['limit'](); {attempt}"
    ended = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, check=False, text=True, cwd=tmp_path, timeout=60
    )
    assert ended.returncode in codes
    assert told in ended.stderr
    assert sum(each.stat().st_size for each in tmp_path.iterdir()) == 0


async def test_every_hostile_picture_is_refused_or_made_harmless() -> None:
    async def told(data: bytes) -> tuple[int, str]:
        try:
            await remake(data)
        except Refusal as refusal:
            return refusal.status, refusal.code
        return 0, ""

    cases = hostile()
    answers = await asyncio.gather(*(told(data) for data, _, _ in cases.values()))
    assert dict(zip(cases, answers, strict=True)) == {name: (status, code) for name, (_, status, code) in cases.items()}
