"""The recorder writes in order, goes on without the disk, and catches up with it."""

import errno
from pathlib import Path

import pytest

from media.hls.segment import Piece, Segment, Stretch
from media.index import EndLine
from media.record import Beginning, Recorder
from tests.media.classroom import AtOnce, Disk

STRETCH = Stretch("a", "init-0.mp4", "avc1.42c01f", 1_280, 720)


def segment(msn: int) -> Segment:
    made = Segment(msn, STRETCH, 1_000 + msn * 4_000)
    made.add(Piece(b"x" * 500, 4.0, True), 100)
    made.close(4.0)
    return made


class Desk:
    """A recorder and what it said."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Disk(folder / "class-1", folder / "sealed" / "class-1", AtOnce())
        self.alarms: list[OSError] = []
        self.recorder = Recorder(self.shelf, self.alarms.append)

    def kept(self) -> list[tuple[int, bool]]:
        return [(one.msn, one.gap) for one in self.shelf.index().segments]


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.recorder.put(Beginning(STRETCH, b"init", 1_000))
    return made


async def test_a_segment_is_on_disk_as_soon_as_it_is_due(desk: Desk) -> None:
    one = segment(0)
    desk.recorder.put(one)
    assert await desk.recorder.settle()
    assert (desk.shelf.folder / "a" / "0.m4s").read_bytes() == one.body
    assert (desk.shelf.folder / "a" / "init-0.mp4").read_bytes() == b"init"
    assert one.stored
    assert desk.recorder.settled


async def test_a_full_disk_is_told_once_and_what_was_due_is_written_when_there_is_room(desk: Desk) -> None:
    await desk.recorder.settle()
    desk.shelf.room = 50
    segments = [segment(msn) for msn in range(3)]
    for one in segments:
        desk.recorder.put(one)
        assert not await desk.recorder.settle()
    assert [alarm.errno for alarm in desk.alarms] == [errno.ENOSPC]
    assert not any(one.stored for one in segments)
    desk.shelf.room = 1_000_000
    assert await desk.recorder.settle()
    assert desk.kept() == [(0, False), (1, False), (2, False)]
    assert all(one.stored for one in segments)


async def test_what_was_lost_meanwhile_is_a_gap_in_its_place(desk: Desk) -> None:
    desk.shelf.room = 0
    segments = [segment(msn) for msn in range(3)]
    for one in segments:
        desk.recorder.put(one)
    await desk.recorder.settle()
    segments[0].release()
    desk.shelf.room = 1_000_000
    assert await desk.recorder.settle()
    assert desk.kept() == [(0, True), (1, False), (2, False)]


async def test_a_disk_that_fills_twice_is_told_twice(desk: Desk) -> None:
    for msn in range(2):
        desk.shelf.room = 50
        desk.recorder.put(segment(msn))
        await desk.recorder.settle()
        desk.shelf.room = 10_000
        await desk.recorder.settle()
    assert len(desk.alarms) == 2


async def test_the_end_waits_for_everything_before_it(desk: Desk) -> None:
    await desk.recorder.settle()
    desk.shelf.room = 50
    desk.recorder.put(segment(0))
    desk.recorder.put(EndLine(5_000))
    assert not await desk.recorder.settle()
    assert not desk.shelf.index().ended
    desk.shelf.room = 10_000
    assert await desk.recorder.settle()
    assert desk.shelf.index().ended


async def test_what_is_abandoned_is_not_written(desk: Desk) -> None:
    desk.shelf.room = 0
    desk.recorder.put(segment(0))
    await desk.recorder.settle()
    desk.recorder.abandon()
    assert desk.recorder.settled
