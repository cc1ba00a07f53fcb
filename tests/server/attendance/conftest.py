"""A class on air, its learners and their browsers, all on one clock that moves when told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from server.attendance import store
from server.attendance.close import air_changed, assess_due, class_ended, find_due
from server.attendance.open import Opened, open_stay
from server.attendance.receipts import ms
from server.attendance.receive import Acknowledged, Receiver
from server.attendance.store import Stay, StoredAssessment
from server.attendance.take import take
from server.base.ids import new_id
from server.base.office import Office
from server.base.outbox import Event, Reactions
from server.base.work import SYSTEM, Actor, Work
from server.live import store as live
from server.live.store import LiveClass
from server.rules.air import Aired
from server.rules.conduct import Mode
from server.rules.live import State
from server.rules.presence import Beat
from server.rules.words import Family
from tests.clock import TestClock

INTERVAL_S = 15
ENDED = Event("class.ended", "")


@dataclass
class Page:
    """A browser page that plays a class at its live edge, or behind it."""

    classroom: "Classroom"
    actor: Actor
    stay: UUID
    behind_s: float = 0
    visible: bool = True
    playing: bool = True
    kept: list[Beat] = field(default_factory=list)
    line: bool = True
    seq: int = 0
    beat_at: datetime | None = None

    async def watch(self, seconds: float, *, every: float = INTERVAL_S) -> Acknowledged | None:
        """Let time pass with a beat every interval and one at the end; the last acknowledgement."""
        answer = await self.beat() if self.seq == 0 else None
        while seconds > 0:
            step = min(seconds, every)
            self.classroom.clock.pass_(step)
            seconds -= step
            answer = await self.beat()
        return answer

    async def beat(self, *, ended: bool = False) -> Acknowledged | None:
        self.make(ended=ended)
        return await self.send() if self.line else None

    def make(self, *, ended: bool = False) -> Beat:
        now = self.classroom.clock.now()
        self.seq += 1
        since = ms(now) - ms(self.beat_at) if self.beat_at else 0
        position = ms(now) - int(self.behind_s * 1000)
        beat = Beat(self.seq, position, 1.0, since, self.playing, self.visible, ended, received_ms=0)
        self.kept.append(beat)
        self.beat_at = now
        return beat

    async def send(self, beats: list[Beat] | None = None) -> Acknowledged:
        """Send what is kept, or the given beats once more."""
        receiver = self.classroom.receiver
        stamp = receiver.receipts.stamp()
        batch = [replace(beat, received_ms=stamp) for beat in (self.kept if beats is None else beats)]
        assert self.actor.id is not None
        answer = await receiver.receive(self.actor.id, self.stay, batch, f"socket {self.stay}")
        if beats is None:
            self.kept = []
        return answer


@dataclass
class Classroom:
    """An office with one class."""

    office: Office
    clock: TestClock
    receiver: Receiver
    class_id: UUID
    told: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    def learner(self) -> Actor:
        return Actor(new_id(self.clock.now()))

    async def open(self, actor: Actor, device: str = "电脑", *, session: str = "s1", gone: bool = False) -> Opened:
        stamp = self.receiver.receipts.stamp()

        def is_gone(_stay: Stay) -> bool:
            return gone

        return await self.office.do(actor, open_stay, self.class_id, device, session, stamp, is_gone)

    async def page(self, actor: Actor, device: str = "电脑", *, behind_s: float = 0) -> Page:
        return Page(self, actor, (await self.open(actor, device)).stay.id, behind_s)

    async def take(self, page: Page) -> Page:
        stay = await self.office.do(page.actor, take, page.stay, self.receiver.receipts.stamp())
        return page if stay.id == page.stay else Page(self, page.actor, stay.id, page.behind_s)

    async def put(self, state: State, **values: object) -> None:
        """Put the class into a state."""

        async def verb(work: Work) -> None:
            lesson = await live.by_id(work.tx, self.class_id)
            assert lesson is not None
            await live.change(work.tx, lesson, state=state.value, state_since=work.now, **values)

        await self.office.do(SYSTEM, verb)

    async def air(self, *stretches: tuple[datetime, datetime]) -> None:
        """Set what was on air."""

        async def verb(work: Work) -> None:
            record = tuple(Aired(f"run {n}", ms(a), ms(b), open=False) for n, (a, b) in enumerate(stretches))
            await live.save_record(work.tx, self.class_id, await live.record_of(work.tx, self.class_id), record)

        await self.office.do(SYSTEM, verb)

    async def end(self, *, began: datetime) -> None:
        """End the class now, on air since `began`."""
        await self.air((began, self.clock.now()))
        await self.put(State.ENDED, ended_at=self.clock.now())
        await self.office.do(SYSTEM, class_ended, replace(ENDED, data={"class": str(self.class_id)}))

    async def close(self) -> None:
        """Let the late window pass and everything that is due happen."""
        self.clock.pass_(151)
        await self.settle()

    async def settle(self) -> None:
        await self.office.do(SYSTEM, find_due)
        await self.office.outbox.drain()

    async def assessment(self, actor: Actor) -> StoredAssessment | None:
        assert actor.id is not None
        async with self.office.read() as tx:
            return await store.assessment(tx, actor.id, self.class_id)

    async def assessed(self, actor: Actor) -> StoredAssessment:
        found = await self.assessment(actor)
        assert found is not None
        return found

    def heard(self, type: str) -> list[dict[str, object]]:
        """What was told to browsers under that type."""
        return [data for _, told, data in self.told if told == type]


REACTIONS: Reactions = {
    "class.ended": [class_ended],
    "class.air_changed": [air_changed],
    "attendance.due": [assess_due],
}


@pytest.fixture
async def empty_classroom(office: Office, clock: TestClock) -> Classroom:
    """A class of 20 minutes that is planned for now and has not begun."""
    office.outbox._reactions = REACTIONS
    room = Classroom(office, clock, Receiver(office, group_s=0), new_id(clock.now()))
    office.bus.listen("", lambda message: room.told.append((message.topic, message.type, message.data)))

    async def verb(work: Work) -> None:
        await live.add(work.tx, planned(room.class_id, clock.now()))

    await office.do(SYSTEM, verb)
    return room


@pytest.fixture
async def classroom(empty_classroom: Classroom) -> Classroom:
    """The same class, just gone on air."""
    await empty_classroom.put(State.ON_AIR, went_on_air_at=empty_classroom.clock.now())
    return empty_classroom


@pytest.fixture
def again(classroom: Classroom) -> Callable[[], Receiver]:
    """The process dies and another takes its place: nothing is remembered but what is in the database."""

    def start() -> Receiver:
        classroom.receiver = Receiver(classroom.office, group_s=0)
        return classroom.receiver

    return start


def planned(class_id: UUID, at: datetime) -> LiveClass:
    return LiveClass(
        id=class_id,
        title="数字政府",
        family=Family.CAPABILITY,
        topic=None,
        starts_at=at + timedelta(0),
        planned_minutes=20,
        unit_path="1/",
        audience_unit=None,
        audience_path="",
        speaking=True,
        mode=Mode.AFTER,
        slow_s=0,
        frozen=False,
        min_kbps=None,
        state=State.WAITING,
        state_since=at,
        version=1,
        went_on_air_at=None,
        heard_at=None,
        ended_at=None,
        interrupted_since=None,
        resumes_at=None,
        recording="none",
        planned_by=None,
        planned_at=at,
        lecturers=(),
        assistants=(),
    )
