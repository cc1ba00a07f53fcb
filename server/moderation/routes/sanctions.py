"""Endpoints of sanctions on speaking."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from server.base.api import Ask, Body, Routes, View
from server.base.shapes import Moment
from server.base.work import require
from server.moderation import desk, sanction
from server.moderation.routes.shapes import Basis, Reason
from server.moderation.targets import sanction_target
from server.moderation.views import SanctionView, sanction_views
from server.people.targets import person_target
from server.rules.conduct import SanctionKind
from server.rules.powers import Power

routes = Routes("sanction")


class PlaceBody(Body):
    kind: Literal["class", "thread", "board"]
    id: UUID
    name: Annotated[str, Field(max_length=200)]


class SanctionBody(Body):
    """`draft`: the name under which it was written; the same one sent again is the same sanction."""

    kind: SanctionKind
    place: PlaceBody | None = None
    until: Moment | None = None
    basis: Basis
    reason: Reason
    draft: UUID


@routes.post(
    "/api/v1/people/{person_id}/sanctions", power=Power.SANCTION_PLACE, target=person_target, status=201,
    noun="person", title="Warn, pause or exclude a person from speaking",
)  # fmt: skip
async def impose(ask: Ask, person_id: UUID, body: SanctionBody) -> SanctionView:
    async with ask.read() as tx:
        target = await person_target(tx, person_id)
    if body.place is None:
        require(ask.actor, Power.SANCTION, target, "person", ask.now)
    where = sanction.Where(body.place.kind, body.place.id, body.place.name) if body.place else None
    given = (body.kind, where, body.until, body.basis, body.reason, body.draft)
    made = await ask.do(sanction.impose, person_id, *given)
    return await _sanction(ask, made)


class SanctionsView(View):
    items: list[SanctionView]


@routes.get("/api/v1/desk/sanctions", power=Power.DESK_SEE, title="Sanctions, and proposals for a second person")
async def sanctions(ask: Ask) -> SanctionsView:
    async with ask.read() as tx:
        found = await sanction.for_desk(tx, desk.sanctions_within(ask.actor, ask.now))
        return SanctionsView(items=await sanction_views(tx, found, ask.me, ask.now))


@routes.post(
    "/api/v1/desk/sanctions/{sanction_id}/confirm", power=Power.SANCTION_CONFIRM, target=sanction_target,
    noun="sanction", title="Confirm a long sanction as a second person",
)  # fmt: skip
async def confirm(ask: Ask, sanction_id: UUID) -> SanctionView:
    return await _sanction(ask, await ask.do(sanction.settle, sanction_id, confirm=True))


@routes.post(
    "/api/v1/desk/sanctions/{sanction_id}/refuse", power=Power.SANCTION_CONFIRM, target=sanction_target,
    noun="sanction", title="Refuse a long sanction as a second person",
)  # fmt: skip
async def refuse(ask: Ask, sanction_id: UUID) -> SanctionView:
    return await _sanction(ask, await ask.do(sanction.settle, sanction_id, confirm=False))


async def _sanction(ask: Ask, found: sanction.Sanction) -> SanctionView:
    async with ask.read() as tx:
        return (await sanction_views(tx, [found], ask.me, ask.now))[0]
