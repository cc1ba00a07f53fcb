"""The desk's lists, bounded by what the asker may see; own posts are absent, not disabled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Actor
from server.moderation import store
from server.moderation.tables import decisions, posts, reviews, sanctions
from server.rules.powers import Power, Scope, ScopeKind, reach


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits."""

    held: int
    reported: int
    reviews: int
    sanctions: int


STATES = {
    "held": posts.c.state == "held",
    "reported": store.REPORTED,
    "decided": posts.c.state.in_(["rejected", "removed"]),
    "waiting": store.WAITING,
}


_LIVE_FIRST = sa.case((posts.c.place_kind == "class", 0), else_=1)


def order(state: str, sort: str) -> tuple[Any, ...]:
    """What waits: live places first, or as `waited`, then who has waited longest; what is decided: the last first."""
    if state == "decided":
        return (posts.c.state_at.desc(),)
    return (posts.c.state_at,) if sort == "waited" else (_LIVE_FIRST, posts.c.state_at)


def bounded(actor: Actor, now: datetime, power: Power = Power.DESK_SEE) -> Any:
    """The posts over which the asker has a power of the desk."""
    scopes = reach(actor.holdings, power, now)
    return sa.and_(posts.c.author != actor.id, sa.or_(sa.false(), *(_within(each) for each in scopes)))


def _within(scope: Scope) -> Any:
    if scope.kind is ScopeKind.ALL:
        return sa.true()
    if scope.kind is ScopeKind.CLASS:
        return sa.or_(posts.c.place_id == scope.class_id, posts.c.topic_class == scope.class_id)
    column = posts.c.authority_path if scope.kind is ScopeKind.AUTHORITY else posts.c.unit_path
    return column.startswith(scope.path, autoescape=True)


def reviews_within(actor: Actor, now: datetime) -> Any:
    """The reviews (with their posts and decisions) that the asker may settle: of what others have decided."""
    own = sa.and_(decisions.c.actor.is_not(None), decisions.c.actor == actor.id)
    return sa.and_(bounded(actor, now, Power.DESK_REVIEW), sa.not_(own))


def sanctions_within(actor: Actor, now: datetime) -> Any:
    """The sanctions that the asker may see."""
    conditions: list[Any] = []
    for scope in reach(actor.holdings, Power.DESK_SEE, now):
        if scope.kind is ScopeKind.ALL:
            conditions.append(sa.true())
        elif scope.kind is ScopeKind.CLASS:
            conditions.append(sanctions.c.place_id == scope.class_id)
        else:
            managed = scope.kind is ScopeKind.AUTHORITY
            column = sanctions.c.authority_path if managed else sanctions.c.unit_path
            conditions.append(column.startswith(scope.path, autoescape=True))
    return sa.and_(sanctions.c.person != actor.id, sa.or_(sa.false(), *conditions))


async def counts(tx: AsyncConnection, actor: Actor, now: datetime) -> Counts:
    """What waits within the asker's reach."""
    bound = bounded(actor, now)

    async def count(query: Any) -> int:
        return int((await tx.execute(query)).scalar_one())

    number = sa.select(sa.func.count())
    waiting = number.select_from(store.OPEN_REVIEWS).where(reviews.c.outcome.is_(None))
    proposed = (sanctions.c.state == "proposed", sanctions_within(actor, now))
    return Counts(
        held=await count(number.select_from(posts).where(bound, STATES["held"])),
        reported=await count(number.select_from(posts).where(bound, STATES["reported"])),
        reviews=await count(waiting.where(reviews_within(actor, now))),
        sanctions=await count(number.select_from(sanctions).where(*proposed)),
    )
