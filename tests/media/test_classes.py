"""A class that is over is let go after a minute, but not before its recording is whole."""

import asyncio
from pathlib import Path

from media.classes import KEPT_AFTER_END_S, Classes, Times
from media.events import Event
from media.index import EndLine
from media.storage import Shelf, Storage
from tests.media.classroom import AtOnce, Clock, Disk


class _OneDisk(Storage):
    """A storage whose one class lies on a disk of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, AtOnce())
        self.disk = Disk(folder / "class-1", folder / "sealed" / "class-1", AtOnce())

    def shelf(self, name: str) -> Shelf:
        return self.disk


async def test_a_class_that_is_over_is_let_go_after_a_minute(tmp_path: Path) -> None:
    storage, clock = _OneDisk(tmp_path), Clock()
    classes = Classes(storage, _unheard, Times(clock.wall, clock.monotonic))
    classes.open("class-1")
    classes.over("class-1")
    clock.passed += KEPT_AFTER_END_S
    classes.tick()
    assert classes.find("class-1") is not None
    clock.passed += 1
    classes.tick()
    assert classes.find("class-1") is None


async def test_the_end_of_a_recording_waits_for_room_on_the_disk(tmp_path: Path) -> None:
    storage, clock = _OneDisk(tmp_path), Clock()
    classes = Classes(storage, _unheard, Times(clock.wall, clock.monotonic))
    stream = classes.open("class-1")
    storage.disk.room = 0
    stream.recorder.put(EndLine(stream.now_ms()))
    await stream.recorder.settle()
    classes.over("class-1")
    clock.passed += KEPT_AFTER_END_S + 1
    classes.tick()
    assert classes.find("class-1") is stream
    await stream.recorder.settle()

    storage.disk.room = 1_000
    clock.passed += 60
    classes.tick()
    await stream.recorder.settle()
    await asyncio.sleep(0)
    assert stream.recorder.settled
    assert storage.disk.index().ended
    classes.tick()
    assert classes.find("class-1") is None


def _unheard(_event: Event) -> None:
    pass
