"""Many at the same moment for what there is once: one gets it, the others are told why not (promise 3).

`python -m tests.faults.races [--at-once 50] [--rounds 200] [--postgres]`. The last place of a topic class, a decision
about a post, a request for its review, the answer to it, an exemption, the credit of an assessment.
"""

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from server.base.config import Settings
from server.base.db import Database
from server.base.office import Office
from server.base.work import SYSTEM, Actor
from server.hours import exempt
from server.hours.credit import credit
from server.hours.store import ledger
from server.migrations.run import migrate
from server.moderation import decide, review, write
from server.moderation.write import Place, Speaker
from server.people.store import Person
from server.rules.conduct import Mode, PostAction
from server.rules.powers import Role
from server.rules.refusal import Refusal
from server.rules.topic_class import Place as Seat
from server.rules.year import Ground
from server.serve import services_of
from tests.clock import TestClock
from tests.load.report import Figures, show
from tests.people import Province, a_province
from tests.postgres import a_cluster
from tests.server.hours.academy import judged, lesson
from tests.server.topic_classes.school import School

GROUNDS = ("abuse", "art-12", "请就事论事")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many got it, and how often each refusal was told."""

    got: int
    refused: Counter[str]


Race = Callable[["Contest", int], Awaitable[Outcome]]


class Contest:
    """An academy and those who want the same at the same moment."""

    def __init__(self, office: Office, town: Province, teacher: Person) -> None:
        self.office, self.town, self.school = office, town, School(office, town, teacher)
        self.learners: list[Person] = []
        self.moderators: list[Actor] = []

    async def people(self, number: int) -> None:
        """So many learners, and as many on duty."""
        for _ in range(number):
            self.learners.append(await self.town.a_learner(joined=timedelta(days=2440)))
            self.moderators.append(await self.town.acting(await self.town.a(Role.MODERATOR, over=self.town.root)))


async def outcome(calls: Sequence[Awaitable[Any]], got: Callable[[Any], bool] = lambda _result: True) -> Outcome:
    """Make all calls at once; anything but a result or a refusal is raised."""
    refused: Counter[str] = Counter()
    number = 0
    for result in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(result, Refusal):
            refused[result.code] += 1
        elif isinstance(result, BaseException):
            raise result
        else:
            number += bool(got(result))
    return Outcome(number, refused)


async def last_place(contest: Contest, at_once: int) -> Outcome:
    topic, _ = await contest.school.opened(capacity=1)
    calls = [contest.school.asks(each, topic) for each in contest.learners[:at_once]]
    return await outcome(calls, lambda place: place is Seat.ENROLLED)


async def decision(contest: Contest, at_once: int) -> Outcome:
    post = await _post(contest, Mode.BEFORE)
    act = (PostAction.APPROVE, None, None, None), (PostAction.REJECT, *GROUNDS)
    calls = [
        contest.office.do(who, decide.decide, post.id, post.version, *act[number % 2])
        for number, who in enumerate(contest.moderators[:at_once])
    ]
    return await outcome(calls)


async def review_asked(contest: Contest, at_once: int) -> Outcome:
    post = await _removed(contest)
    author = await contest.town.acting(contest.learners[0])
    return await outcome([contest.office.do(author, review.ask, post.id, "请再看") for _ in range(at_once)])


async def review_settled(contest: Contest, at_once: int) -> Outcome:
    post = await _removed(contest)
    author = await contest.town.acting(contest.learners[0])
    asked = await contest.office.do(author, review.ask, post.id, "请再看")
    others = [each for each in contest.moderators if each.id != contest.moderators[0].id][:at_once]
    calls = [
        contest.office.do(who, review.settle, asked.id, overturn=number % 2 == 0, reason="复核")
        for number, who in enumerate(others)
    ]
    return await outcome(calls)


async def exemption(contest: Contest, at_once: int) -> Outcome:
    person = await contest.town.a_learner(joined=timedelta(days=2440))
    calls = [
        contest.office.do(who, exempt.give, person.id, 2026, Ground.ILLNESS, f"合组〔2026〕{number}号")
        for number, who in enumerate(contest.moderators[:at_once])
    ]
    return await outcome(calls)


async def credited(contest: Contest, at_once: int) -> Outcome:
    """The same assessment is credited by all at once; what counts are the rows of the ledger."""
    person = await contest.town.a_learner(joined=timedelta(days=2440))
    of = await contest.office.do(SYSTEM, lesson)
    stored = await contest.office.do(SYSTEM, judged, person, of, "2.0")
    told: list[Any] = []

    def is_row(row: Any) -> bool:
        told.append(row)
        return row is not None

    found = await outcome([contest.office.do(SYSTEM, credit, stored) for _ in range(at_once)], is_row)
    async with contest.office.read() as tx:
        rows = await ledger.chain(tx, person.pseudonym)
    return Outcome(max(found.got, len(rows)), found.refused + Counter(nothing=told.count(None)))


RACES: dict[str, Race] = {
    "last place": last_place, "decision": decision, "review asked": review_asked, "review settled": review_settled,
    "exemption": exemption, "credit": credited,
}  # fmt: skip


async def _post(contest: Contest, mode: Mode) -> Any:
    who, room = contest.learners[0], uuid4()
    place = Place("class", room, "乡村治理", mode, f"class:{room}")
    speaker = Speaker(who.id, "learner", who.unit_path, who.authority_path)
    return await contest.office.do(await contest.town.acting(who), write.submit, place, speaker, "大家好", uuid4())


async def _removed(contest: Contest) -> Any:
    post = await _post(contest, Mode.AFTER)
    act = (PostAction.REMOVE, *GROUNDS)
    await contest.office.do(contest.moderators[0], decide.decide, post.id, post.version, *act)
    return post


@contextlib.asynccontextmanager
async def a_contest(office: Office, at_once: int) -> AsyncIterator[Contest]:
    """An academy with enough people."""
    town = await a_province(office)
    contest = Contest(office, town, await town.a(Role.CLASS_TEACHER, over=town.own))
    await contest.people(at_once + 1)
    yield contest


async def measure(url: str, data: Path, at_once: int, rounds: int) -> Figures:
    """Every race so many times: in how many rounds not exactly one got it, and what the others were told."""
    figures: Figures = {}
    db = Database(url)
    await migrate(db)
    async with services_of(Settings(data=data)) as services:
        office = Office(db, services, clock=TestClock())
        async with a_contest(office, at_once) as contest:
            for name, race in RACES.items():
                found = [await race(contest, at_once) for _ in range(rounds)]
                told = sum((each.refused for each in found), Counter[str]())
                wrong = sum(each.got != 1 for each in found)
                refused = {code: float(number) for code, number in told.items()}
                figures[name] = {"rounds": float(rounds), "wrong": float(wrong)} | refused
    await db.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder}/db.sqlite3"
        if options.postgres:
            url = stack.enter_context(a_cluster()).url("races")
        figures = asyncio.run(measure(url, Path(folder), options.at_once, options.rounds))
    show(figures | {"time": {"s": time.monotonic() - began}}, as_json=False)


if __name__ == "__main__":
    main()
