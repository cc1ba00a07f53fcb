"""Which classes somebody may know of, as a condition on the table; the same answer as `powers.sees`."""

from datetime import datetime

import sqlalchemy as sa

from server.base.work import Actor
from server.live.tables import class_staff, classes
from server.rules.powers import BUNDLES, Holding, Power, Role, ScopeKind


def visible_to(actor: Actor, now: datetime) -> sa.ColumnElement[bool]:
    """The classes that `actor` may see: those he or she is meant for, runs, or has a role over."""
    if actor.system:
        return sa.true()
    if actor.id is None:
        return sa.false()
    named = sa.select(class_staff.c.class_id).where(class_staff.c.account == actor.id)
    assists = named.where(class_staff.c.role == Role.ASSISTANT.value)
    found: list[sa.ColumnElement[bool]] = [classes.c.id.in_(assists)]
    for held in actor.holdings:
        if Power.LIVE_SEE in BUNDLES[held.role] and (held.until is None or now < held.until):
            found.append(classes.c.id.in_(named) if _is_lecturer(held) else _within(held))
    return sa.or_(*found)


def _is_lecturer(held: Holding) -> bool:
    """A lecturer's role reaches only the classes in which he or she is named."""
    return held.role is Role.LECTURER and held.scope.kind is not ScopeKind.CLASS


def _within(held: Holding) -> sa.ColumnElement[bool]:
    scope = held.scope
    match scope.kind:
        case ScopeKind.ALL:
            return sa.true()
        case ScopeKind.UNIT if scope.path:
            return classes.c.unit_path.startswith(scope.path, autoescape=True)
        case ScopeKind.SELF:
            tops = [scope.path[: at + 1] for at, char in enumerate(scope.path) if char == "/"]
            return classes.c.audience_path.in_(["", *tops])
        case ScopeKind.CLASS if scope.class_id is not None:
            return classes.c.id == scope.class_id
    return sa.false()
