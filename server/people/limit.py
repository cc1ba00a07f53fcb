"""One limiter for every way in: by account first with growing delay, by address only where no office sits behind it."""

import ipaddress
from dataclasses import dataclass

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from server.base.clock import Clock
from server.rules.passwords import PasswordRules
from server.rules.refusal import Refusal

_TRIES_BY_ADDRESS = parse("300/minute")
_FAILURES_BY_ADDRESS = parse("30/minute")
_CODES_BY_ACCOUNT = parse("3/hour")
_CODES_BY_ADDRESS = parse("20/hour")
_FREE = 2
"""Failures after which nothing is slowed down yet."""

_FORGET_S = 3600.0
_REMEMBERED = 10_000


@dataclass(slots=True)
class _Failures:
    count: int = 0
    until: float = 0.0
    last: float = 0.0


class Limiter:
    """Counts by `key`: the account's id, or what was typed where there is no such account.

    The counts live in this process; addresses in one of the `exempt` networks are not counted.
    """

    def __init__(self, clock: Clock, exempt: str = "") -> None:
        self._clock = clock
        self._failures: dict[str, _Failures] = {}
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._exempt = [ipaddress.ip_network(each.strip()) for each in exempt.split(",") if each.strip()]

    async def enter(self, key: str, address: str) -> None:
        """Refuse `sign_in.later` while the account has to wait or the address is too busy; before any hashing."""
        failures = self._failures.get(key)
        wait = failures.until - self._clock.monotonic() if failures else 0.0
        if wait > 0:
            raise _later(int(wait) + 1)
        if self._exempted(address):
            return
        if not await self._windows.test(_FAILURES_BY_ADDRESS, "failed", address):
            raise _later(60)
        if not await self._windows.hit(_TRIES_BY_ADDRESS, "tried", address):
            raise _later(60)

    async def failed(self, key: str, address: str, rules: PasswordRules) -> int:
        """Count a failure and let the account wait 2, 4 … seconds, after `rules.tries` for `rules.lock_minutes`.

        Returns the tries left until then.
        """
        if not self._exempted(address):
            await self._windows.hit(_FAILURES_BY_ADDRESS, "failed", address)
        self._forget()
        now = self._clock.monotonic()
        failures = self._failures.setdefault(key, _Failures())
        failures.count += 1
        failures.last = now
        if failures.count >= rules.tries:
            failures.count, failures.until = 0, now + rules.lock_minutes * 60
            return 0
        if failures.count > _FREE:
            failures.until = now + 2 ** (failures.count - _FREE)
        return rules.tries - failures.count

    def passed(self, key: str) -> None:
        """Success clears the account's failures."""
        self._failures.pop(key, None)

    async def code(self, key: str, address: str) -> bool:
        """Whether one more reset code may be sent for this account and from this address."""
        if not await self._windows.hit(_CODES_BY_ACCOUNT, "code", key):
            return False
        return self._exempted(address) or await self._windows.hit(_CODES_BY_ADDRESS, "codes", address)

    def _exempted(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self._exempt)

    def _forget(self) -> None:
        if len(self._failures) > _REMEMBERED:
            old = self._clock.monotonic() - _FORGET_S
            self._failures = {key: each for key, each in self._failures.items() if each.last > old}


def _later(seconds: int) -> Refusal:
    return Refusal("sign_in.later", status=429, retry_after_s=seconds)
