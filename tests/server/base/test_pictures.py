"""The process that looks at a stranger's picture may use so much and no more."""

import subprocess
import sys

import pytest

from server.base import picture_worker

TRIES = {
    "memory": ("bytearray(80 * 2**20)", "MemoryError"),
    "a file": ("open('/tmp/nothing-is-written', 'wb').write(b'x' * 10_000)", "File too large"),
    "time": ("exec('while True: pass')", ""),
}


@pytest.mark.parametrize("what", TRIES)
def test_what_goes_beyond_its_limits_ends(what: str) -> None:
    attempt, told = TRIES[what]
    program = f"import runpy; runpy.run_path({picture_worker.__file__!r})['limit'](); {attempt}"
    ended = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False, text=True)
    assert ended.returncode != 0
    assert told in ended.stderr
