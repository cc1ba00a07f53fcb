"""What a power is asked about where an address names a person or a unit (rules §8)."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.people import store
from server.people.store import Person
from server.people.units import Unit
from server.rules.powers import Target, TargetKind


def of_person(person: Person) -> Target:
    """A person's record: where the person works, and who manages it."""
    return Target(TargetKind.PERSON, owner=person.id, unit_path=person.unit_path, authority_path=person.authority_path)


def of_unit(unit: Unit) -> Target:
    """A unit, which is managed where it stands."""
    return Target(TargetKind.UNIT, unit_path=unit.path, authority_path=unit.path)


async def person_target(tx: AsyncConnection, person_id: UUID, **_: Any) -> Target | None:
    """For routes with `{person_id}`; other parts of the address are the handler's business."""
    found = await store.person(tx, person_id)
    return of_person(found) if found else None
