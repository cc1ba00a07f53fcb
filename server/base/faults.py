"""Named failpoints: a test says where the process is to die or to fail, and at which hit.

`JIANGTANG_FAILPOINTS="beats.before_commit=kill@3,credit.after_insert=raise@1"`. Without that
variable every point is a no-op.
"""

import os
import signal
from collections import Counter


class FailpointError(RuntimeError):
    """The failure that a test asked for."""


class Failpoints:
    """Counts how often each named point is passed and injures at the asked hit."""

    def __init__(self, plan: str = "") -> None:
        self._plan: dict[str, tuple[str, int]] = {}
        self.hits: Counter[str] = Counter()
        self.plan(plan)

    def plan(self, plan: str) -> None:
        """Set anew what is to happen where; counting starts again."""
        self._plan.clear()
        self.hits.clear()
        for part in filter(None, (each.strip() for each in plan.split(","))):
            name, _, rest = part.partition("=")
            action, _, hit = rest.partition("@")
            if action not in {"kill", "raise"}:
                raise ValueError(f"failpoint {part!r}: kill or raise, not {action!r}")
            self._plan[name] = (action, int(hit or 1))

    @classmethod
    def from_environment(cls) -> "Failpoints":
        return cls(os.environ.get("JIANGTANG_FAILPOINTS", ""))

    def hit(self, name: str) -> None:
        """Pass the point `name`."""
        if not self._plan:
            return
        self.hits[name] += 1
        action, at = self._plan.get(name, ("", 0))
        if self.hits[name] != at:
            return
        if action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if action == "raise":
            raise FailpointError(name)
