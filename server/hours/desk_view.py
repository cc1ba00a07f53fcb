"""What the desk of the managing sub-centre, and the learner, see of questions and proposed corrections."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from server.base.api import View
from server.base.shapes import Named, hours_text
from server.hours.store import Tx
from server.hours.store.proposals import Proposal
from server.hours.store.questions import Question
from server.hours.views import AboutClass, ClassLine, activity_lines, class_line
from server.live import store as live
from server.live.store import LiveClass
from server.people import store as people
from server.people.store import Person


class AnswerView(View):
    text: str
    by: Named | None
    at: datetime


class QuestionView(View):
    """A question about hours and, once given, its answer."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    id: UUID
    by: Named | None
    about: ClassLine | None = Field(alias="class")
    entry: UUID | None
    text: str
    asked_at: datetime
    due_at: datetime
    answer: AnswerView | None


class ProposalView(AboutClass):
    """A difference between ledger and assessment before a person; hours are signed.

    `activity_kind` says what `class` is: a live class (`class`) or a topic class (`topic_class`).
    """

    id: UUID
    activity_kind: str
    person: Named | None
    kind: str
    state: str
    year: int
    held: str
    assessed: str
    hours: str
    made_at: datetime
    reason: str | None
    decided_by: Named | None
    decided_at: datetime | None


async def question_views(tx: Tx, questions: Sequence[Question]) -> list[QuestionView]:
    who = await _people(tx, [id for each in questions for id in (each.account, each.answered_by)])
    lessons = await _lessons(tx, [each.class_id for each in questions])
    return [_question_view(each, who, lessons) for each in questions]


async def proposal_views(tx: Tx, proposals: Sequence[Proposal]) -> list[ProposalView]:
    who = await _people(tx, [id for each in proposals for id in (each.account, each.decided_by)])
    about = await activity_lines(tx, {each.activity for each in proposals})
    return [_proposal_view(each, who, about[each.activity]) for each in proposals if each.activity in about]


def _question_view(question: Question, who: dict[UUID, Person], lessons: dict[UUID, LiveClass]) -> QuestionView:
    lesson = lessons.get(question.class_id) if question.class_id else None
    answer = None
    if question.answer is not None and question.answered_at is not None:
        answer = AnswerView(text=question.answer, by=_named(question.answered_by, who), at=question.answered_at)
    return QuestionView(
        id=question.id,
        by=_named(question.account, who),
        about=class_line(lesson) if lesson else None,
        entry=question.entry,
        text=question.text,
        asked_at=question.asked_at,
        due_at=question.due_at,
        answer=answer,
    )


def _proposal_view(proposal: Proposal, who: dict[UUID, Person], about: ClassLine) -> ProposalView:
    return ProposalView(
        about=about,
        activity_kind=proposal.activity_kind.value,
        id=proposal.id,
        person=_named(proposal.account, who),
        kind=proposal.kind.value,
        state=proposal.state.value,
        year=proposal.year,
        held=hours_text(proposal.held),
        assessed=hours_text(proposal.assessed),
        hours=hours_text(proposal.hours),
        made_at=proposal.made_at,
        reason=proposal.reason,
        decided_by=_named(proposal.decided_by, who),
        decided_at=proposal.decided_at,
    )


def _named(account: UUID | None, who: dict[UUID, Person]) -> Named | None:
    person = who.get(account) if account else None
    return Named(id=person.id, name=person.name) if person else None


async def _people(tx: Tx, accounts: Iterable[UUID | None]) -> dict[UUID, Person]:
    return await people.many(tx, {each for each in accounts if each})


async def _lessons(tx: Tx, classes: Iterable[UUID | None]) -> dict[UUID, LiveClass]:
    return await live.by_ids(tx, {each for each in classes if each})
