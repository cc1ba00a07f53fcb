"""A small academy in which everything exists once in each place: own, sibling, parent and other unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from server.base.office import Office
from server.base.work import SYSTEM, Actor, Work
from server.forum import boards
from server.forum import write as forum
from server.hours import questions
from server.hours.store import proposals
from server.hours.store.proposals import Proposal, ProposalKind, ProposalState
from server.live.store import LiveClass
from server.moderation import store as posts
from server.moderation.tables import sanctions
from server.people.store import Person
from server.people.units import Unit
from server.rules.conduct import Mode, PostState
from server.rules.powers import Role, Target, TargetKind
from server.rules.words import ActivityKind, Nature
from server.topic_classes import names
from server.topic_classes import store as topics
from server.topic_classes.store import TopicClass, TopicState
from server.topic_classes.targets import target_of
from tests.people import Province, a_province
from tests.server.live.classes import on_air
from tests.server.powers import affairs

ANYWHERE = {Role.LECTURER, Role.ACADEMY_ADMIN, Role.DEPARTMENT, Role.AUDITOR}
"""Roles held over all; the others are held over the own unit."""


@dataclass(frozen=True, slots=True)
class Things:
    """What there is of one place: ids by the name of their path parameter, and what powers depend on."""

    ids: Mapping[str, str]
    targets: Mapping[str, Target]


@dataclass(frozen=True, slots=True)
class World:
    """Who asks (by role; `visitor` has no entry), what is asked about (by place), and what everybody may read."""

    town: Province
    askers: Mapping[Role, Person]
    places: Mapping[str, Things]
    shared: Mapping[str, str]

    def ids(self, place: str = "own") -> dict[str, str]:
        """One of everything, by the name of its path parameter, as far as possible of this place."""
        return {**self.places[place].ids, **self.shared}

    async def acting(self, role: Role) -> Actor:
        return await self.town.acting(self.askers[role])


async def a_world(office: Office) -> World:
    """Build it."""
    town = await a_province(office)
    askers = {Role.LEARNER: await town.a_learner("学员")}
    for role in set(Role) - {Role.LEARNER}:
        over = None if role in ANYWHERE else town.own
        askers[role] = await town.a(role, over=over, at=town.own)
    strangers = [await town.a(Role.MODERATOR, at=town.root) for _ in range(2)]
    places = {
        "own": (town.own, town.own),
        "sibling": (town.sibling, town.sibling),
        "parent": (town.parent, town.parent),
        "other": (town.other, town.other),
        "own, managed above": (town.own, town.parent),
    }
    made = {}
    for name, (unit, authority) in places.items():
        staff = (askers[Role.LECTURER], askers[Role.ASSISTANT]) if name == "own" else (strangers[0], strangers[1])
        made[name] = await _things(town, unit, authority, staff, strangers[0])
    await town.office.do(SYSTEM, names.give, Role.CLASS_TEACHER, [askers[Role.CLASS_TEACHER].id], [own_topic(made)])
    return World(town, askers, made, await _shared(town))


def own_topic(places: Mapping[str, Things]) -> UUID:
    """The topic class that the class teacher holds."""
    return UUID(places["own"].ids["topic_class_id"])


async def _shared(town: Province) -> dict[str, str]:
    """A board and, in a post there, a picture."""
    board = await town.office.do(SYSTEM, boards.open_board, "通知", "", Mode.AFTER, 0)
    author = await town.acting(await town.a_learner())
    picture = await town.office.do(author, affairs.shown, town.office.services.files, board.id)
    return {"board_id": str(board.id), "picture_id": str(picture)}


async def _things(town: Province, unit: Unit, authority: Unit, staff: tuple[Person, Person], judge: Person) -> Things:
    office = town.office
    person = await town.a_learner(at=unit, managed_by=authority)
    role = await town.gives(person, Role.MODERATOR, over=unit)
    lesson = await office.do(
        SYSTEM, on_air, unit_path=unit.path, audience_unit=unit.id, audience_path=unit.path,
        lecturers=(staff[0].id,), assistants=(staff[1].id,),
    )  # fmt: skip
    held, removed = [await office.do(SYSTEM, _post, person, lesson, state) for state in ("held", "removed")]
    decision, review = await office.do(SYSTEM, _judged, removed, judge)
    sanction = await office.do(SYSTEM, _sanction, person, judge)
    question = await office.do(await town.acting(person), questions.ask, person.id, class_id=None, entry=None, text="?")
    proposal = await office.do(SYSTEM, _proposal, person, lesson)
    mine = await office.do(SYSTEM, affairs.studied, person, lesson)
    exemption = await office.do(SYSTEM, affairs.exempted, person)
    picture = await office.do(await town.acting(person), affairs.drawn, office.services.files)
    thread = await office.do(await town.acting(person), _hidden_thread)
    topic = await office.do(SYSTEM, _topic_class, person, unit)
    ids = mine | {
        "topic_class_id": topic.id,
        "person_id": person.id, "role_id": role, "unit_id": unit.id, "class_id": lesson.id, "post_id": held,
        "decision_id": decision, "review_id": review, "sanction_id": sanction, "question_id": question.id,
        "proposal_id": proposal, "exemption_id": exemption, "board_id": uuid4(), "thread_id": thread,
        "picture_id": picture,
    }  # fmt: skip
    said = {"owner": person.id, "unit_path": unit.path, "authority_path": authority.path}
    post = said | {"class_id": lesson.id, "audience_path": unit.path}
    judged = frozenset({judge.id})
    record = {"owner": person.id, "authority_path": authority.path}
    targets = {
        "topic_class": target_of(topic),
        "unit": Target(TargetKind.UNIT, unit_path=unit.path, authority_path=unit.path),
        "person": Target(TargetKind.PERSON, **said),  # type: ignore[arg-type]
        "class": Target(
            TargetKind.CLASS, unit_path=unit.path, class_id=lesson.id, audience_path=unit.path,
            lecturers=frozenset({staff[0].id}), assistants=frozenset({staff[1].id}),
        ),
        "post": Target(TargetKind.POST, **post),  # type: ignore[arg-type]
        "review": Target(TargetKind.POST, **post, hands=judged),  # type: ignore[arg-type]
        "sanction": Target(TargetKind.SANCTION, **said, hands=judged),  # type: ignore[arg-type]
        "question": Target(TargetKind.QUESTION, **record),  # type: ignore[arg-type]
        "proposal": Target(TargetKind.QUESTION, **record),  # type: ignore[arg-type]
    }  # fmt: skip
    return Things({name: str(id) for name, id in ids.items()} | {"session_id": "f" * 32, "secret": "f" * 43}, targets)


async def _hidden_thread(work: Work) -> UUID:
    """A thread that waits for a moderator: it exists for its author only."""
    board = await boards.open_board(work, "学习体会", "", Mode.BEFORE, 0)
    thread, _ = await forum.start(work, board.id, "题目", "内容", work.id())
    return thread.id


async def _topic_class(work: Work, person: Person, unit: Unit) -> TopicClass:
    made = TopicClass(
        work.id(), "专题班", "", person.id, unit.id, unit.path, True, None, work.now, work.now + timedelta(days=30),
        TopicState.PUBLISHED, 1,
    )  # fmt: skip
    await topics.add(work.tx, made)
    return made


async def _post(work: Work, person: Person, lesson: LiveClass, state: str) -> UUID:
    post = posts.Post(
        id=work.id(), place_kind="class", place_id=lesson.id, place_name=lesson.title, author=person.id,
        author_role="learner", unit_path=person.unit_path, authority_path=person.authority_path,
        audience_path=lesson.audience_path, draft=uuid4(), text="大家好", earlier=None,
        state=PostState(state), version=1, written_at=work.now, state_at=work.now, media_ms=None,
        screened="hold", category=None, marks=[], release_at=None, reports=0, covered=False, claimed_by=None,
        claimed_until=None,
    )  # fmt: skip
    assert await posts.add(work.tx, post)
    return post.id


async def _judged(work: Work, post: UUID, judge: Person) -> tuple[UUID, UUID]:
    decision = posts.Decision(
        work.id(), post, 1, "remove", "published", judge.id, work.now, "insult", "art-12", "人身攻击", None
    )
    await posts.decide(work.tx, decision)
    review = work.id()
    assert await posts.ask_review(work.tx, review, decision, "请再看一次", work.now)
    return decision.id, review


async def _sanction(work: Work, person: Person, judge: Person) -> UUID:
    row = {
        "id": work.id(), "person": person.id, "unit_path": person.unit_path, "authority_path": person.authority_path,
        "kind": "pause", "begins_at": work.now, "until": work.now + timedelta(days=30), "basis": "art-12",
        "reason": "多次人身攻击", "state": "proposed", "proposed_by": judge.id, "proposed_at": work.now,
        "draft": uuid4(),
    }  # fmt: skip
    await work.tx.execute(sanctions.insert().values(row))
    id: UUID = row["id"]  # type: ignore[assignment]
    return id


async def _proposal(work: Work, person: Person, lesson: LiveClass) -> UUID:
    proposal = Proposal(
        id=work.id(), kind=ProposalKind.LOWER, state=ProposalState.WAITING, account=person.id,
        authority_path=person.authority_path, learner=person.pseudonym, activity_kind=ActivityKind.CLASS,
        activity=lesson.id, year=2026, nature=Nature.ELECTIVE, makeup=False, held=Decimal("2.0"),
        assessed=Decimal("1.5"), policy_version="2019-11-09", rules_version=1, made_at=work.now,
    )  # fmt: skip
    await proposals.add(work.tx, proposal)
    return proposal.id
