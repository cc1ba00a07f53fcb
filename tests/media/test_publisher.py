"""The life of a publisher by a clock that moves when told: on the line, silent, back, gone."""

from dataclasses import replace
from pathlib import Path

import pytest

from media.classes import Classes, Times
from media.errors import Refused
from media.events import Event
from media.gate import Gate, Leave
from media.orders import AirCut, AirEnd, AirOpen, AirPause, DropPublisher, RevokeSession, Status
from media.prepared import Prepared
from media.publisher import Publisher
from media.sample import AudioCodec
from media.storage import Storage
from media.studio import Studio
from media.webrtc.line import Line
from tests.media.material import h264

CLASS = "class-1"
LEAVE = Leave(CLASS, "browser", "session-1", "grant-1")


class Connection:
    """A connection that brings what the test hands it."""

    def __init__(self, clock: "House") -> None:
        self.line = Line(clock.now)
        self.open, self.asked = True, 0

    @property
    def audio(self) -> AudioCodec | None:
        return None

    def ask_key_picture(self) -> None:
        self.asked += 1

    def tick(self) -> None: ...

    def hang_up(self) -> None:
        self.open = False

    async def close(self) -> None:
        self.open = False


class NoKeys:
    async def encoder_key(self, stream: str, key: str) -> str | None:
        return None


class House:
    """A studio on a folder, with a clock in hand."""

    def __init__(self, folder: Path, max_publishers: int = 8) -> None:
        self.now = 1_000.0
        self.events: list[Event] = []
        times = Times(lambda: 1_764_000_000.0 + self.now, lambda: self.now)
        gate = Gate(b"s" * 32, NoKeys(), times.wall)
        self.classes = Classes(Storage(folder), self.events.append, times)
        self.studio = Studio(self.classes, gate, Prepared(folder, self.classes.news), times, max_publishers)

    def arrive(self, leave: Leave = LEAVE) -> Publisher:
        publisher = self.studio.admit(leave)
        publisher.connection = Connection(self)
        return publisher

    def publish(self, leave: Leave = LEAVE) -> Publisher:
        publisher = self.arrive(leave)
        publisher.connected()
        return publisher

    def send(self, publisher: Publisher, seconds: float, at: float = 0.0) -> None:
        """`seconds` of pictures of 25 a second, whose timestamps begin at `at`."""
        for sample in h264(seconds):
            self.now += 0.04
            shift = round(at * 90_000)
            shifted = replace(sample, pts=sample.pts + shift, dts=sample.dts + shift)
            assert publisher.connection is not None
            publisher.connection.line.arrived(len(sample.data), self.now)
            publisher.take(shifted)
            self.studio.tick()

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.05)):
            self.now += 0.05
            self.studio.tick()

    def news(self) -> list[str]:
        """The names of the events but the periodic ones, each with its reason."""
        told = (e for e in self.events if e.name not in ("line", "still_on_air"))
        return [f"{e.name} {e.data['reason']}" if "reason" in e.data else e.name for e in told]


@pytest.fixture
async def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def air_open(house: House) -> None:
    await house.studio.carry(AirOpen(stream=CLASS, rehearsal=False, low_latency=True))


async def test_a_publisher_is_nobody_before_it_is_connected(house: House) -> None:
    house.arrive()
    assert (house.events, house.studio.present) == ([], [])


async def test_a_class_goes_on_air_with_the_publishers_pictures(house: House) -> None:
    publisher = house.publish()
    await air_open(house)
    house.send(publisher, 2)
    assert house.news() == ["publisher_connected", "on_air"]
    assert isinstance(publisher.connection, Connection)
    assert publisher.connection.asked >= 1


async def test_the_order_may_come_before_the_publisher(house: House) -> None:
    await air_open(house)
    house.send(house.publish(), 1)
    assert house.news() == ["publisher_connected", "on_air"]


async def test_a_silent_line_is_lost_after_three_seconds_and_may_come_back(house: House) -> None:
    publisher = house.publish()
    await air_open(house)
    house.send(publisher, 1)
    house.wait(2.9)
    assert "publisher_lost silent" not in house.news()
    house.wait(0.3)
    assert house.news() == ["publisher_connected", "on_air", "off_air lost", "publisher_lost silent"]
    house.send(publisher, 1, at=10)
    assert house.news()[4:] == ["publisher_connected", "on_air"]
    runs = {event.run for event in house.events if event.name == "on_air"}
    assert len(runs) == 2


async def test_a_new_grant_takes_over_and_the_class_goes_on(house: House) -> None:
    first = house.publish()
    await air_open(house)
    house.send(first, 1)
    second = house.publish(Leave(CLASS, "browser", "session-2", "grant-2"))
    house.send(second, 1)
    assert house.news() == ["publisher_connected", "on_air", "off_air replaced", "publisher_connected", "on_air"]
    assert isinstance(first.connection, Connection)
    assert not first.connection.open
    assert house.studio.present == [second]
    house.send(first, 1)
    assert house.news()[-1] == "on_air"


async def test_who_comes_but_never_connects_takes_nobodys_place(house: House) -> None:
    first = house.publish()
    house.arrive(Leave(CLASS, "browser", "session-2", "grant-2")).end("closed")
    assert house.studio.present == [first]
    assert house.news() == ["publisher_connected"]


async def test_an_encoder_gets_in_when_the_other_line_is_silent(house: House) -> None:
    encoder = Leave(CLASS, "encoder", "key-1", None)
    house.send(house.publish(), 1)
    with pytest.raises(Refused) as caught:
        house.arrive(encoder)
    assert (caught.value.status, caught.value.code) == (409, "media.occupied")
    house.wait(3.2)
    house.publish(encoder)
    assert [p.leave.source for p in house.studio.present] == ["encoder"]


async def test_a_revoked_session_stops_publishing_at_once(house: House) -> None:
    publisher = house.publish()
    await air_open(house)
    house.send(publisher, 1)
    waiting = house.arrive(Leave("class-2", "browser", "session-1", "grant-3"))
    await house.studio.carry(RevokeSession(session="session-1"))
    assert house.news()[-2:] == ["off_air lost", "publisher_lost revoked"]
    assert waiting.gone
    assert house.studio.present == []


async def test_a_dropped_publisher_is_gone_and_the_class_stays_wanted(house: House) -> None:
    await air_open(house)
    house.send(house.publish(), 1)
    await house.studio.carry(DropPublisher(stream=CLASS))
    house.send(house.publish(), 1, at=20)
    assert house.news()[2:] == ["off_air lost", "publisher_lost dropped", "publisher_connected", "on_air"]


async def test_a_pause_keeps_the_publisher_and_opening_goes_on_with_the_same_run(house: House) -> None:
    publisher = house.publish()
    await air_open(house)
    house.send(publisher, 1)
    await house.studio.carry(AirPause(stream=CLASS))
    house.wait(1)
    await air_open(house)
    house.send(publisher, 1, at=3)
    assert house.news() == ["publisher_connected", "on_air", "off_air paused", "on_air"]


async def test_the_end_is_told_once_however_often_it_is_ordered(house: House) -> None:
    publisher = house.publish()
    await air_open(house)
    house.send(publisher, 2)
    for _ in range(2):
        answer = await house.studio.carry(AirEnd(stream=CLASS))
        assert answer["at_ms"] > 0
    assert house.news() == ["publisher_connected", "on_air", "off_air ended", "recorded", "publisher_lost ended"]


async def test_a_class_that_ended_is_let_go_after_a_minute(house: House) -> None:
    await house.studio.carry(AirEnd(stream=CLASS))
    house.wait(59)
    assert house.classes.find(CLASS) is not None
    house.wait(2)
    assert house.classes.find(CLASS) is None


async def test_a_cut_class_takes_no_publisher_any_more(house: House) -> None:
    await air_open(house)
    house.send(house.publish(), 1)
    await house.studio.carry(AirCut(stream=CLASS))
    assert house.news()[-2:] == ["off_air cut", "publisher_lost cut"]
    house.wait(61)
    await house.studio.carry(AirCut(stream=CLASS))
    with pytest.raises(Refused) as caught:
        house.arrive()
    assert (caught.value.status, caught.value.code) == (410, "media.cut")


async def test_a_rehearsal_is_a_stream_of_its_own(house: House) -> None:
    await house.studio.carry(AirOpen(stream=CLASS, rehearsal=True, low_latency=True))
    house.send(house.publish(Leave(f"{CLASS}.rehearsal", "browser", "session-1", "grant-1")), 1)
    assert {event.stream for event in house.events} == {f"{CLASS}.rehearsal"}
    assert house.news() == ["publisher_connected", "on_air"]


async def test_after_a_crash_the_time_of_death_is_told(house: House, tmp_path: Path) -> None:
    publisher = house.publish()
    await air_open(house)
    house.send(publisher, 10)
    await _settled(house)
    again = House(tmp_path)
    again.classes.recover()
    assert again.news() == ["off_air died"]
    died = again.events[0]
    assert house.events[1].at_ms + 5_000 <= died.at_ms <= (1_764_000_000 + house.now) * 1_000
    assert died.run == house.events[0].run
    again.send(again.publish(), 1)
    await air_open(again)
    again.send(again.studio.present[0], 1, at=50)
    assert again.news() == ["off_air died", "publisher_connected", "on_air"]
    assert again.events[-1].at_ms > died.at_ms


async def test_stopping_closes_what_is_open(house: House) -> None:
    publisher = house.publish()
    await air_open(house)
    house.send(publisher, 1)
    await house.studio.close()
    assert house.news()[-2:] == ["off_air died", "publisher_lost stopped"]
    assert isinstance(publisher.connection, Connection)
    assert not publisher.connection.open


async def test_the_status_says_who_publishes_what(house: House) -> None:
    await air_open(house)
    house.send(house.publish(), 6)
    status = await house.studio.carry(Status())
    (publisher,) = status["publishers"]
    assert publisher["stream"] == CLASS
    assert publisher["live"]
    assert publisher["kbps"] > 0
    assert status["streams"] == [{"stream": CLASS, "wanted": True, "on_air": True, "video": None}]


async def _settled(house: House) -> None:
    stream = house.classes.find(CLASS)
    assert stream is not None
    await stream.recorder.settle()
