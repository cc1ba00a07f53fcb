"""A class from its first picture to its recording: what is told of it, and what its lists say."""

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import pytest

from media.hls.reading import Gone
from media.hls.window import WindowPolicy
from media.publication import Publication
from media.sample import AudioCodec, Sample
from media.storage import Sealed
from media.stream import HlsPolicy
from tests.media.classroom import BEGINNING, Classroom
from tests.media.material import h264, interleaved, opus

START = round(BEGINNING * 1_000)


@pytest.fixture
def classroom(tmp_path: Path) -> Classroom:
    return Classroom(tmp_path)


def broadcast(classroom: Classroom, seconds: float = 9.0, *, sound: bool = False) -> Publication:
    """A class on air."""
    publication = classroom.publish(audio=AudioCodec.OPUS if sound else None)
    classroom.stream.open()
    tracks = (h264(seconds), opus(seconds)) if sound else (h264(seconds),)
    classroom.feed(publication, interleaved(*tracks))
    return publication


def later(samples: tuple[Sample, ...], seconds: float) -> tuple[Sample, ...]:
    return tuple(
        replace(s, pts=s.pts + round(seconds * s.track.timescale), dts=s.dts + round(seconds * s.track.timescale))
        for s in samples
    )


def packets(classroom: Classroom) -> dict[str, list[int]]:
    """Presentation times of all that has been packaged, as a demuxer reads them."""
    window = classroom.stream.window
    bodies = [window.segment("run-1", segment.msn) or b"" for segment in window.segments]
    with av.open(io.BytesIO((window.init("run-1", "init-0.mp4") or b"") + b"".join(bodies)), "r") as container:
        times: dict[str, list[int]] = {stream.type: [] for stream in container.streams}
        for packet in container.demux():
            if packet.pts is not None:
                times[packet.stream.type].append(packet.pts)
        return times


async def test_nothing_is_shown_before_the_class_is_opened(classroom: Classroom) -> None:
    publication = classroom.publish()
    classroom.feed(publication, h264(3.0))
    assert classroom.news == []
    assert not classroom.stream.on_air


async def test_the_class_is_on_air_with_the_next_key_picture_which_is_asked_for(classroom: Classroom) -> None:
    publication = classroom.publish()
    classroom.feed(publication, h264(1.0))
    classroom.stream.open()
    assert classroom.asked == 1
    classroom.feed(publication, h264(3.0)[25:])
    assert classroom.news == [("on_air", "run-1", START + 2_000, {})]


async def test_the_class_tells_every_five_seconds_how_far_it_has_come(classroom: Classroom) -> None:
    broadcast(classroom, 16.0)
    told = [at_ms - START for name, _, at_ms, _ in classroom.news if name == "still_on_air"]
    assert len(told) == 3
    assert all(abs(at - 5_000 * (n + 1)) <= 600 for n, at in enumerate(told))


async def test_a_pause_and_a_going_on_are_two_stretches(classroom: Classroom) -> None:
    publication = broadcast(classroom, 6.0)
    classroom.stream.pause()
    classroom.clock.passed += 600
    classroom.stream.open()
    classroom.feed(publication, later(h264(6.0), 600.0))
    told = [(name, at_ms - START) for name, _, at_ms, _ in classroom.news if name != "still_on_air"]
    assert [name for name, _ in told] == ["on_air", "off_air", "on_air"]
    assert told[1] == ("off_air", 6_000)
    assert told[2] == ("on_air", 606_000)
    assert [data for name, _, _, data in classroom.news if name == "off_air"] == [{"reason": "paused"}]
    text = (await classroom.stream.window.playlist(None, skip=False)).body
    assert text.count(b"#EXT-X-DISCONTINUITY") == 1
    assert b'#EXT-X-MAP:URI="run-1/init-1.mp4"' in text


async def test_a_lost_publisher_is_off_air_and_another_goes_on_by_itself(classroom: Classroom) -> None:
    publication = broadcast(classroom, 5.0)
    publication.close()
    publication.close()
    classroom.clock.passed += 20
    classroom.feed(classroom.publish("run-2"), h264(5.0))
    told = [(name, run) for name, run, _, _ in classroom.news if name != "still_on_air"]
    assert told == [("on_air", "run-1"), ("off_air", "run-1"), ("on_air", "run-2")]


async def test_a_second_publisher_takes_the_place_of_the_first(classroom: Classroom) -> None:
    first = broadcast(classroom, 5.0)
    second = classroom.publish("run-2")
    classroom.feed(second, h264(1.0))
    classroom.feed(first, later(h264(1.0), 5.0))
    assert [(name, run) for name, run, _, _ in classroom.news if name != "still_on_air"] == [
        ("on_air", "run-1"),
        ("off_air", "run-1"),
        ("on_air", "run-2"),
    ]
    assert [data for name, _, _, data in classroom.news if name == "off_air"] == [{"reason": "replaced"}]


async def test_a_publisher_that_falls_silent_is_lost(classroom: Classroom) -> None:
    broadcast(classroom, 5.0)
    for _ in range(300):
        classroom.wait(0.05)
    assert classroom.news[-1][0] == "off_air"
    assert classroom.news[-1][3] == {"reason": "lost"}
    assert not classroom.stream.on_air


async def test_another_picture_size_is_another_stretch_without_leaving_the_air(classroom: Classroom) -> None:
    publication = broadcast(classroom, 5.0)
    classroom.feed(publication, later(h264(5.0, width=640, height=360), 5.0))
    assert [name for name in classroom.names() if name != "still_on_air"] == ["on_air"]
    segments = classroom.stream.window.segments
    assert [(s.stretch.width, s.discontinuity) for s in segments] == [
        (320, False),
        (320, False),
        (640, True),
        (640, False),
    ]


async def test_a_leap_of_the_publishers_clock_is_another_stretch(classroom: Classroom) -> None:
    publication = broadcast(classroom, 5.0)
    classroom.feed(publication, later(h264(1.0), 3_600.0))
    assert [name for name in classroom.names() if name != "still_on_air"] == ["on_air"]
    assert [s.discontinuity for s in classroom.stream.window.segments] == [False, False, True]


async def test_a_leap_without_a_key_picture_waits_for_one(classroom: Classroom) -> None:
    publication = broadcast(classroom, 5.0)
    classroom.feed(publication, later(h264(4.0), 3_600.0)[1:60])
    told = [(name, data.get("reason")) for name, _, _, data in classroom.news if name != "still_on_air"]
    assert told == [("on_air", None), ("off_air", "lost"), ("on_air", None)]


async def test_programme_time_rises_whatever_the_wall_clock_does(classroom: Classroom) -> None:
    publication = broadcast(classroom, 9.0)
    classroom.clock.skew = -3_600
    classroom.feed(publication, later(h264(9.0), 9.0))
    publication.close()
    classroom.feed(classroom.publish("run-2"), h264(9.0))
    times = [segment.at_ms for segment in classroom.stream.window.segments]
    assert all(before < after for before, after in pairwise(times))
    ends = [segment.end_ms for segment in classroom.stream.window.segments]
    assert all(end <= after for end, after in zip(ends, times[1:], strict=False))
    assert times[-1] < START + 30_000


async def test_sound_that_stops_is_filled_with_silence(classroom: Classroom) -> None:
    publication = classroom.publish(audio=AudioCodec.OPUS)
    classroom.stream.open()
    heard = [packet for packet in opus(8.0) if packet.pts < 48_000 or packet.pts > 7 * 48_000]
    classroom.feed(publication, interleaved(h264(8.0), tuple(heard)))
    publication.close()
    sound = packets(classroom)["audio"]
    assert all(after - before == 1_024 for before, after in pairwise(sound))
    assert sound[0] < 1_024
    assert sound[-1] > 7.8 * 48_000


async def test_a_publisher_who_never_makes_a_sound_is_silent(classroom: Classroom) -> None:
    publication = classroom.publish(audio=AudioCodec.OPUS)
    classroom.stream.open()
    classroom.feed(publication, h264(6.0))
    publication.close()
    sound = packets(classroom)["audio"]
    assert all(after - before == 1_024 for before, after in pairwise(sound))
    assert sound[-1] > 5.2 * 48_000


async def test_when_the_class_ends_its_recording_is_there_and_is_told(classroom: Classroom) -> None:
    broadcast(classroom, 9.0, sound=True)
    await classroom.stream.end()
    assert classroom.names()[-2:] == ["off_air", "recorded"]
    assert classroom.news[-1][2:] == (START + 9_000, {"duration_ms": 9_000, "segments": 3, "gap_ms": 0})
    index = classroom.storage.index("class-1")
    assert index is not None
    assert index.ended
    await classroom.stream.end()
    assert classroom.names().count("recorded") == 1
    classroom.stream.open()
    assert not classroom.stream.wanted


async def test_a_class_that_never_went_on_air_has_no_recording(classroom: Classroom) -> None:
    await classroom.stream.end()
    assert classroom.news == []


async def test_nothing_is_kept_of_a_rehearsal(tmp_path: Path) -> None:
    rehearsal = Classroom(tmp_path, name="class-1.rehearsal")
    broadcast(rehearsal, 5.0)
    await rehearsal.stream.end()
    assert "recorded" not in rehearsal.names()
    assert not (tmp_path / "class-1.rehearsal").exists()


async def test_a_cut_class_is_sealed_and_shows_nothing(classroom: Classroom) -> None:
    publication = broadcast(classroom, 5.0)
    await classroom.stream.cut()
    await classroom.stream.cut()
    classroom.feed(publication, later(h264(1.0), 5.0))
    assert classroom.news[-1][0] == "off_air"
    assert classroom.news[-1][3] == {"reason": "cut"}
    with pytest.raises(Gone):
        await classroom.stream.window.playlist(None, skip=False)
    with pytest.raises(Sealed):
        classroom.storage.shelf("class-1")
    kept = (classroom.folder / "sealed" / "class-1" / "run-1").iterdir()
    assert sorted(path.name for path in kept) == ["1.m4s", "2.m4s", "init-0.mp4"]


async def test_after_a_kill_the_class_goes_on_with_new_numbers_and_a_discontinuity(classroom: Classroom) -> None:
    broadcast(classroom, 9.0)
    await classroom.stream.recorder.settle()
    (died,) = list(classroom.storage.died())
    assert (died.run, died.at_ms) == ("run-1", START + 8_000)
    classroom.stream = classroom.another()
    classroom.clock.passed += 3
    classroom.stream.open()
    classroom.feed(classroom.publish("run-2"), h264(5.0))
    segments = classroom.stream.window.segments
    assert [(s.msn, s.stretch.run, s.gap, s.discontinuity) for s in segments] == [
        (1, "run-1", False, False),
        (2, "run-1", False, False),
        (3, "run-1", True, False),
        (4, "run-2", False, True),
        (5, "run-2", False, False),
    ]
    await classroom.stream.end()
    assert classroom.news[-1][3]["gap_ms"] == 1_000


async def test_a_graceful_stop_keeps_what_is_open(classroom: Classroom) -> None:
    broadcast(classroom, 9.0)
    await classroom.stream.close()
    assert classroom.news[-1][0] == "off_air"
    assert classroom.news[-1][3] == {"reason": "died"}
    assert list(classroom.storage.died()) == []
    index = classroom.storage.index("class-1")
    assert index is not None
    assert index.end_ms == START + 9_000


async def test_a_full_disk_does_not_stop_the_class(tmp_path: Path) -> None:
    classroom = Classroom(tmp_path, policy=HlsPolicy(window=WindowPolicy(kept_segments=2, most_unstored=3)))
    publication = classroom.publish()
    classroom.stream.open()
    classroom.disk.room = 5_000
    for n in range(8):
        classroom.feed(publication, later(h264(4.0), 4.0 * n))
        await classroom.stream.recorder.settle()
    assert classroom.names().count("disk_full") == 1
    assert classroom.stream.on_air
    text = (await classroom.stream.window.playlist(None, skip=False)).body
    assert text.count(b"#EXT-X-GAP") == 4
    classroom.disk.room = 1_000_000
    await classroom.stream.end()
    assert classroom.news[-1][0] == "recorded"
    assert classroom.news[-1][3] == {"duration_ms": 32_000, "segments": 8, "gap_ms": 20_000}


async def test_the_recording_of_a_full_disk_is_told_when_there_is_room_again(classroom: Classroom) -> None:
    broadcast(classroom, 5.0)
    await classroom.stream.recorder.settle()
    classroom.disk.room = 0
    await classroom.stream.end()
    assert classroom.names()[-1] == "disk_full"
    classroom.disk.room = 1_000_000
    classroom.wait(2.0)
    await classroom.stream.recorder.settle()
    classroom.wait(0.1)
    assert classroom.names()[-1] == "recorded"
