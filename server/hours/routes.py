"""Endpoints of the ledger: my hours, why a number, the check of a record, questions, and the desk of who manages."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from server.base.api import SIGNED_IN, Ask, Body, Query, Routes, View
from server.hours import questions
from server.hours.audit import check_own
from server.hours.correct import decide
from server.hours.correct import target as proposal_target
from server.hours.desk_view import ProposalView, QuestionView, proposal_views, question_views
from server.hours.explain import why
from server.hours.record_view import RecordView, record_view
from server.hours.store import Tx, ledger, proposals
from server.hours.store import questions as asked
from server.hours.topic_why import TopicWhyView, topic_why, topic_why_view
from server.hours.views import EntryView, entry_views
from server.hours.why_view import WhyView, why_view
from server.hours.year import record
from server.live.targets import class_target
from server.people import store as people
from server.people.store import Person
from server.people.targets import person_target
from server.rules.powers import Power, Target, reach
from server.rules.refusal import Refusal, unknown
from server.rules.words import ActivityKind
from server.rules.year import day_of
from server.topic_classes import store as topics
from server.topic_classes.targets import topic_class_target

routes = Routes("hours")

Text = Annotated[str, Field(min_length=1, max_length=asked.TEXT_MAX)]


async def _record_target(tx: Tx, person_id: UUID, class_id: UUID) -> Target | None:
    """The record of a person in a class is that person's record."""
    return await person_target(tx, person_id)


async def _topic_record_target(tx: Tx, person_id: UUID, topic_class_id: UUID) -> Target | None:
    """The same for a topic class."""
    return await person_target(tx, person_id)


class YearQuery(Query):
    """Which academic year; this one where none is named."""

    year: Annotated[int, Field(ge=2019, le=9999)] | None = None


class EntryPage(View):
    """A row with what stands behind it: `why` for a live class, `topic_why` for a topic class."""

    entry: EntryView
    why: WhyView | None
    topic_why: TopicWhyView | None


class DifferenceView(View):
    what: str
    stored: str
    computed: str


class CheckView(View):
    """The outcome of walking a record again: how many figures, and what differs."""

    agrees: bool
    checked: int
    differences: list[DifferenceView]


class QuestionBody(Body):
    """A question about a class, an entry, or the record as a whole."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    class_id: UUID | None = Field(None, alias="class")
    entry: UUID | None = None
    text: Text


class QuestionsQuery(Query):
    """Whose questions: one's own, or those of the people whom one manages."""

    desk: bool = False


class AnswerBody(Body):
    text: Text


class ProposalDecision(Body):
    accept: bool
    reason: Text


class Questions(View):
    items: list[QuestionView]


class Proposals(View):
    items: list[ProposalView]


@routes.get("/api/v1/hours", power=SIGNED_IN, title="My hours in a year")
async def own_hours(ask: Ask, query: YearQuery) -> RecordView:
    return await _record(ask, ask.me, query)


@routes.get(
    "/api/v1/people/{person_id}/hours",
    power=Power.HOURS_SEE,
    target=person_target,
    look="hours",
    title="A person's hours in a year",
)
async def hours_of(ask: Ask, person_id: UUID, query: YearQuery) -> RecordView:
    return await _record(ask, person_id, query)


@routes.get("/api/v1/hours/entries/{entry_id}", power=SIGNED_IN, title="One of my entries, and why")
async def own_entry(ask: Ask, entry_id: UUID) -> EntryPage:
    async with ask.read() as tx:
        person = await _person(tx, ask.me)
        entry = await ledger.by_id(tx, entry_id)
        if entry is None or entry.facts.learner != person.pseudonym:
            raise unknown("entry")
        found = of_topic = None
        if entry.facts.activity_kind is ActivityKind.TOPIC_CLASS:
            known = await topic_why(tx, person, entry.facts.activity, ask.services.policies)
            of_topic = await topic_why_view(tx, known)
        else:
            found = await why_view(tx, await why(tx, person, entry.facts.activity, ask.now, ask.services.policies))
        of_it = await entry_views(tx, await ledger.of_activity(tx, person.pseudonym, entry.facts.activity))
        shown = next(each for each in of_it if each.id == entry_id)
        return EntryPage(entry=shown, why=found, topic_why=of_topic)


@routes.get(
    "/api/v1/classes/{class_id}/why",
    power=Power.LIVE_SEE,
    target=class_target,
    noun="class",
    title="Why I have these hours in a class",
)
async def own_why(ask: Ask, class_id: UUID) -> WhyView:
    return await _why(ask, ask.me, class_id)


@routes.get(
    "/api/v1/people/{person_id}/classes/{class_id}/why",
    power=Power.HOURS_SEE,
    target=_record_target,
    look="why",
    title="Why a person has these hours in a class",
)
async def why_of(ask: Ask, person_id: UUID, class_id: UUID) -> WhyView:
    return await _why(ask, person_id, class_id)


@routes.get(
    "/api/v1/topic-classes/{topic_class_id}/why",
    power=Power.TOPIC_SEE,
    target=topic_class_target,
    noun="topic_class",
    title="Why I have these hours in a topic class",
)
async def own_topic_why(ask: Ask, topic_class_id: UUID) -> TopicWhyView:
    async with ask.read() as tx:
        if await topics.member(tx, topic_class_id, ask.me) is None:
            raise Refusal("topic_class.no_member")
    return await _topic_why(ask, ask.me, topic_class_id)


@routes.get(
    "/api/v1/people/{person_id}/topic-classes/{topic_class_id}/why",
    power=Power.HOURS_SEE,
    target=_topic_record_target,
    look="why",
    title="Why a person has these hours in a topic class",
)
async def topic_why_of(ask: Ask, person_id: UUID, topic_class_id: UUID) -> TopicWhyView:
    return await _topic_why(ask, person_id, topic_class_id)


@routes.post("/api/v1/hours/check", power=SIGNED_IN, status=200, title="Recompute my record")
async def check(ask: Ask) -> CheckView:
    async with ask.read() as tx:
        person = await _person(tx, ask.me)
        checked, found = await check_own(tx, person, ask.now, ask.services.policies)
    views = [DifferenceView(what=each.what, stored=each.stored, computed=each.computed) for each in found]
    return CheckView(agrees=not views, checked=checked, differences=views)


@routes.post("/api/v1/hours/questions", power=SIGNED_IN, status=201, title="Ask about my hours")
async def ask_question(ask: Ask, body: QuestionBody) -> QuestionView:
    question = await ask.do(questions.ask, ask.me, class_id=body.class_id, entry=body.entry, text=body.text)
    async with ask.read() as tx:
        return (await question_views(tx, [question]))[0]


@routes.get("/api/v1/hours/questions", power=SIGNED_IN, title="My questions, or those of the people I manage")
async def list_questions(ask: Ask, query: QuestionsQuery) -> Questions:
    async with ask.read() as tx:
        if query.desk:
            found = await asked.of_managed(tx, reach(ask.actor.holdings, Power.HOURS_QUESTIONS, ask.now))
        else:
            found = await asked.own(tx, ask.me)
        return Questions(items=await question_views(tx, found))


@routes.post(
    "/api/v1/hours/questions/{question_id}/answer",
    power=Power.HOURS_ANSWER,
    target=questions.target,
    noun="question",
    title="Answer a question about hours",
)
async def answer_question(ask: Ask, question_id: UUID, body: AnswerBody) -> QuestionView:
    question = await ask.do(questions.answer, question_id, body.text)
    async with ask.read() as tx:
        return (await question_views(tx, [question]))[0]


@routes.get("/api/v1/hours/proposals", power=Power.HOURS_DECIDE, title="Proposed corrections")
async def list_proposals(ask: Ask) -> Proposals:
    async with ask.read() as tx:
        found = await proposals.waiting(tx, reach(ask.actor.holdings, Power.HOURS_DECIDE, ask.now))
        return Proposals(items=await proposal_views(tx, found))


@routes.post(
    "/api/v1/hours/proposals/{proposal_id}/decision",
    power=Power.HOURS_DECIDE,
    target=proposal_target,
    noun="proposal",
    title="Decide about a proposed correction",
)
async def decide_proposal(ask: Ask, proposal_id: UUID, body: ProposalDecision) -> ProposalView:
    proposal = await ask.do(decide, proposal_id, accept=body.accept, reason=body.reason)
    async with ask.read() as tx:
        return (await proposal_views(tx, [proposal]))[0]


async def _record(ask: Ask, account: UUID, query: YearQuery) -> RecordView:
    policies = ask.services.policies
    year = query.year or day_of(ask.now, policies.in_force(ask.now)).year
    async with ask.read() as tx:
        person = await _person(tx, account)
        return await record_view(tx, person, await record(tx, person, year, ask.now, policies))


async def _why(ask: Ask, account: UUID, class_id: UUID) -> WhyView:
    async with ask.read() as tx:
        person = await _person(tx, account)
        return await why_view(tx, await why(tx, person, class_id, ask.now, ask.services.policies))


async def _topic_why(ask: Ask, account: UUID, topic_class_id: UUID) -> TopicWhyView:
    async with ask.read() as tx:
        person = await _person(tx, account)
        return await topic_why_view(tx, await topic_why(tx, person, topic_class_id, ask.services.policies))


async def _person(tx: Tx, account: UUID) -> Person:
    person = await people.person(tx, account)
    if person is None:
        raise unknown("person")
    return person
