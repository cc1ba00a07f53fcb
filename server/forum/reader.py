"""Who reads the forum: open boards are everybody's, the group of a topic class is its members' (rules §7, §8)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Actor
from server.forum import store
from server.forum.store import Board
from server.people import store as people
from server.rules.audience import of_topic_class
from server.rules.powers import Holding, Power, Target, TargetKind, may


@dataclass(frozen=True, slots=True)
class Reader:
    """An account with its powers at a moment."""

    id: UUID
    holdings: tuple[Holding, ...]
    now: datetime

    def may(self, power: Power, board: Board) -> bool:
        """Whether this person reads (`FORUM_READ`), or writes (`SPEAK`), in a board."""
        return may(self.holdings, power, target_of(board), self.now, self.id)


def reader(actor: Actor, now: datetime) -> Reader:
    """Who acts, as a reader."""
    assert actor.id is not None
    return Reader(actor.id, actor.holdings, now)


async def reader_of(tx: AsyncConnection, account: UUID, now: datetime) -> Reader:
    """Somebody else, as a reader."""
    person = await people.person(tx, account)
    return Reader(account, await people.holdings_of(tx, person) if person else (), now)


def audience_of(topic_class: UUID | None) -> str:
    """The audience of a board: everybody, or the members of the topic class whose group it is."""
    return of_topic_class(topic_class) if topic_class else ""


def target_of(board: Board) -> Target:
    """A board as powers are asked about it."""
    audience = audience_of(board.topic_class)
    return Target(TargetKind.BOARD, unit_path=board.unit_path, class_id=board.topic_class, audience_path=audience)


async def readable(tx: AsyncConnection, board_ids: Collection[UUID], who: Reader) -> set[UUID]:
    """Those of the boards that somebody reads."""
    found = await store.boards_by_id(tx, set(board_ids))
    return {id for id, board in found.items() if who.may(Power.FORUM_READ, board)}
