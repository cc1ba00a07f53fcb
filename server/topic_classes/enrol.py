"""The roster: by unit, by hand, or by oneself where enrolment is open; who comes too late waits and moves up."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.people import store as people
from server.people import units
from server.people.tables import accounts
from server.people.tables import units as unit_table
from server.rules.powers import Role, within
from server.rules.refusal import Article, Refusal
from server.rules.topic_class import Credit, Place, place, vacancies
from server.topic_classes import completion, names, store
from server.topic_classes.current import known
from server.topic_classes.store import Member, TopicClass, TopicState

AT_ONCE = 5000
"""So many people of a unit at most are put on the roster at once."""


async def enrol(work: Work, id: UUID) -> Member:
    """Ask for a place for oneself: enrolled, or waiting; asked twice it stays as it is.

    Refuses `topic_class.closed` where one cannot enrol oneself, `topic_class.category` where it is for others.
    """
    assert work.actor.id is not None
    found = await _published(work, id)
    mine = await store.member(work.tx, id, work.actor.id)
    if mine is not None:
        return mine
    person = await people.person(work.tx, work.actor.id)
    if not found.self_enrolment or person is None or not within(person.unit_path, found.unit_path):
        raise Refusal("topic_class.closed")
    if not _is_for(found, person):
        raise Refusal("topic_class.category", basis=Article(5))
    (made,) = await _seat(work, found, [work.actor.id])
    return made


async def put(work: Work, id: UUID, wanted: Collection[UUID], unit: UUID | None = None) -> list[Member]:
    """Put people on the roster by hand, and those within a unit whom it is for; who has no place waits.

    Gives the new lines. Refuses `person.unknown` (422) for somebody who does not work within the unit that holds the
    topic class, `unit.unknown` (422) for a unit that is not within it, and `topic_class.too_many` for one with more
    people than are put there at once.
    """
    found = await _published(work, id)
    persons = await people.many(work.tx, wanted)
    if any(one not in persons or not _may_join(persons[one], found) for one in wanted):
        raise Refusal("person.unknown", status=422, field="people")
    there = {each.account for each in await store.members_of(work.tx, id)}
    who = dict.fromkeys([*wanted, *(await _of_unit(work, found, unit) if unit else ())])
    return await _seat(work, found, [each for each in who if each not in there])


async def leave(work: Work, id: UUID, account: UUID) -> None:
    """Leave the roster or the waiting list; whoever waits longest moves up. Who has completed it stays."""
    found = await _published(work, id)
    member = await store.member(work.tx, id, account)
    if member is None:
        return
    if member.completed_at is not None:
        raise Refusal("topic_class.completed")
    await store.remove_member(work.tx, member)
    if found.credit is Credit.ON_COMPLETION:
        completion.name(work, "topic_class.settled", id, [account])
    await names.take(work, Role.LEARNER, [account], await _places(work, id))
    await move_up(work, found)


async def move_up(work: Work, found: TopicClass) -> None:
    """Give the places that are free to those who wait, in the order of asking."""
    seats = await store.seats(work.tx, found.id)
    free = vacancies(seats.enrolled, found.capacity, seats.waiting)
    if not free:
        return
    waiting = [each for each in await store.members_of(work.tx, found.id) if each.place is Place.WAITING]
    for each in waiting[:free]:
        await store.change_member(work.tx, each, place=Place.ENROLLED.value, since=work.now)
    moved = [replace(each, place=Place.ENROLLED) for each in waiting[:free]]
    await _let_in(work, found, moved, "topic_class.admitted")


async def _seat(work: Work, found: TopicClass, accounts: Sequence[UUID]) -> list[Member]:
    """Places for these in their order, as long as there are any; then they wait."""
    taken, first = (await store.seats(work.tx, found.id)).enrolled, await store.next_number(work.tx, found.id)
    made = [
        Member(found.id, account, place(taken + at, found.capacity), first + at, work.now)
        for at, account in enumerate(accounts)
    ]
    if not await store.add_members(work.tx, made):
        raise Refusal("topic_class.changed", status=412)
    await _let_in(work, found, [each for each in made if each.place is Place.ENROLLED], "topic_class.enrolled")
    return made


async def _let_in(work: Work, found: TopicClass, members: Sequence[Member], event: str) -> None:
    await names.admit(work, members, await _places(work, found.id))
    for each in members:
        data = {"topic_class": str(found.id), "account": str(each.account)}
        work.emit(Event(event, str(found.id), data))


async def _places(work: Work, id: UUID) -> list[UUID]:
    return [id, *(each.class_id for each in await store.modules_of(work.tx, id))]


async def _published(work: Work, id: UUID) -> TopicClass:
    found = await known(work.tx, id)
    if found.state is not TopicState.PUBLISHED or work.now >= found.ends_at:
        raise Refusal("topic_class.not_open", state=found.state.value)
    return found


async def _of_unit(work: Work, found: TopicClass, id: UUID) -> list[UUID]:
    unit = await units.unit(work.tx, id)
    if unit is None or not within(unit.path, found.unit_path):
        raise Refusal("unit.unknown", status=422, field="unit")
    where = [unit_table.c.path.startswith(unit.path, autoescape=True), accounts.c.state == "active"]
    if found.categories:
        where.append(accounts.c.category.in_([each.value for each in found.categories]))
    persons, number = await people.listed(work.tx, where, (), offset=0, limit=AT_ONCE)
    if number > AT_ONCE:
        raise Refusal("topic_class.too_many", status=422, field="unit", number=number, most=AT_ONCE)
    return [each.id for each in persons]


def _is_for(found: TopicClass, person: people.Person) -> bool:
    return not found.categories or person.category in found.categories


def _may_join(person: people.Person, found: TopicClass) -> bool:
    return person.active and within(person.unit_path, found.unit_path)
