"""One limiter for every way in: by account first with growing delay, by address only where no office sits behind it."""

import ipaddress
from dataclasses import dataclass

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from server.base.clock import Clock
from server.rules.passwords import PasswordRules
from server.rules.refusal import Refusal

_BY_ADDRESS = parse("60/minute")
_CODES_BY_ACCOUNT = parse("3/hour")
_CODES_BY_ADDRESS = parse("20/hour")


@dataclass(slots=True)
class _Tries:
    failed: int = 0
    until: float = 0.0
    last: float = 0.0


class Limiter:
    """Counts failures by account; the counts live in this process."""

    def __init__(self, clock: Clock, exempt: str = "") -> None:
        self._clock = clock
        self._tries: dict[str, _Tries] = {}
        self._limits = MovingWindowRateLimiter(MemoryStorage())
        self._exempt = [ipaddress.ip_network(each.strip()) for each in exempt.split(",") if each.strip()]

    async def enter(self, account: str, address: str) -> None:
        """Refuse `sign_in.wait` while the account rests, `sign_in.too_often` for a busy address."""
        tries = self._tries.get(account)
        if tries is not None and (wait := tries.until - self._clock.monotonic()) > 0:
            raise Refusal("sign_in.wait", status=429, retry_after_s=int(wait) + 1)
        if not self._exempted(address) and not await self._limits.hit(_BY_ADDRESS, "in", address):
            raise Refusal("sign_in.too_often", status=429, retry_after_s=60)

    def failed(self, account: str, rules: PasswordRules) -> int:
        """Count a failure; the tries left before the account rests for `lock_minutes`."""
        self._forget()
        tries = self._tries.setdefault(account, _Tries())
        now = self._clock.monotonic()
        tries.failed += 1
        tries.last = now
        left = rules.tries - tries.failed
        if left <= 0:
            tries.until, tries.failed = now + rules.lock_minutes * 60, 0
        elif tries.failed > 2:
            tries.until = now + 2 ** (tries.failed - 2)
        return max(0, left)

    def passed(self, account: str) -> None:
        """The right password clears the account's failures."""
        self._tries.pop(account, None)

    async def code(self, account: str, address: str) -> bool:
        """Whether one more reset code may be sent."""
        by_account = await self._limits.hit(_CODES_BY_ACCOUNT, "code", account)
        by_address = self._exempted(address) or await self._limits.hit(_CODES_BY_ADDRESS, "code from", address)
        return bool(by_account and by_address)

    def _exempted(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self._exempt)

    def _forget(self) -> None:
        if len(self._tries) > 10_000:
            hour_ago = self._clock.monotonic() - 3600
            self._tries = {name: each for name, each in self._tries.items() if each.last > hour_ago}
