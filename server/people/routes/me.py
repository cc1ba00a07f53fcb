"""Endpoints of one's own affairs: profile, password, terms, devices, looks, settings."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.base.api import SIGNED_IN, Ask, Body, Query, Routes
from server.people import looks, mine, password, sessions, sign_out, store, views
from server.people.doorkeeper import keeper
from server.people.routes.session import address
from server.people.store import Person
from server.people.views import DeviceList, Looker, LookList, LookView, Profile, SettingsView
from server.rules.refusal import unknown

routes = Routes("person")

LOOKS = 50
"""Looks on one page."""


class PasswordBody(Body):
    old: Annotated[str, Field(min_length=1, max_length=128)]
    new: Annotated[str, Field(min_length=1, max_length=128)]


class SettingsBody(Body):
    answer_time_extended: bool | None = None


class Before(Query):
    before: UUID | None = None


@routes.get("/api/v1/me/profile", power=SIGNED_IN, restricted=True, title="What the roster says of me")
async def profile(ask: Ask) -> Profile:
    return views.profile(await _me(ask))


@routes.post("/api/v1/me/password", power=SIGNED_IN, restricted=True, title="Change my password")
async def change_password(ask: Ask, body: PasswordBody) -> None:
    limiter = keeper(ask).limiter
    await password.change(ask.office, limiter, ask.actor, await _me(ask), body.old, body.new, address(ask))


@routes.post("/api/v1/me/terms", power=SIGNED_IN, restricted=True, title="I have read Articles 12 and 13")
async def read_terms(ask: Ask) -> None:
    await ask.do(mine.read_terms, ask.me)


@routes.get("/api/v1/me/devices", power=SIGNED_IN, title="Where I am signed in")
async def devices(ask: Ask) -> DeviceList:
    async with ask.read() as tx:
        found = await sessions.open_of(tx, ask.me)
    return DeviceList(items=[views.device(each, ask.actor.session) for each in found])


@routes.delete("/api/v1/me/devices/{session_id}", power=SIGNED_IN, noun="device", title="Sign one of my devices out")
async def end_device(ask: Ask, session_id: str) -> None:
    if not await ask.do(sign_out.one, ask.me, session_id):
        raise unknown("device")


@routes.get("/api/v1/me/looks", power=SIGNED_IN, title="Who looked at my record")
async def seen(ask: Ask, query: Before) -> LookList:
    async with ask.read() as tx:
        found = await looks.at(tx, ask.me, before=query.before, limit=LOOKS + 1)
        who = await store.many(tx, {each.by for each in found})
    items = [LookView(at=each.at, by=_looker(who.get(each.by)), what=each.what) for each in found[:LOOKS]]
    return LookList(items=items, next=found[LOOKS - 1].id if len(found) > LOOKS else None)


@routes.patch("/api/v1/me/settings", power=SIGNED_IN, title="Change what I chose for all my devices")
async def change_settings(ask: Ask, body: SettingsBody) -> SettingsView:
    return views.settings(await ask.do(mine.choose, ask.me, body.model_dump(exclude_none=True)))


def _looker(person: Person | None) -> Looker:
    return Looker(name=person.name if person else "", unit=person.unit_name if person else None)


async def _me(ask: Ask) -> Person:
    async with ask.read() as tx:
        found = await store.person(tx, ask.me)
    if found is None:
        raise unknown("person")
    return found
