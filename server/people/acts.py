"""The log of sign-ins and of acts upon people: who, what, upon whom, when, with which result; append-only."""

from uuid import UUID

from server.base.work import Work
from server.people.tables import acts


async def note(work: Work, verb: str, person: UUID | None, result: str = "done") -> None:
    """Write that the actor did `verb` (`noun.verb`) upon `person`; unknown accounts are noted without a person."""
    row = {"id": work.id(), "at": work.now, "actor": work.actor.id, "verb": verb, "person": person, "result": result}
    await work.tx.execute(acts.insert().values(row))
