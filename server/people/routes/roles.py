"""Endpoints of roles."""

from uuid import UUID

from server.base.api import Ask, Body, Routes
from server.base.shapes import Moment
from server.people import roles, store, views
from server.people.targets import person_target
from server.people.views import RoleList
from server.rules.powers import Power, Role, ScopeKind

routes = Routes("person")


class RoleBody(Body):
    role: Role
    scope_kind: ScopeKind
    scope_id: UUID | None = None
    until: Moment | None = None


@routes.get(
    "/api/v1/people/{person_id}/roles", power=Power.ROLES_SEE, target=person_target, look="roles",
    title="The roles of a person (a logged look)",
)  # fmt: skip
async def held(ask: Ask, person_id: UUID) -> RoleList:
    return await _held(ask, person_id)


@routes.post(
    "/api/v1/people/{person_id}/roles", power=Power.ROLES_GIVE, target=person_target, status=201, title="Give a role"
)
async def give(ask: Ask, person_id: UUID, body: RoleBody) -> RoleList:
    await ask.do(roles.give, person_id, body.role, body.scope_kind, body.scope_id, body.until)
    return await _held(ask, person_id)


@routes.delete(
    "/api/v1/people/{person_id}/roles/{role_id}", power=Power.ROLES_GIVE, target=person_target, title="Take a role away"
)
async def take(ask: Ask, person_id: UUID, role_id: UUID) -> None:
    await ask.do(roles.take, person_id, role_id)


async def _held(ask: Ask, person_id: UUID) -> RoleList:
    async with ask.read() as tx:
        return RoleList(items=views.roles(await store.roles_of(tx, person_id)))
