"""What other parts must hear of people: a sign-in has ended, a person's powers or state are no longer the same.

Each piece of news goes two ways: over the bus at once to this process, and by the outbox to everybody
else (other processes of the academy, the command line, the media process through `live`).
"""

from uuid import UUID

from server.base.bus import Message
from server.base.office import Office
from server.base.outbox import Event, outside
from server.base.work import Work

SESSION = "session:"
PEOPLE = "people"


def session_ended(work: Work, session: str, account: UUID, reason: str) -> None:
    """The sign-in is over; `reason` is signed_out, stopped, password, roles, idle, too_long or too_many."""
    work.push(f"{SESSION}{session}", "session.ended", {"reason": reason})
    data = {"session": session, "account": str(account), "reason": reason}
    work.emit(Event("session.ended", session, data))


def person_changed(work: Work, account: UUID) -> None:
    """What is known of the person (powers, unit, state, password) has to be read anew."""
    work.push(PEOPLE, "person.changed", {"account": str(account)})
    work.emit(Event("person.changed", str(account)))


@outside
async def tell_session_ended(office: Office, event: Event) -> None:
    """Reaction to `session.ended`: close its sockets in this process, whoever ended it."""
    office.bus.publish(Message(f"{SESSION}{event.subject}", "session.ended", {"reason": event.data["reason"]}))


@outside
async def tell_person_changed(office: Office, event: Event) -> None:
    """Reaction to `person.changed`: forget what this process knows of the person."""
    office.bus.publish(Message(PEOPLE, "person.changed", {"account": event.subject}))
