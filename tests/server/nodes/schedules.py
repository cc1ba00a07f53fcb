"""No instant is credited twice (promise 2): schedules by chance of tabs, devices and two processes on one database.

`python -m tests.server.nodes.schedules [--schedules 2000] [--seed 0]`. Each schedule is one learner of a class on air:
up to four tabs on up to three devices open, take over, beat, lie, lose their line, send again and backwards, move to
the other process or send to both at once; news between the processes is lost for a while, and a process dies. What the
database then holds is credited anew by the rules.
"""

import argparse
import asyncio
import contextlib
import random
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from server.attendance.evidence import evidence_of
from server.attendance.receive import Acknowledged
from server.base.config import Settings
from server.base.db import Database
from server.base.faults import FailpointError
from server.base.work import Actor
from server.migrations.run import migrate
from server.rules.evidence import replay
from server.rules.presence import Presence, Verdict
from server.rules.refusal import Refusal
from server.rules.stretches import total_ms, union
from server.serve import services_of
from tests.clock import TestClock
from tests.load.report import show
from tests.server.attendance.conftest import Classroom, Page
from tests.server.attendance.history import History
from tests.server.nodes.bus import NodeBus, wire
from tests.server.nodes.rooms import two_rooms

STEPS = 40
DEVICES = ("办公电脑", "手机", "家里电脑")


@dataclass
class Schedule(History):
    """One learner at two processes; `classroom` is the one where the next step happens."""

    rooms: tuple[Classroom, Classroom] = field(kw_only=True)

    async def run(self) -> None:
        await self.open()
        for _ in range(STEPS):
            self.classroom = self.chance.choice(self.rooms)
            await self.chance.choice([self.step] * 4 + [self.watch, self.watch, self.race, self.part])()

    async def open(self) -> None:
        if len(self.pages) < 4:
            self.pages.append(await self.classroom.page(self.actor, self.chance.choice(DEVICES)))

    async def send(self, page: Page) -> None:
        page.classroom = self.classroom
        await super().send(page)

    async def watch(self) -> None:
        """A minute in front of every page at once."""
        for _ in range(4):
            self.classroom.clock.pass_(15)
            for page in list(self.pages):
                page.make()
                with contextlib.suppress(Refusal, FailpointError):
                    await self.send(page)

    async def race(self) -> None:
        """The same beats reach both processes at the same moment."""
        if self.pages:
            page = self.chance.choice(self.pages)
            page.make()
            both = [replace(page, classroom=room) for room in self.rooms]
            answers = await asyncio.gather(*(each.send(list(page.kept)) for each in both), return_exceptions=True)
            for answer in answers:
                if isinstance(answer, BaseException) and not isinstance(answer, (Refusal, FailpointError)):
                    raise answer
                if isinstance(answer, Acknowledged):
                    self.told |= {(page.stay, each.seq): each.counted_ms for each in answer.verdicts}
            self.classroom.clock.pass_(15)

    async def part(self) -> None:
        """The processes no longer hear each other, or do again."""
        for room in self.rooms:
            assert isinstance(room.office.bus, NodeBus)
            room.office.bus.cut = self.chance.random() < 0.5


@dataclass(slots=True)
class Found:
    """What schedules brought, in ms.

    `twice` and `more_than_real` count schedules that break the promise, `told_otherwise` the beats for which a page
    was told another time than the rules give for what the database holds.
    """

    schedules: int = 0
    credited_ms: int = 0
    twice: int = 0
    more_than_real: int = 0
    told_otherwise: int = 0


async def examine(rooms: tuple[Classroom, Classroom], seed: int, found: Found) -> None:
    """One schedule and what was credited for it."""
    chance = random.Random(seed)
    here = rooms[0]
    began = here.clock.now()
    learner = here.learner()
    failpoints = here.office.failpoints
    schedule = Schedule(here, learner, chance, failpoints, rooms=rooms)
    await schedule.run()
    failpoints.plan("")
    passed_ms = round((here.clock.now() - began).total_seconds() * 1000)
    verdicts = await credited(here, learner)
    when = [each.when for verdict in verdicts.values() for each in verdict.covered]
    found.schedules += 1
    found.credited_ms += sum(each.length_ms for each in when)
    found.twice += total_ms(union(when)) != sum(each.length_ms for each in when)
    found.told_otherwise += sum(verdicts[beat].counted_ms != told for beat, told in schedule.told.items())
    found.more_than_real += total_ms(union(when)) > passed_ms
    here.clock.pass_(1)


async def credited(room: Classroom, learner: Actor) -> dict[tuple[UUID, int], Verdict]:
    """What the rules say to each beat that the database has of the learner, by stay and number."""
    assert learner.id is not None
    policy = room.office.services.policies.in_force(room.clock.now())
    async with room.office.read() as tx:
        evidence = (await evidence_of(tx, room.class_id, [learner.id]))[learner.id]
    anew = Presence(policy.speed_elective)
    verdicts = [(stay, each) for stay in evidence.stays for each in replay(stay, policy, anew)[1]]
    return {(UUID(stay.stay), each.seq): each for stay, each in verdicts}


async def measure(schedules: int, seed: int) -> Found:
    """So many schedules on one SQLite file."""
    found = Found()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        db = Database(settings.database)
        await migrate(db)
        await db.close()
        async with services_of(settings) as services, two_rooms(settings.database, services, TestClock()) as rooms:
            wire(*rooms)
            for number in range(schedules):
                await examine(rooms, seed + number, found)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.monotonic()
    found = asyncio.run(measure(options.schedules, options.seed))
    figures = {
        "schedules": {"run": float(found.schedules), "s": time.monotonic() - began},
        "credited": {"hours": found.credited_ms / 3_600_000},
        "broken": {"twice": float(found.twice), "more than real time": float(found.more_than_real)},
        "beats": {"told otherwise": float(found.told_otherwise)},
    }
    show(figures, as_json=False)


if __name__ == "__main__":
    main()
