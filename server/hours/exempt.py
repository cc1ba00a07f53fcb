"""A year that is not counted for a person (rules §2 `exempt_year`): given on a document, or withdrawn."""

from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.hours.store import exemptions
from server.hours.store.exemptions import Exemption
from server.people import acts
from server.people import store as people
from server.people.names import words
from server.rules.refusal import Clause, Refusal, unknown
from server.rules.year import Ground, check_exemption, day_of

BASIS = Clause("exempt_year")


async def give(work: Work, person_id: UUID, year: int, ground: Ground, document: str) -> Exemption:
    """Exempt a person from a year's assessment.

    Refuses `exemption.no_document`, `exemption.wrong_year` (422), `exemption.closed` once the year's states
    are final, and `exemption.given` where one stands.
    """
    person = await people.person(work.tx, person_id)
    if person is None:
        raise unknown("person")
    number = words(document, "document")
    if not number:
        raise Refusal("exemption.no_document", status=422, field="document", basis=BASIS)
    policy = work.services.policies.in_force(work.now)
    check_exemption(year, work.now, day_of(person.joined_at, policy), policy)
    made = Exemption(work.id(), person_id, year, ground, number, work.actor.id, work.now)
    if not await exemptions.add(work.tx, made):
        raise Refusal("exemption.given", basis=BASIS, year=year)
    await _tell(work, made, "exemption.given")
    return made


async def withdraw(work: Work, person_id: UUID, exemption_id: UUID) -> None:
    """The year counts again; not once its states are final."""
    found = next((each for each in await exemptions.of_account(work.tx, person_id) if each.id == exemption_id), None)
    person = await people.person(work.tx, person_id)
    if found is None or person is None:
        raise unknown("exemption")
    policy = work.services.policies.in_force(work.now)
    check_exemption(found.year, work.now, day_of(person.joined_at, policy), policy)
    if not await exemptions.withdraw(work.tx, found, work.actor.id, work.now):
        raise Refusal("exemption.withdrawn", basis=BASIS)
    await _tell(work, found, "exemption.withdrawn")


async def _tell(work: Work, found: Exemption, name: str) -> None:
    await acts.note(work, name, found.account)
    await work.fail("exemption.after_row")
    told = {"account": str(found.account), "year": str(found.year), "ground": found.ground.value}
    work.emit(Event(name, str(found.id), told | {"document": found.document}))
