"""One unit of work: its transaction, moment, actor and chance, and what it tells others."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.bus import Message
from server.base.faults import Failpoints
from server.base.ids import new_id
from server.base.outbox import Event
from server.rules.powers import Holding, Power, Target, may, sees
from server.rules.refusal import Refusal, unknown

if TYPE_CHECKING:
    from server.base.services import Services


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with the roles held at this moment, a visitor (`id` None) or the system itself."""

    id: UUID | None
    holdings: tuple[Holding, ...] = ()
    session: str = ""
    system: bool = False


VISITOR = Actor(None)
SYSTEM = Actor(None, system=True)

Later = Callable[[], Awaitable[object] | None]


@dataclass(slots=True)
class Work:
    """What a verb gets: everything from outside comes in through here."""

    tx: AsyncConnection
    now: datetime
    actor: Actor
    chance: random.Random
    failpoints: Failpoints
    services: "Services"
    events: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    ids: int = 0

    def id(self) -> UUID:
        """A new identifier of this moment, greater than those before it in this unit."""
        self.ids += 1
        return new_id(self.now, self.ids)

    def emit(self, event: Event) -> None:
        """Save `event` with this transaction; reactions to it run after the commit."""
        self.events.append(event)

    def push(self, topic: str, type: str, data: dict[str, Any]) -> None:
        """After the commit, tell every socket that listens to `topic`."""
        self.messages.append(Message(topic, type, data))

    def after(self, later: Later) -> None:
        """After the commit, call `later` (may be lost when the process dies: never for what must happen)."""
        self.later.append(later)

    async def fail(self, point: str) -> None:
        """Pass the failpoint `point`."""
        self.failpoints.hit(point)

    def require(self, power: Power, target: Target | None, noun: str) -> None:
        """Refuse unless the actor has `power` over `target`; what may not be seen does not exist."""
        require(self.actor, power, target, noun, self.now)


def require(actor: Actor, power: Power, target: Target | None, noun: str, now: datetime) -> None:
    """The one place where a power is asked (rules §8); without a target, whether over anything at all."""
    if actor.system:
        return
    if actor.id is None:
        raise Refusal("session.missing", status=401)
    if may(actor.holdings, power, target, now, actor.id):
        return
    if target is not None and not sees(actor.holdings, target, now, actor.id):
        raise unknown(noun)
    raise Refusal("power.missing", status=403, power=power.value)
