"""Roles given and taken: within one's own reach, never one's own, never above what one may hand on (rules §8)."""

from datetime import datetime
from uuid import UUID

from server.base.work import Work
from server.people import acts, news, sign_out, store, targets, units
from server.people.store import RoleHeld
from server.rules.powers import Power, Role, Scope, ScopeKind, Target, reach
from server.rules.refusal import Refusal, unknown

_GIVEN_BY_SUB_CENTRES = frozenset(
    {Role.LECTURER, Role.ASSISTANT, Role.CLASS_TEACHER, Role.AUTHOR, Role.REVIEWER, Role.MODERATOR}
)
"""Administrators, inspectors and auditors are named by the academy."""

_SCOPES: dict[Role, frozenset[ScopeKind]] = {
    Role.LEARNER: frozenset(),
    Role.SUB_CENTRE_ADMIN: frozenset({ScopeKind.UNIT}),
    Role.ACADEMY_ADMIN: frozenset({ScopeKind.ALL}),
}
_ORDINARY = frozenset({ScopeKind.ALL, ScopeKind.UNIT, ScopeKind.AUTHORITY})


async def give(
    work: Work, person_id: UUID, role: Role, kind: ScopeKind, scope_id: UUID | None, until: datetime | None
) -> UUID:
    """Give a role; the id of the row.

    Refuses `roles.scope` and `roles.until` (422), `unit.unknown` (404), `power.missing` (403) for a role
    that is not the actor's to hand on, `roles.held` (409).
    """
    person = await store.person(work.tx, person_id)
    if person is None:
        raise unknown("person")
    if kind not in _SCOPES.get(role, _ORDINARY) or (kind is ScopeKind.ALL) != (scope_id is None):
        raise Refusal("roles.scope", status=422, field="scope_kind")
    if until is not None and until <= work.now:
        raise Refusal("roles.until", status=422, field="until")
    await _require(work, targets.of_person(person), role, kind, scope_id)
    for held in await store.roles_of(work.tx, person_id):
        if (held.role, held.scope_kind, held.scope_id) == (role, kind, scope_id) and not _lapsed(held, work.now):
            raise Refusal("roles.held", status=409)
    row = {
        "id": work.id(), "account": person_id, "role": role.value, "scope_kind": kind.value, "scope_id": scope_id,
        "until": until, "given_by": work.actor.id, "given_at": work.now,
    }  # fmt: skip
    await store.give_roles(work.tx, [row])
    await acts.note(work, "roles.give", person_id, role.value)
    news.person_changed(work, person_id)
    id: UUID = row["id"]  # type: ignore[assignment]
    return id


async def take(work: Work, person_id: UUID, role_id: UUID) -> None:
    """Take a role away; whoever held it is signed out, so that nothing opened with it stays open.

    Refuses `role.unknown` (404) and `power.missing` (403) as `give` does.
    """
    person = await store.person(work.tx, person_id)
    held = next((each for each in await store.roles_of(work.tx, person_id) if each.id == role_id), None)
    if person is None or held is None:
        raise unknown("role")
    await _require(work, targets.of_person(person), held.role, held.scope_kind, held.scope_id)
    await store.take_role(work.tx, role_id, person_id, work.actor.id, work.now)
    await sign_out.everywhere(work, person_id, "roles")
    await acts.note(work, "roles.take", person_id, held.role.value)
    news.person_changed(work, person_id)


async def _require(work: Work, person: Target, role: Role, kind: ScopeKind, scope_id: UUID | None) -> None:
    """The power over the person, over the scope, and for the role itself."""
    work.require(Power.ROLES_GIVE, person, "person")
    if work.actor.system or any(scope.kind is ScopeKind.ALL for scope in _reach(work)):
        if scope_id is not None and await units.unit(work.tx, scope_id) is None:
            raise unknown("unit")
        return
    if scope_id is None or role not in _GIVEN_BY_SUB_CENTRES:
        raise Refusal("power.missing", status=403, power=Power.ROLES_GIVE.value)
    top = await units.unit(work.tx, scope_id)
    if top is None:
        raise unknown("unit")
    work.require(Power.ROLES_GIVE, targets.of_unit(top), "unit")


def _reach(work: Work) -> tuple[Scope, ...]:
    return reach(work.actor.holdings, Power.ROLES_GIVE, work.now)


def _lapsed(held: RoleHeld, now: datetime) -> bool:
    return held.until is not None and held.until <= now
