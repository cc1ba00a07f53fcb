"""An academy of one process loads nothing of what only several need."""

import subprocess
import sys

LOOK = (
    "import sys, server.app, server.serve, server.commands.serve\n"
    "print([each for each in ('redis', 'taskiq', 'taskiq_redis', 'obstore') if each in sys.modules])"
)


def test_without_a_redis_and_objects_their_libraries_are_not_imported() -> None:
    found = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
