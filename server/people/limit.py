"""One limiter for every way in: by account first with growing delay, by address only where no office sits behind it."""

import contextlib
import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute, parse

from server.base.clock import Clock
from server.people.windows import Windows
from server.rules.passwords import PasswordRules
from server.rules.refusal import Refusal

_TRIES_BY_ADDRESS = parse("300/minute")
_FAILURES_BY_ADDRESS = parse("30/minute")
_CODES_BY_ACCOUNT = parse("3/hour")
_CODES_BY_ADDRESS = parse("20/hour")
_CALENDARS_BY_ADDRESS = parse("120/minute")
_FREE = 2
"""Failures after which nothing is slowed down yet."""

_FORGET_S = 3600.0
_REMEMBERED = 10_000


@dataclass(slots=True)
class _Count:
    failed: int = 0
    open: int = 0
    until: float = 0.0
    last: float = 0.0


class Attempt:
    """One try at the door, of which the limiter is told how it ended."""

    def __init__(self, limiter: "Limiter", key: str, address: str, rules: PasswordRules) -> None:
        self._limiter, self._key, self._address, self._rules = limiter, key, address, rules

    async def failed(self) -> int:
        """The tries left until the account rests."""
        return await self._limiter._failed(self._key, self._address, self._rules)

    async def passed(self) -> None:
        """Success clears the account's failures."""
        self._limiter._counts.pop(self._key, None)
        await self._limiter._windows.clear(_by_account(self._rules), "account", self._key)


class Limiter:
    """Counts by `key`: the account's id, or what was typed where there is no such account.

    The growing delay lives in this process, the bounds behind it in `redis` for all processes; addresses in one of
    the `exempt` networks are not counted.
    """

    def __init__(self, clock: Clock, exempt: str = "", redis: str = "") -> None:
        self._clock = clock
        self._counts: dict[str, _Count] = {}
        self._windows = Windows(clock, redis)
        self._shared = bool(redis)
        self._exempt = [ipaddress.ip_network(each.strip()) for each in exempt.split(",") if each.strip()]

    @contextlib.asynccontextmanager
    async def attempt(self, key: str, address: str, rules: PasswordRules) -> AsyncIterator[Attempt]:
        """A try, taken up before any hashing; what is still open counts as if it would fail.

        Refuses `sign_in.later` while the account has to wait or the address is too busy. A failure lets
        the account wait 2, 4 … seconds, the last of `rules.tries` for `rules.lock_minutes`.
        """
        await self._check_address(address)
        if self._shared and not await self._windows.test(_by_account(rules), "account", key):
            raise _later(60)
        self._forget()
        count = self._counts.setdefault(key, _Count())
        wait = count.until - self._clock.monotonic()
        if wait > 0:
            raise _later(int(wait) + 1)
        if count.failed + count.open >= rules.tries:
            raise _later(_FREE)
        count.open += 1
        count.last = self._clock.monotonic()
        try:
            yield Attempt(self, key, address, rules)
        finally:
            count.open -= 1

    async def close(self) -> None:
        await self._windows.close()

    async def code(self, key: str, address: str) -> bool:
        """Whether one more reset code may be sent for this account and from this address."""
        if not await self._windows.hit(_CODES_BY_ACCOUNT, "code", key):
            return False
        return self._exempted(address) or await self._windows.hit(_CODES_BY_ADDRESS, "codes", address)

    async def calendar(self, address: str) -> None:
        """One more look at a calendar from this address; refuses `calendar.later`."""
        if self._exempted(address):
            return
        known = await self._windows.test(_FAILURES_BY_ADDRESS, "calendar_missed", address)
        if not known or not await self._windows.hit(_CALENDARS_BY_ADDRESS, "calendars", address):
            raise Refusal("calendar.later", status=429, retry_after_s=60)

    async def calendar_missed(self, address: str) -> None:
        """There was no calendar: somebody may be guessing."""
        if not self._exempted(address):
            await self._windows.hit(_FAILURES_BY_ADDRESS, "calendar_missed", address)

    async def _check_address(self, address: str) -> None:
        if self._exempted(address):
            return
        if not await self._windows.test(_FAILURES_BY_ADDRESS, "failed", address):
            raise _later(60)
        if not await self._windows.hit(_TRIES_BY_ADDRESS, "tried", address):
            raise _later(60)

    async def _failed(self, key: str, address: str, rules: PasswordRules) -> int:
        count = self._counts.setdefault(key, _Count())
        count.failed += 1
        if self._shared:
            await self._windows.hit(_by_account(rules), "account", key)
        if not self._exempted(address):
            await self._windows.hit(_FAILURES_BY_ADDRESS, "failed", address)
        now = self._clock.monotonic()
        if count.failed >= rules.tries:
            count.failed, count.until = 0, now + rules.lock_minutes * 60
            return 0
        if count.failed > _FREE:
            count.until = now + 2 ** (count.failed - _FREE)
        return rules.tries - count.failed

    def _exempted(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self._exempt)

    def _forget(self) -> None:
        if len(self._counts) > _REMEMBERED:
            old = self._clock.monotonic() - _FORGET_S
            self._counts = {key: each for key, each in self._counts.items() if each.open or each.last > old}


def _by_account(rules: PasswordRules) -> RateLimitItem:
    """The failures of one account at all processes together, after which it rests."""
    return RateLimitItemPerMinute(rules.tries, rules.lock_minutes)


def _later(seconds: int) -> Refusal:
    return Refusal("sign_in.later", status=429, retry_after_s=seconds)
