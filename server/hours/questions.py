"""A question about hours: asked by the learner, answered by who manages him or her (Article 16)."""

from dataclasses import replace
from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.hours.store import Tx, ledger
from server.hours.store import questions as store
from server.hours.store.questions import Question
from server.people import acts
from server.people import store as people
from server.rules.conduct import answer_until
from server.rules.powers import Target, TargetKind
from server.rules.refusal import Clause, Refusal, unknown
from server.rules.words import Pseudonym

MAX_OPEN = 20
"""Questions that one learner may have open at a time."""


async def ask(work: Work, account: UUID, *, class_id: UUID | None, entry: UUID | None, text: str) -> Question:
    """Ask about an own entry, a class, or the record as a whole."""
    person = await people.person(work.tx, account)
    if person is None:
        raise unknown("person")
    if entry is not None:
        await _check_own(work.tx, person.pseudonym, entry)
    if await store.count_open(work.tx, account) >= MAX_OPEN:
        raise Refusal("question.too_many", basis=Clause("answer_days"), limit=MAX_OPEN)
    due_at = answer_until(work.now, work.services.policies.in_force(work.now))
    question = Question(work.id(), account, person.authority_path, class_id, entry, text, work.now, due_at)
    await work.fail("question.before_insert")
    await store.add(work.tx, question)
    work.push("desk", "desk.changed", {})
    return question


async def answer(work: Work, question_id: UUID, text: str) -> Question:
    """Answer a question once; the learner is told."""
    question = await store.by_id(work.tx, question_id)
    if question is None:
        raise unknown("question")
    answered = replace(question, answer=text, answered_by=work.actor.id, answered_at=work.now)
    if not await store.answer(work.tx, answered):
        raise Refusal("question.answered")
    await acts.note(work, "hours.answer", question.account)
    await work.fail("question.after_answer")
    told = {"account": str(question.account), "class": str(question.class_id) if question.class_id else None}
    work.emit(Event("question.answered", str(question_id), told))
    return answered


async def target(tx: Tx, question_id: UUID) -> Target | None:
    """What the power to answer is asked about."""
    question = await store.by_id(tx, question_id)
    if question is None:
        return None
    return Target(TargetKind.QUESTION, owner=question.account, authority_path=question.authority_path)


async def _check_own(tx: Tx, learner: Pseudonym, entry: UUID) -> None:
    found = await ledger.by_id(tx, entry)
    if found is None or found.facts.learner != learner:
        raise unknown("entry")
