"""Signing out: one device, all devices of a person, or those whose time is over."""

from collections.abc import Iterable
from uuid import UUID

from server.base.work import Work
from server.people import acts, news, sessions
from server.people.sessions import SignIn


async def one(work: Work, account: UUID, session: str, reason: str = "signed_out") -> bool:
    """End one sign-in of the account; False when the account has none of that id that is open."""
    found = [each for each in await sessions.open_of(work.tx, account) if each.id == session]
    return bool(await _end(work, found, reason))


async def everywhere(work: Work, account: UUID, reason: str, but: str = "") -> int:
    """End all sign-ins of the account except `but`; their number."""
    found = [each for each in await sessions.open_of(work.tx, account) if each.id != but]
    return await _end(work, found, reason)


async def by_administrator(work: Work, account: UUID) -> None:
    """Somebody with the power ends all sign-ins of a person."""
    await everywhere(work, account, "signed_out")
    await acts.note(work, "people.sign_out", account)


async def surplus(work: Work, account: UUID, most: int) -> None:
    """End the oldest sign-ins beyond the `most` newest ones."""
    await _end(work, (await sessions.open_of(work.tx, account))[most:], "too_many")


async def sweep(work: Work) -> None:
    """By the clock: end the sign-ins that nobody used until their time was over."""
    await _end(work, await sessions.past(work.tx, work.now), "idle")


async def _end(work: Work, found: Iterable[SignIn], reason: str) -> int:
    number = 0
    for each in found:
        if await sessions.end(work.tx, each.id, work.now, reason):
            number += 1
            news.session_ended(work, each.id, each.account, reason)
    return number
