"""Who runs a class: lecturers, who hold that role until the class is over, and assistants, who need none (rules §8)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from media.orders import DropPublisher
from server.base.office import Office
from server.base.outbox import Event, outside
from server.base.work import Work
from server.live import publish_store, store
from server.live.abilities import OVER
from server.live.state import change, load, note
from server.live.steer import give
from server.live.store import LiveClass
from server.live.tell import tell_changed
from server.people import store as people
from server.rules.powers import Role
from server.rules.refusal import Refusal

STAFF_CHANGED = "class.staff_changed"


async def name(work: Work, class_id: UUID, lecturers: Sequence[UUID], assistants: Sequence[UUID]) -> LiveClass:
    """Name lecturers (the first is announced) and assistants anew; who is no longer one stops publishing."""
    lesson = await load(work, class_id)
    if lesson.state in OVER:
        raise Refusal("class.wrong_state", state=lesson.state.value, action="staff")
    if not lecturers:
        raise Refusal("class.no_lecturer", status=422, field="lecturers")
    await check_lecturers(work, lecturers, lesson.ends_at, "lecturers")
    await check_people(work, assistants, "assistants")
    return await put(work, lesson, lecturers, assistants)


async def put(work: Work, lesson: LiveClass, lecturers: Sequence[UUID], assistants: Sequence[UUID]) -> LiveClass:
    """Save the staff of a class, checked before."""
    await store.set_staff(work.tx, lesson.id, lecturers, assistants)
    await change(work, lesson)
    named = await load(work, lesson.id)
    await note(work, named, "staff", lecturers=_texts(lecturers), assistants=_texts(assistants))
    await work.fail("staff.after_change")
    work.emit(Event(STAFF_CHANGED, str(named.id)))
    await tell_changed(work, named)
    return named


@outside
async def hang_up(office: Office, event: Event) -> None:
    """Reaction to `class.staff_changed`: who publishes and is no longer of the staff is hung up on."""
    async with office.read() as tx:
        lesson = await store.by_id(tx, UUID(event.subject))
        sends = await publish_store.publishers_of(tx, UUID(event.subject))
    now = office.clock.now()
    for each in sends:
        if lesson is not None and each.sends(now) and each.account and each.account not in lesson.staff:
            await give(office.services.orders, DropPublisher(stream=each.stream))


async def check_lecturers(work: Work, accounts: Sequence[UUID], until: datetime, field: str) -> None:
    """Refuse `class.not_a_lecturer` unless each holds the role of a lecturer until then."""
    for account in accounts:
        person = await people.person(work.tx, account)
        held = await people.holdings_of(work.tx, person) if person else ()
        if not any(each.role is Role.LECTURER and (each.until is None or until <= each.until) for each in held):
            raise Refusal("class.not_a_lecturer", status=422, field=field)


async def check_people(work: Work, accounts: Sequence[UUID], field: str) -> None:
    """Refuse `person.unknown` unless each is on the roster and active."""
    found = await people.many(work.tx, accounts)
    if any(account not in found or not found[account].active for account in accounts):
        raise Refusal("person.unknown", status=422, field=field)


def _texts(accounts: Sequence[UUID]) -> list[str]:
    return [str(account) for account in accounts]
