"""A secret address without sign-in: made by its owner, shown once, taken back at any time."""

import hashlib
from secrets import token_urlsafe

from server.base.work import Work
from server.calendar import store
from server.people import acts

BYTES = 32


def hash_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def new_secret() -> str:
    """The last part of an address."""
    return token_urlsafe(BYTES)


async def make(work: Work, secret: str) -> None:
    """Give oneself a new address; the one before answers no more."""
    assert work.actor.id is not None
    await store.put(work.tx, work.actor.id, hash_of(secret), work.now)
    await acts.note(work, "calendar.make", work.actor.id)


async def take_back(work: Work) -> None:
    """From now on one's address answers no more."""
    assert work.actor.id is not None
    await store.drop(work.tx, work.actor.id)
    await acts.note(work, "calendar.take_back", work.actor.id)
