"""Somebody with a role, and what is to be done about whom: allowed, refused, or not even seen.

Units: the province `1/`, the city `1/34/`, its county `1/34/7/`, another city `1/35/`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from server.rules.policy import Policy
from server.rules.powers import Holding, Power, Role, Scope, ScopeKind, Target, TargetKind, may, sees

NOW = datetime(2026, 9, 16, tzinfo=UTC)
ME, OTHER, CLASS = UUID(int=1), UUID(int=2), UUID(int=3)


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    class_id = CLASS if given.get("class_scope") else None
    scope = Scope(ScopeKind(given["scope"]), given.get("path", ""), class_id)
    held = [Holding(Role(given["role"]), scope, given.get("until"))]
    mine = frozenset({ME})
    target = Target(
        kind=TargetKind(given["of"]),
        owner=ME if given.get("own") else OTHER,
        unit_path=given.get("unit", ""),
        authority_path=given.get("authority", ""),
        class_id=CLASS if given["of"] in {"class", "post"} else None,
        audience_path=given.get("audience", ""),
        lecturers=mine if given.get("lectures") else frozenset(),
        assistants=mine if given.get("assists") else frozenset(),
        hands=mine if given.get("had_a_hand") else frozenset(),
    )
    if may(held, Power(given["power"]), target, NOW, ME):
        return {"answer": "allowed"}
    return {"answer": "refused" if sees(held, target, NOW, ME) else "unknown"}
