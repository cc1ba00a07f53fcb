"""The roster (Article 8): enrol, change, stop and start again; one account a person."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from server.base.work import Work
from server.people import acts, identity, names, news, sign_out, store, targets, units
from server.people.store import Person
from server.people.units import Unit
from server.rules.powers import Power, Target, TargetKind, within
from server.rules.refusal import Article, Refusal, unknown
from server.rules.words import Category

ROSTER = Article(8)


class Reason(StrEnum):
    """Why somebody leaves the roster (rules §5)."""

    RETIRED = "retired"
    RESIGNED = "resigned"
    DECEASED = "deceased"
    MOVED = "moved"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the roster says of a person."""

    name: str
    identity_number: str
    staff_number: str
    unit: UUID
    managing_authority: UUID
    category: Category
    post: str = ""
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What the roster is to say from now on; None leaves a field as it is."""

    name: str | None = None
    identity_number: str | None = None
    staff_number: str | None = None
    unit: UUID | None = None
    managing_authority: UUID | None = None
    category: Category | None = None
    post: str | None = None
    rank: str | None = None


async def enrol(work: Work, entry: Entry, hashed: str) -> Person:
    """A new account with a first password (its hash).

    Refuses `name.malformed`, `identity.malformed`, `roster.staff_number`, `roster.authority` (422),
    `unit.unknown` (404), and `roster.duplicate` (409) naming the sub-centre where the person is.
    """
    unit = await _unit(work, entry.unit)
    work.require(Power.PEOPLE_ENROL, targets.of_unit(unit), "unit")
    authority = await _authority(work, entry.managing_authority, unit)
    values = await _values(work, Change(**asdict(entry)), None)
    row = values | {
        "id": work.id(), "pseudonym": uuid4(), "unit": unit.id, "authority": authority.id, "state": "active",
        "left_reason": None, "joined_at": work.now, "left_at": None, "password": hashed, "password_at": work.now,
        "must_change": True, "terms_at": None, "settings": {}, "version": 1,
    }  # fmt: skip
    if not await store.add_one(work.tx, row):
        raise Refusal("roster.duplicate", basis=ROSTER)
    await acts.note(work, "people.enrol", row["id"])
    return await _person(work, row["id"])


async def change(work: Work, person_id: UUID, version: int, wanted: Change) -> Person:
    """Change what the roster says, at the version that was seen; refuses as `enrol` does and `save.conflict` (412)."""
    person = await _person(work, person_id)
    values = await _values(work, wanted, person)
    if wanted.unit is not None or wanted.managing_authority is not None:
        values |= await _moved(work, person, wanted)
    if not await store.change(work.tx, person_id, version, **values):
        raise Refusal("save.conflict", status=412)
    await acts.note(work, "people.change", person_id)
    news.person_changed(work, person_id)
    return await _person(work, person_id)


async def stop(work: Work, person_id: UUID, reason: Reason) -> Person:
    """The person leaves: every sign-in ends at once, record and hours stay."""
    if (await _person(work, person_id)).active:
        await store.change(work.tx, person_id, state="stopped", left_reason=reason.value, left_at=work.now)
        await sign_out.everywhere(work, person_id, "stopped")
        await acts.note(work, "people.stop", person_id, reason.value)
        news.person_changed(work, person_id)
    return await _person(work, person_id)


async def start(work: Work, person_id: UUID) -> Person:
    """Back again: the same account (rules §5)."""
    if not (await _person(work, person_id)).active:
        await store.change(work.tx, person_id, state="active", left_reason=None, left_at=None)
        await acts.note(work, "people.start", person_id)
        news.person_changed(work, person_id)
    return await _person(work, person_id)


async def _values(work: Work, wanted: Change, person: Person | None) -> dict[str, Any]:
    """The columns for the fields that are wanted, checked."""
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = names.name(wanted.name)
    for field in ("post", "rank"):
        if (text := getattr(wanted, field)) is not None:
            values[field] = names.words(text, field)
    if wanted.category is not None:
        values["category"] = wanted.category.value
    if wanted.staff_number is not None:
        values["staff_number"] = await _staff_number(work, wanted.staff_number, person)
    if wanted.identity_number is not None:
        values |= await _identity(work, wanted.identity_number, person)
    return values


async def _staff_number(work: Work, text: str, person: Person | None) -> str:
    number = text.strip().upper()
    if identity.valid(number):  # it would be taken for somebody's identity number at the door
        raise Refusal("roster.staff_number", status=422, field="staff_number", why="identity")
    holder = await store.by_account(work.tx, number, b"")
    if holder is not None and (person is None or holder.id != person.id):
        raise Refusal("roster.staff_number", basis=ROSTER, status=422, field="staff_number", why="taken")
    return number


async def _identity(work: Work, text: str, person: Person | None) -> dict[str, Any]:
    number = identity.tidy(text)
    if not identity.valid(number):
        raise Refusal("identity.malformed", status=422, field="identity_number")
    sealed = identity.seal(number, work.services.identity_key)
    holder = await store.by_identity(work.tx, sealed.hash)
    if holder is not None and (person is None or holder.id != person.id):
        centre = await units.sub_centre_of(work.tx, holder.unit_path)
        raise Refusal("roster.duplicate", basis=ROSTER, field="identity_number", centre=centre.name if centre else None)
    return {"identity_hash": sealed.hash, "identity_cipher": sealed.cipher, "identity_masked": sealed.masked}


async def _moved(work: Work, person: Person, wanted: Change) -> dict[str, Any]:
    """A transfer within what the actor may reach; beyond it the other sub-centre would have to accept."""
    unit = await _unit(work, wanted.unit or person.unit_id)
    if unit.id != person.unit_id:
        work.require(Power.PEOPLE_ENROL, targets.of_unit(unit), "unit")
    authority = await _authority(work, wanted.managing_authority or person.authority_id, unit)
    if authority.id != person.authority_id:
        moved = Target(TargetKind.PERSON, owner=person.id, unit_path=unit.path, authority_path=authority.path)
        work.require(Power.PEOPLE_CHANGE, moved, "unit")
    return {"unit": unit.id, "authority": authority.id}


async def _authority(work: Work, unit_id: UUID, unit: Unit) -> Unit:
    """Who manages a person of `unit`: that unit or one above it, else one within the actor's own reach."""
    authority = await _unit(work, unit_id)
    if not within(unit.path, authority.path):
        work.require(Power.PEOPLE_ENROL, targets.of_unit(authority), "unit")
    return authority


async def _unit(work: Work, unit_id: UUID) -> Unit:
    found = await units.unit(work.tx, unit_id)
    if found is None:
        raise unknown("unit")
    return found


async def _person(work: Work, person_id: UUID) -> Person:
    found = await store.person(work.tx, person_id)
    if found is None:
        raise unknown("person")
    return found
