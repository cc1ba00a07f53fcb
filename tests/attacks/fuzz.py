"""No input makes an answer 5xx (promise 12): tens of thousands of requests put together by chance.

`python -m tests.attacks.fuzz [--requests 20000] [--seed 12] [--postgres]`. The corpus of reliability §4 and bodies with
one value made bad, sent as administrator, learner and visitor to every route of an academy with one of everything,
several at the same moment; one in twenty is broken off. Printed: the answers by their hundred, our own faults, and what
stayed behind of open files, processes and tasks.
"""

import argparse
import asyncio
import contextlib
import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from server.app import NOUNS
from server.attendance.running import attach
from server.base.config import Settings
from server.base.db import Database
from server.base.observe import configure_logs
from server.base.office import Office
from server.migrations.run import migrate
from server.people.store import Person
from server.reactions import REACTIONS
from server.rules.powers import Role
from server.serve import services_of
from tests.attacks.corpus import endless
from tests.attacks.shooting import faults, is_fault, routes, shoot
from tests.load.report import Figures, show
from tests.postgres import a_cluster
from tests.server.live.media import fake_media
from tests.server.powers.world import World, a_world
from tests.visits import Browser, House, a_house

AT_ONCE = 8
BROKEN_OFF, BREAK_S = 0.05, 0.003
HUNG_S = 30.0
"""After so long an answer does not come any more."""
SETTLE_S = 3.0
SECRET = bytes(range(32))


@dataclass(slots=True)
class Attack:
    """Who shoots, and what came back."""

    house: House
    world: World
    chance: random.Random
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    async def run(self, requests: int) -> None:
        """So many shots, several at a time."""
        ids = self.world.ids()
        shots = endless(routes(), ids, self.chance)
        left = iter(range(requests))

        async def shooter(person: Person | None) -> None:
            browser = await self._browser(person)
            for _ in left:
                shot = next(shots)
                broken_off = self.chance.random() < BROKEN_OFF
                try:
                    async with asyncio.timeout(BREAK_S if broken_off else HUNG_S):
                        status, raw = await shoot(browser, shot)
                except TimeoutError:
                    self.answers["broken off" if broken_off else "hung"] += 1
                    if not broken_off:
                        self.wrong.append(f"{shot.what} {shot.method} {shot.path[:120]} hung")
                    continue
                self.answers[f"{status // 100}xx"] += 1
                if is_fault(status, raw):
                    self.wrong.append(f"{shot.what} {shot.method} {shot.path[:120]} {status} {raw[:120]!r}")
                if status == 401 and person is not None:
                    browser = await self._browser(person)

        who = [self.world.askers[Role.ACADEMY_ADMIN]] * 4 + [self.world.askers[Role.LEARNER]] * 3 + [None]
        await asyncio.gather(*(shooter(each) for each in who[:AT_ONCE]))

    async def _browser(self, person: Person | None) -> Browser:
        if person is None:
            return self.house.browser()
        browser = self.house.browser()
        await browser.sign_in(person.staff_number)
        return browser


def held() -> dict[str, int]:
    """Open files, child processes and tasks of this process."""
    threads = os.listdir("/proc/self/task")
    children = [Path(f"/proc/self/task/{each}/children").read_text().split() for each in threads]
    files = len(os.listdir("/proc/self/fd"))
    return {"files": files, "processes": sum(map(len, children)), "tasks": len(asyncio.all_tasks())}


async def measure(url: str, data: Path, requests: int, seed: int) -> tuple[Figures, list[str]]:
    """The figures, and the answers that were our own fault."""
    configure_logs("CRITICAL")
    db = Database(url)
    await migrate(db)
    async with fake_media(SECRET) as media, services_of(_settings(data, media.url)) as services:
        office = Office(db, services, reactions=REACTIONS)
        async with a_house(office, NOUNS, attach) as house:
            attack, ours = Attack(house, await a_world(office), random.Random(seed)), faults()
            await attack.run(requests // 10)
            await _rest(house)
            before = held()
            await attack.run(requests - requests // 10)
            await _rest(house)
            after = held()
            ours = faults() - ours
    await db.close()
    stayed = {name: float(after[name] - before[name]) for name in before}
    answers = {name: float(number) for name, number in sorted(attack.answers.items())}
    ours_all = {"answers": float(len(attack.wrong)), "logged": ours}
    return {"answers": answers, "our own faults": ours_all, "stayed behind": stayed}, attack.wrong


def _settings(data: Path, media_url: str) -> Settings:
    return Settings(data=data, web=data / "no-web", media_secret=SECRET.hex(), MEDIA_URL=media_url)


async def _rest(house: House) -> None:
    """Close the browsers and let everything come to its end."""
    for client in house.clients:
        await client.session.close()
    await house.office.outbox.drain()
    await asyncio.sleep(SETTLE_S)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder}/db.sqlite3"
        if options.postgres:
            url = stack.enter_context(a_cluster()).url("fuzz")
        figures, wrong = asyncio.run(measure(url, Path(folder), options.requests, options.seed))
    show(figures | {"time": {"s": time.monotonic() - began}}, as_json=False)
    if wrong or figures["our own faults"]["logged"]:
        raise SystemExit("\n".join(wrong[:50]) or "faults were logged")


if __name__ == "__main__":
    main()
