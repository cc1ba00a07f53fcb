"""What a person does to the own account: read the terms, choose settings."""

from typing import Any
from uuid import UUID

from server.base.work import Work
from server.people import acts, news, store
from server.people.store import Person
from server.rules.refusal import unknown


async def read_terms(work: Work, account: UUID) -> None:
    """The person has read Articles 12 and 13; only the first time is kept."""
    person = await _person(work, account)
    if person.terms_at is None:
        await store.change(work.tx, account, terms_at=work.now)
        await acts.note(work, "terms.read", account)
        news.person_changed(work, account)


async def choose(work: Work, account: UUID, chosen: dict[str, Any]) -> Person:
    """Keep settings; those not named stay as they are."""
    person = await _person(work, account)
    await store.change(work.tx, account, settings=person.settings | chosen)
    news.person_changed(work, account)
    return await _person(work, account)


async def _person(work: Work, account: UUID) -> Person:
    found = await store.person(work.tx, account)
    if found is None:
        raise unknown("person")
    return found
