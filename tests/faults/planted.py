"""Verbs that fill the academy of the faults: sign-ins, a class on air, a topic class around it."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from server.base.work import Work
from server.live import air
from server.live import store as live
from server.live.store import LiveClass
from server.people import sessions
from server.people.sessions import SignIn
from server.people.store import Person
from server.rules.air import Aired
from server.rules.conduct import Mode
from server.rules.live import State
from server.rules.topic_class import Credit, Place
from server.topic_classes import store as topics
from server.topic_classes.store import Member, Module, TopicClass, TopicState
from tests.people import Province
from tests.server.live.classes import ms, planned

AIR_S = 120
"""Air time that media has reported when the learners come."""


async def signed_in(work: Work, person: Person, token: str) -> None:
    """A sign-in with that token, past the slow one."""
    found = SignIn(
        work.id().hex, person.id, "csrf", "test", "127.0.0.1", work.now, work.now, work.now + timedelta(hours=12)
    )
    await sessions.add(work.tx, found, sessions.token_hash(token))


async def on_air(work: Work, unit_path: str) -> LiveClass:
    """A class that has been on air for `AIR_S`, as media says."""
    begins = work.now - timedelta(seconds=AIR_S)
    lesson = await planned(
        work, starts_at=begins, planned_minutes=2, unit_path=unit_path, state=State.ON_AIR, state_since=begins,
        went_on_air_at=begins, heard_at=work.now, mode=Mode.AFTER,
    )  # fmt: skip
    aired = Aired("run-1", ms(begins), ms(work.now), open=False)
    await live.save_record(work.tx, lesson.id, (), (aired,))
    return lesson


async def ended(work: Work, class_id: UUID) -> None:
    """The end of the class."""
    await air.end(work, class_id)


async def topic_class(work: Work, town: Province, lesson: LiveClass, members: list[Person]) -> None:
    """The class is its one module; what was begun before is put there as the rows say, not by verbs."""
    topic = TopicClass(
        work.id(), "专题班", "", members[0].id, town.root.id, town.root.path, False, None, lesson.starts_at,
        work.now + timedelta(days=3), TopicState.PUBLISHED, 1, Credit.ON_COMPLETION, Decimal(1),
    )  # fmt: skip
    await topics.add(work.tx, topic)
    await topics.set_modules(work.tx, topic.id, [Module(lesson.id, topic.id, 0, True)])
    for number, each in enumerate(members, 1):
        await topics.add_members(work.tx, [Member(topic.id, each.id, Place.ENROLLED, number, work.now)])
