"""What a publisher's packets become: nothing broken is handed on, and a key picture is asked for."""

from media.sample import Sample, Track
from media.webrtc.assembler import Packet
from media.webrtc.key_pictures import KeyPictures
from media.webrtc.line import Line
from media.webrtc.receive import PICTURE_PATIENCE_S, Pictures, Sound
from media.webrtc.timeline import Timeline
from tests.media.material import h264

START = b"\x00\x00\x00\x01"
DELTA = START + b"\x41delta"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Studio:
    """Pictures and sound of one publisher, fed packet by packet."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.samples: list[Sample] = []
        self.line, self.keys, timeline = Line(self.clock()), KeyPictures(), Timeline()
        self.pictures = Pictures(self.line, timeline, self.keys, self.samples.append, self.clock)
        self.sound = Sound(self.line, timeline, self.samples.append, self.clock)

    def picture(self, sequence: int, data: bytes) -> None:
        self.clock.now += 0.04
        self.pictures.seen(sequence)
        self.pictures.packet(1, Packet(sequence, sequence * 3_600, True, data))


def key_picture() -> bytes:
    return h264(0.1)[0].data


def test_nothing_is_handed_on_before_the_first_key_picture() -> None:
    studio = Studio()
    studio.picture(1, DELTA)
    assert studio.samples == []
    assert studio.keys.due(studio.clock())
    studio.picture(2, key_picture())
    studio.picture(3, DELTA)
    assert [sample.key for sample in studio.samples] == [True, False]
    assert not studio.keys.due(studio.clock.now + 10)


def test_after_a_loss_the_picture_stands_still_until_the_next_key_picture() -> None:
    studio = Studio()
    studio.picture(1, key_picture())
    for sequence in range(2, 45):
        if sequence not in (5, 30):
            studio.picture(sequence, key_picture() if sequence == 25 else DELTA)
    shown = [sample.pts // 3_600 + 1 for sample in studio.samples]
    assert shown == [1, 2, 3, 4, *range(25, 30)]
    assert studio.keys.due(studio.clock.now)


def test_a_hole_is_asked_for_and_counted_when_it_stays() -> None:
    studio = Studio()
    for sequence in (1, 2, 4):
        asked = studio.pictures.seen(sequence)
    assert asked == [3]
    studio.clock.now += PICTURE_PATIENCE_S
    studio.pictures.seen(5)
    reading = studio.line.read(studio.clock.now + 1)
    assert reading.loss == 0.2


def test_the_size_of_the_picture_is_read_from_its_parameter_sets() -> None:
    studio = Studio()
    studio.picture(1, key_picture())
    reading = studio.line.read(studio.clock.now + 1)
    assert (reading.width, reading.height) == (320, 180)


def test_sound_goes_on_while_the_picture_waits() -> None:
    studio = Studio()
    for sequence in range(10):
        studio.clock.now += 0.02
        studio.sound.packet(2, Packet(sequence, sequence * 960, False, b"opus"))
    assert [sample.track for sample in studio.samples] == [Track.AUDIO] * 10


def test_a_reading_covers_the_time_since_the_last_one() -> None:
    line = Line(0.0)
    line.arrived(125_000, 0.5)
    assert line.read(1.0).kbps == 1_000
    line.arrived(125_000, 2.5)
    assert line.read(3.0).kbps == 500
    assert line.heard_at == 2.5


def test_a_key_picture_is_asked_for_twice_a_second_at_most() -> None:
    keys = KeyPictures()
    assert keys.due(0.0)
    assert not keys.due(0.4)
    assert keys.due(0.5)
    keys.arrived()
    assert not keys.due(5.0)
    keys.want()
    assert keys.due(5.0)
