"""What chance does to one learner: several devices, a bad line, a cheat's browser and a dying server."""

import contextlib
import random
from dataclasses import dataclass, field, replace
from uuid import UUID

from server.attendance.receive import Receiver
from server.attendance.running import tick
from server.base.faults import FailpointError, Failpoints
from server.base.work import Actor
from server.rules.refusal import Refusal
from tests.server.attendance.conftest import Classroom, Page

POINTS = ("beats.after_insert", "beats.before_commit", "take.before_commit", "stay.before_commit")


@dataclass
class History:
    """What one learner did, and what the server said it had written down."""

    classroom: Classroom
    actor: Actor
    chance: random.Random
    failpoints: Failpoints
    pages: list[Page] = field(default_factory=list)
    acknowledged: dict[UUID, set[int]] = field(default_factory=dict)
    told: dict[tuple[UUID, int], int] = field(default_factory=dict)
    """How much (ms) the server said to have counted for each beat."""

    async def step(self) -> None:
        acts = [self.open, self.take, self.beat, self.beat, self.beat, self.beat, self.lie, self.lose, self.again]
        acts += [self.wait, self.hide, self.die, self.injure]
        with contextlib.suppress(Refusal, FailpointError):
            await self.chance.choice(acts)()
        self.classroom.clock.pass_(self.chance.choice([0, 1, 5, 15, 15, 15, 30]))

    async def open(self) -> None:
        if len(self.pages) < 4:
            self.pages.append(await self.classroom.page(self.actor, f"设备{len(self.pages)}"))

    async def take(self) -> None:
        if self.pages:
            self.pages.append(await self.classroom.take(self.chance.choice(self.pages)))
            self.pages = self.pages[-4:]

    async def beat(self) -> None:
        if self.pages:
            page = self.chance.choice(self.pages)
            page.make()
            await self.send(page)

    async def lie(self) -> None:
        """Beats with positions and times that nobody lived through."""
        if self.pages:
            page = self.chance.choice(self.pages)
            for _ in range(self.chance.randint(1, 6)):
                beat = page.make()
                ahead = self.chance.randint(-600_000, 1_200_000)
                since = self.chance.randint(0, 120_000)
                page.kept[-1] = replace(beat, position_ms=beat.position_ms + ahead, since_previous_ms=since, rate=4.0)
            await self.send(page)

    async def lose(self) -> None:
        """The line is gone for a while; beats are kept."""
        if self.pages:
            page = self.chance.choice(self.pages)
            for _ in range(self.chance.randint(1, 8)):
                self.classroom.clock.pass_(15)
                page.make()

    async def again(self) -> None:
        """Everything kept goes out twice, backwards the second time."""
        if self.pages:
            page = self.chance.choice(self.pages)
            kept = list(page.kept)
            if kept:
                await self.send(page)
                await page.send(kept[::-1])

    async def hide(self) -> None:
        if self.pages:
            page = self.chance.choice(self.pages)
            page.visible = not page.visible

    async def wait(self) -> None:
        await tick(self.classroom.receiver)

    async def die(self) -> None:
        """Another process takes over with nothing in memory."""
        self.classroom.receiver = Receiver(self.classroom.office, group_s=0)

    async def injure(self) -> None:
        self.failpoints.plan(f"{self.chance.choice(POINTS)}=raise@{self.chance.randint(1, 3)}")

    async def send(self, page: Page) -> None:
        sent = list(page.kept)
        answer = await page.send()
        written = {beat.seq for beat in sent if beat.seq <= answer.acked_seq}
        self.acknowledged.setdefault(page.stay, set()).update(written)
        self.told |= {(page.stay, each.seq): each.counted_ms for each in answer.verdicts}
