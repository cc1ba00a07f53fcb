"""What readers of a live window get, and what they have to wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import pytest

from media.hls.listing import Target
from media.hls.reading import Gone, NotInTime, NotThere, Position, TooFarAhead
from media.hls.segment import Piece, Stretch
from media.hls.window import Window, WindowPolicy

T = TypeVar("T")
AT = 1_764_035_000_000
ONE = Stretch("a", "init-0.mp4", "avc1.42c01f,mp4a.40.2", 1_280, 720)


IMPATIENT = WindowPolicy(first_msn=0, hold_on_air=0.01, hold_in_pause=0.005)


def window(*, whole: int = 0, growing: int = 0, policy: WindowPolicy | None = None) -> Window:
    """A class with `whole` segments of two parts and one with `growing` parts."""
    made = Window(policy or WindowPolicy(first_msn=0), Target(5, 0.5))
    made.begin(ONE, b"init")
    for msn in range(whole):
        part(made, msn)
        part(made, msn)
        made.close(msn, 4.0)
    for _ in range(growing):
        part(made, whole)
    return made


def part(into: Window, msn: int) -> None:
    into.add(msn, AT + msn * 4_000, Piece(f"{msn}".encode(), 0.5, True), 12)


async def waits(reading: Awaitable[T]) -> asyncio.Task[T]:
    """The reading, which must not have come to an end."""

    async def read() -> T:
        return await reading

    task = asyncio.create_task(read())
    await asyncio.sleep(0.01)
    assert not task.done()
    return task


async def test_the_first_list_is_held_until_a_segment_exists() -> None:
    live = window(growing=2)
    reader = await waits(live.playlist(None, skip=False))
    live.close(0, 4.0)
    assert b"a/0.m4s" in (await live.playlist(None, skip=False)).body
    await reader


async def test_a_reader_waits_for_exactly_its_part() -> None:
    live = window(whole=2, growing=1)
    reader = await waits(live.playlist(Position(2, 2), skip=True))
    part(live, 2)
    await asyncio.sleep(0)
    assert not reader.done()
    part(live, 2)
    answer = await live.playlist(Position(2, 2), skip=True)
    assert b"a/2.2.m4s" in answer.body
    assert answer.settled
    assert (await reader).body is answer.body


async def test_all_readers_of_a_part_get_the_same_bytes() -> None:
    live = window(whole=2, growing=1)
    readers = [asyncio.create_task(live.playlist(Position(2, 1), skip=True)) for _ in range(50)]
    await asyncio.sleep(0)
    part(live, 2)
    bodies = {id(answer.body) for answer in await asyncio.gather(*readers)}
    assert len(bodies) == 1


async def test_a_reader_without_a_part_number_waits_for_the_whole_segment() -> None:
    live = window(whole=2, growing=1)
    reader = await waits(live.playlist(Position(2), skip=False))
    part(live, 2)
    live.close(2, 1.0)
    await reader


async def test_a_part_past_the_end_of_a_whole_segment_means_the_next_segment() -> None:
    live = window(whole=2)
    reader = await waits(live.playlist(Position(1, 7), skip=False))
    part(live, 2)
    await reader


async def test_what_is_there_is_given_at_once() -> None:
    live = window(whole=3, growing=2)
    for at in (Position(0), Position(1, 1), Position(2, 9), Position(3, 1)):
        assert (await live.playlist(at, skip=False)).settled
    assert not (await live.playlist(None, skip=False)).settled


@pytest.mark.parametrize("at", [Position(5), Position(5, 0), Position(2, 7), Position(3, 6), Position(4, 6)])
async def test_a_position_too_far_ahead_is_refused(at: Position) -> None:
    with pytest.raises(TooFarAhead):
        await window(whole=2, growing=1).playlist(at, skip=False)


async def test_the_part_hinted_at_is_waited_for() -> None:
    live = window(whole=1, growing=1)
    reader = await waits(live.part("a", 1, 1))
    part(live, 1)
    assert await reader == b"1"


async def test_the_part_hinted_at_after_a_segment_is_the_first_of_the_next() -> None:
    live = window(whole=1)
    assert b'URI="a/1.0.m4s"' in (await live.playlist(None, skip=False)).body
    reader = await waits(live.part("a", 1, 0))
    part(live, 1)
    assert await reader == b"1"


@pytest.mark.parametrize(("run", "msn", "index"), [("a", 1, 2), ("b", 0, 0), ("a", 0, 2), ("a", 2, 0)])
async def test_other_parts_that_are_not_there_are_not_waited_for(run: str, msn: int, index: int) -> None:
    with pytest.raises(NotThere):
        await window(whole=1, growing=1).part(run, msn, index)


async def test_a_hinted_part_that_will_not_come_is_not_there() -> None:
    live = window(whole=1, growing=1)
    reader = await waits(live.part("a", 1, 1))
    live.close(1, 0.5)
    live.stop()
    with pytest.raises(NotThere):
        await reader


async def test_a_whole_segment_is_its_parts_one_after_another() -> None:
    live = window(whole=1)
    assert live.segment("a", 0) == b"00"
    assert live.segment("b", 0) is None
    assert live.init("a", "init-0.mp4") == b"init"


async def test_no_part_is_hinted_at_before_its_discontinuity_is_listed() -> None:
    live = window(whole=2)
    live.stop()
    live.begin(Stretch("b", "init-0.mp4", "avc1.42c01f", 640, 360), b"init")
    assert b"PRELOAD-HINT" not in (await live.playlist(None, skip=False)).body
    part(live, 2)
    assert b'TYPE=PART,URI="b/2.1.m4s"' in (await live.playlist(None, skip=False)).body


async def test_in_a_pause_the_list_is_given_after_one_target_duration() -> None:
    live = window(whole=2, policy=IMPATIENT)
    live.stop()
    answer = await live.playlist(Position(2, 0), skip=False)
    assert not answer.settled
    assert b"PRELOAD-HINT" not in answer.body


async def test_what_does_not_come_in_three_target_durations_is_given_up() -> None:
    live = window(whole=2, policy=IMPATIENT)
    with pytest.raises(NotInTime):
        await live.playlist(Position(2, 0), skip=False)


async def test_a_class_that_never_went_on_air_has_no_list() -> None:
    live = Window(IMPATIENT, Target(5, 0.5))
    with pytest.raises(NotThere):
        await live.playlist(None, skip=False)
    with pytest.raises(NotThere):
        await live.multivariant()
    live.end()
    with pytest.raises(NotThere):
        await live.playlist(None, skip=False)


async def test_the_end_wakes_all_and_ends_the_list() -> None:
    live = window(whole=2)
    reader = await waits(live.playlist(Position(3, 0), skip=False))
    live.end()
    await reader
    assert (await live.playlist(Position(9), skip=False)).body.endswith(b"#EXT-X-ENDLIST\n")


async def test_a_cut_class_gives_nothing_at_all() -> None:
    live = window(whole=2, growing=1)
    reader = await waits(live.playlist(Position(2, 1), skip=False))
    live.cut()
    with pytest.raises(Gone):
        await reader
    with pytest.raises(Gone):
        await live.part("a", 1, 0)
    with pytest.raises(Gone):
        live.segment("a", 0)
    with pytest.raises(Gone):
        live.init("a", "init-0.mp4")
    with pytest.raises(Gone):
        await live.multivariant()


async def test_stored_segments_leave_memory_and_stay_in_the_list() -> None:
    live = window(policy=WindowPolicy(first_msn=0, kept_segments=3))
    for msn in range(10):
        part(live, msn)
        live.close(msn, 4.0).stored = True
    assert [live.segment("a", msn) is not None for msn in range(10)] == [False] * 7 + [True] * 3
    assert (await live.playlist(None, skip=False)).body.count(b"#EXTINF") == 10


async def test_segments_that_cannot_be_stored_are_lost_in_the_end() -> None:
    live = window(policy=WindowPolicy(first_msn=0, kept_segments=3, most_unstored=5), whole=10)
    assert [live.segment("a", msn) is not None for msn in range(10)] == [False] * 5 + [True] * 5
    assert (await live.playlist(None, skip=False)).body.count(b"#EXT-X-GAP") == 5


async def test_the_next_segment_follows_the_last_one_on_disk() -> None:
    before = window(whole=3)
    after = Window(WindowPolicy(), Target(5, 0.5), before.segments)
    assert after.next_msn == 3
    after.begin(Stretch("b", "init-0.mp4", "avc1.42c01f", 640, 360), b"init")
    part(after, 3)
    text = (await after.playlist(None, skip=False)).body
    assert b'a/2.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="b/init-0.mp4"\n' in text


async def test_the_first_segment_is_not_number_0() -> None:
    assert Window(WindowPolicy(), Target(5, 0.5)).next_msn == 1


async def test_a_part_of_a_segment_that_does_not_follow_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not follow"):
        part(window(whole=1), 5)


async def test_the_first_promise_of_a_part_target_holds() -> None:
    live = window(whole=1)
    live.promise(48_150)
    live.promise(90_000)
    part(live, 1)
    assert b"PART-TARGET=0.535\n" in (await live.playlist(None, skip=False)).body
