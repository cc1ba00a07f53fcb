"""Endpoints of exemptions, for whoever manages the person (Article 16)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.base.api import Ask, Body, Routes, View
from server.base.shapes import Named
from server.hours import exempt
from server.hours.store import Tx, exemptions
from server.hours.store.exemptions import DOCUMENT_MAX, Exemption
from server.people import store as people
from server.people.store import Person
from server.people.targets import person_target
from server.rules.powers import Power
from server.rules.year import Ground

routes = Routes("person")


class ExemptionBody(Body):
    """`document`: number of the managing authority's document."""

    year: Annotated[int, Field(ge=2019, le=9999)]
    ground: Ground
    document: Annotated[str, Field(min_length=1, max_length=DOCUMENT_MAX)]


class ExemptionView(View):
    id: UUID
    year: int
    ground: Ground
    document: str
    given_by: Named | None
    given_at: datetime
    withdrawn_by: Named | None
    withdrawn_at: datetime | None


class Exemptions(View):
    items: list[ExemptionView]


@routes.get(
    "/api/v1/people/{person_id}/exemptions", power=Power.HOURS_SEE, target=person_target, look="hours",
    title="The years that are not counted for a person (a logged look)",
)  # fmt: skip
async def list_exemptions(ask: Ask, person_id: UUID) -> Exemptions:
    async with ask.read() as tx:
        return await _shown(tx, await exemptions.of_account(tx, person_id))


@routes.post(
    "/api/v1/people/{person_id}/exemptions", power=Power.HOURS_DECIDE, target=person_target, status=201,
    title="Exempt a person from a year's assessment",
)  # fmt: skip
async def give_exemption(ask: Ask, person_id: UUID, body: ExemptionBody) -> Exemptions:
    await ask.do(exempt.give, person_id, body.year, body.ground, body.document)
    async with ask.read() as tx:
        return await _shown(tx, await exemptions.of_account(tx, person_id))


@routes.delete(
    "/api/v1/people/{person_id}/exemptions/{exemption_id}", power=Power.HOURS_DECIDE, target=person_target,
    title="The year counts again",
)  # fmt: skip
async def withdraw_exemption(ask: Ask, person_id: UUID, exemption_id: UUID) -> None:
    await ask.do(exempt.withdraw, person_id, exemption_id)


async def _shown(tx: Tx, found: list[Exemption]) -> Exemptions:
    who = await people.many(tx, {id for each in found for id in (each.given_by, each.withdrawn_by) if id})
    return Exemptions(items=[_view(each, who) for each in found])


def _view(found: Exemption, who: dict[UUID, Person]) -> ExemptionView:
    return ExemptionView(
        id=found.id, year=found.year, ground=found.ground, document=found.document,
        given_by=_named(found.given_by, who), given_at=found.given_at,
        withdrawn_by=_named(found.withdrawn_by, who), withdrawn_at=found.withdrawn_at,
    )  # fmt: skip


def _named(account: UUID | None, who: dict[UUID, Person]) -> Named | None:
    person = who.get(account) if account else None
    return Named(id=person.id, name=person.name) if person else None
