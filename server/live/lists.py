"""Lists of classes in SQL, bounded by what the asker may know of: the same answer as `powers.sees`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.work import Actor
from server.live import store
from server.live.store import LiveClass
from server.live.tables import class_staff, classes, words
from server.rules.live import LIVE, State
from server.rules.powers import BUNDLES, Holding, Power, Role, ScopeKind, tops


async def between(
    tx: AsyncConnection, actor: Actor, now: datetime, begin: datetime, until: datetime, *, mine: bool = False
) -> list[LiveClass]:
    """Classes that `actor` may see, planned to begin in `[begin, until)`; `mine`: only those he or she runs."""
    where = [visible_to(actor, now), classes.c.starts_at >= begin, classes.c.starts_at < until]
    if mine:
        where.append(classes.c.id.in_(sa.select(class_staff.c.class_id).where(class_staff.c.account == actor.id)))
    return await store.listed(tx, *where)


async def meant_for(
    tx: AsyncConnection, actor: Actor, unit_path: str, begin: datetime, until: datetime
) -> list[LiveClass]:
    """Classes planned to begin in `[begin, until)` for `unit_path`, or that `actor` runs or is named for."""
    named = [each.scope.class_id for each in actor.holdings if each.scope.class_id is not None]
    audiences = ["", *tops(unit_path)]
    asked = {"begin": begin, "until": until, "audiences": audiences, "account": actor.id, "named": named}
    return await store.with_staff(tx, _MEANT_FOR, asked)


_MEANT_FOR = (
    sa.select(classes)
    .where(
        classes.c.starts_at >= sa.bindparam("begin"),
        classes.c.starts_at < sa.bindparam("until"),
        sa.or_(
            classes.c.audience_path.in_(sa.bindparam("audiences", expanding=True)),
            classes.c.id.in_(sa.bindparam("named", expanding=True)),
            classes.c.id.in_(sa.select(class_staff.c.class_id).where(class_staff.c.account == sa.bindparam("account"))),
        ),
    )
    .order_by(classes.c.starts_at, classes.c.id)
    .limit(100)
)


async def coming(tx: AsyncConnection, actor: Actor, now: datetime, since: datetime) -> list[LiveClass]:
    """Classes that `actor` may see and that wait, are live, or are planned to begin after `since`."""
    planned = sa.and_(classes.c.state == State.SCHEDULED.value, classes.c.starts_at >= since)
    return await store.listed(tx, visible_to(actor, now), sa.or_(planned, _in(*LIVE, State.WAITING)), limit=50)


async def unfinished(tx: AsyncConnection, opening: datetime) -> list[LiveClass]:
    """Classes that wait or are live, and those that are planned to begin up to `opening`."""
    planned = sa.and_(classes.c.state == State.SCHEDULED.value, classes.c.starts_at <= opening)
    return await store.listed(tx, sa.or_(planned, _in(*LIVE, State.WAITING)))


async def for_everybody(tx: AsyncConnection, begin: datetime, until: datetime) -> list[LiveClass]:
    """Classes whose audience is everybody, planned to begin in `[begin, until)` and not called off."""
    open_to_all = (classes.c.audience_path == "", classes.c.state != State.CANCELLED.value)
    return await store.listed(tx, *open_to_all, classes.c.starts_at >= begin, classes.c.starts_at < until, limit=50)


async def found(
    tx: AsyncConnection, actor: Actor, now: datetime, terms: Sequence[str], *, before: int | None, limit: int
) -> tuple[list[LiveClass], int | None]:
    """Classes that `actor` may see with all `terms` in their titles, newest first; the cursor of the next page."""
    seen = sa.select(classes.c.id).where(visible_to(actor, now), classes.c.state != State.CANCELLED.value)
    hits = await words.find(tx, terms, before=before, limit=limit, among=seen)
    lessons = await store.by_ids(tx, [each.subject for each in hits])
    return [lessons[each.subject] for each in hits], hits[-1].id if len(hits) == limit else None


def visible_to(actor: Actor, now: datetime) -> sa.ColumnElement[bool]:
    """The classes that `actor` may see: those he or she is meant for, runs, or has a role over."""
    if actor.system:
        return sa.true()
    if actor.id is None:
        return sa.false()
    reached = [_names(actor.id, Role.ASSISTANT)]
    for held in actor.holdings:
        if Power.LIVE_SEE in BUNDLES[held.role] and (held.until is None or now < held.until):
            reached.append(_names(actor.id, held.role) if _is_by_name(held) else _within(held))
    return sa.or_(*reached)


def _in(*states: State) -> sa.ColumnElement[bool]:
    return classes.c.state.in_([state.value for state in states])


def _names(account: UUID, role: Role) -> sa.ColumnElement[bool]:
    """The classes that name somebody in that role."""
    named = (class_staff.c.account == account, class_staff.c.role == role.value)
    return classes.c.id.in_(sa.select(class_staff.c.class_id).where(*named))


def _is_by_name(held: Holding) -> bool:
    """The roles of the studio reach only the classes that name their holder."""
    return held.role in {Role.LECTURER, Role.ASSISTANT} and held.scope.kind is not ScopeKind.CLASS


def _within(held: Holding) -> sa.ColumnElement[bool]:
    scope = held.scope
    match scope.kind:
        case ScopeKind.ALL:
            return sa.true()
        case ScopeKind.UNIT if scope.path:
            return classes.c.unit_path.startswith(scope.path, autoescape=True)
        case ScopeKind.SELF:
            return classes.c.audience_path.in_(["", *tops(scope.path)])
        case ScopeKind.CLASS if scope.class_id is not None:
            return classes.c.id == scope.class_id
    return sa.false()
