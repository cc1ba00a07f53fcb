"""Endpoints of the roster: units, persons, first passwords, signing somebody out."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from server.base.api import Ask, Body, Query, Routes
from server.base.shapes import Version
from server.people import listing, reset, roster, secret, sign_out, store, views
from server.people.listing import Sort, Wanted
from server.people.roster import Change, Entry, Reason
from server.people.targets import person_target
from server.people.views import Enrolled, FirstPassword, FirstPasswordOf, FirstPasswords, Profile, ProfilePage, UnitList
from server.rules.powers import Power
from server.rules.refusal import unknown
from server.rules.words import Category

routes = Routes("person")

Text = Annotated[str, Field(max_length=60)]
StaffNumber = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{3,32}$")]
Number = Annotated[str, Field(min_length=18, max_length=18)]


class PeopleQuery(Query):
    unit: UUID | None = None
    q: Annotated[str, Field(max_length=64)] = ""
    state: Literal["active", "stopped"] | None = None
    category: Category | None = None
    page: Annotated[int, Field(ge=1, le=1000)] = 1
    size: Literal["20", "50", "100"] = "20"
    sort: Sort = Sort.NAME


class EnrolBody(Body):
    name: Text
    identity_number: Number
    staff_number: StaffNumber
    unit: UUID
    managing_authority: UUID
    category: Category
    post: Text = ""
    rank: Text = ""


class ChangeBody(Body):
    version: Version
    name: Text | None = None
    identity_number: Number | None = None
    staff_number: StaffNumber | None = None
    unit: UUID | None = None
    managing_authority: UUID | None = None
    category: Category | None = None
    post: Text | None = None
    rank: Text | None = None


class StopBody(Body):
    reason: Reason


class ResetBody(Body):
    people: Annotated[list[UUID], Field(min_length=1, max_length=100)]


@routes.get("/api/v1/units", power=Power.UNITS_SEE, noun="unit", title="The units within my reach")
async def units_(ask: Ask) -> UnitList:
    async with ask.read() as tx:
        return views.unit_list(await listing.units_seen(tx, ask.actor, ask.now))


@routes.get("/api/v1/people", power=Power.PEOPLE_SEE, title="The persons within my reach")
async def people(ask: Ask, query: PeopleQuery) -> ProfilePage:
    size = int(query.size)
    wanted = Wanted(query.unit, query.q, query.state, query.category, query.sort)
    async with ask.read() as tx:
        found, total = await listing.people_seen(
            tx, ask.actor, ask.now, wanted, offset=(query.page - 1) * size, limit=size
        )
    return ProfilePage(items=[views.profile(each) for each in found], total=total, page=query.page, size=size)


@routes.post("/api/v1/people", power=Power.PEOPLE_ENROL, status=201, title="Enrol a person")
async def enrol(ask: Ask, body: EnrolBody) -> Enrolled:
    first = secret.first_password()
    hashed = await secret.hashed(first)
    person = await ask.do(roster.enrol, Entry(**body.model_dump()), hashed)
    return Enrolled(person=views.profile(person), password=first)


@routes.post(
    "/api/v1/people/password-resets", power=Power.PEOPLE_RESET, title="New first passwords for several persons"
)
async def reset_many(ask: Ask, body: ResetBody) -> FirstPasswords:
    made = await reset.by_administrator(ask.office, ask.actor, list(dict.fromkeys(body.people)))
    async with ask.read() as tx:
        who = await store.many(tx, made)
    return FirstPasswords(
        items=[
            FirstPasswordOf(id=id, name=who[id].name, staff_number=who[id].staff_number, password=made[id])
            for id in made
        ]
    )


@routes.get(
    "/api/v1/people/{person_id}", power=Power.PEOPLE_SEE, target=person_target, look="profile",
    title="What the roster says of a person (a logged look)",
)  # fmt: skip
async def person(ask: Ask, person_id: UUID) -> Profile:
    async with ask.read() as tx:
        found = await store.person(tx, person_id)
    if found is None:
        raise unknown("person")
    return views.profile(found)


@routes.patch("/api/v1/people/{person_id}", power=Power.PEOPLE_CHANGE, target=person_target, title="Change the roster")
async def change(ask: Ask, person_id: UUID, body: ChangeBody) -> Profile:
    wanted = Change(**body.model_dump(exclude={"version"}))
    return views.profile(await ask.do(roster.change, person_id, body.version, wanted))


@routes.post(
    "/api/v1/people/{person_id}/stop", power=Power.PEOPLE_STOP, target=person_target,
    title="The person leaves; every sign-in ends at once",
)  # fmt: skip
async def stop(ask: Ask, person_id: UUID, body: StopBody) -> Profile:
    return views.profile(await ask.do(roster.stop, person_id, body.reason))


@routes.post("/api/v1/people/{person_id}/start", power=Power.PEOPLE_STOP, target=person_target, title="Back again")
async def start(ask: Ask, person_id: UUID) -> Profile:
    return views.profile(await ask.do(roster.start, person_id))


@routes.post(
    "/api/v1/people/{person_id}/password-reset", power=Power.PEOPLE_RESET, target=person_target,
    title="A new first password, shown once",
)  # fmt: skip
async def reset_one(ask: Ask, person_id: UUID) -> FirstPassword:
    made = await reset.by_administrator(ask.office, ask.actor, [person_id])
    return FirstPassword(password=made[person_id])


@routes.post(
    "/api/v1/people/{person_id}/sign-out", power=Power.PEOPLE_SIGN_OUT, target=person_target,
    title="Sign a person out everywhere",
)  # fmt: skip
async def sign_out_(ask: Ask, person_id: UUID) -> None:
    await ask.do(sign_out.by_administrator, person_id)
