"""Endpoints of signing in and out."""

from typing import Annotated, Any

from pydantic import Field

from server.base.api import PUBLIC, SIGNED_IN, Ask, Body, Routes
from server.base.dispatch import address_of, cookie_name
from server.people import sign_in, sign_out, store, units, views
from server.people.doorkeeper import keeper
from server.people.password import must_change, rules_at
from server.people.sign_in import Knock
from server.people.store import Person
from server.people.views import SessionView
from server.rules.powers import Holding, Power, may

routes = Routes("session")


class SignInBody(Body):
    account: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=128)]


@routes.get("/api/v1/session", power=PUBLIC, title="Who is signed in")
async def session(ask: Ask) -> SessionView:
    return await _shown(ask, ask.session.csrf if ask.session else "")


@routes.post("/api/v1/session", power=PUBLIC, status=201, title="Sign in with a staff or identity number")
async def open_session(ask: Ask, body: SignInBody) -> SessionView:
    door = keeper(ask)
    before = await door.sign_in(ask.request.cookies.get(cookie_name(ask.services)))
    knock = Knock(body.account, body.password, address(ask), ask.request.headers.get("User-Agent", ""))
    token, made = await sign_in.sign_in(ask.office, door.limiter, knock, before)
    _set_cookie(ask, token)
    ask.session = await door.session(token)
    assert ask.session is not None
    ask.actor = ask.session.actor
    return await _shown(ask, made.csrf)


@routes.delete("/api/v1/session", power=SIGNED_IN, restricted=True, title="Sign out on this device")
async def close_session(ask: Ask) -> None:
    await ask.do(sign_out.one, ask.me, ask.actor.session)
    _set_cookie(ask, "", max_age=0)
    ask.headers["Clear-Site-Data"] = '"cache"'


def address(ask: Ask) -> str:
    """The address from which somebody comes."""
    return address_of(ask.request, ask.services.settings.trusted_proxies)


def _set_cookie(ask: Ask, value: str, **more: Any) -> None:
    options = {"path": "/", "httponly": True, "secure": ask.services.settings.secure, "samesite": "Lax"}
    ask.cookies.append((cookie_name(ask.services), value, options | more))


async def _shown(ask: Ask, csrf: str) -> SessionView:
    async with ask.read(near=True) as tx:
        person = await store.person(tx, ask.me) if ask.session else None
        roles = await store.roles_of(tx, person.id) if person and ask.actor.holdings[1:] else []  # the first: learner
        demo = await store.mark(tx, "demo")
        top = await units.root(tx)
    return SessionView(
        account=views.account(person) if person else None,
        roles=views.roles(each for each in roles if each.until is None or ask.now < each.until),
        powers=_powers(ask, ask.actor.holdings, person),
        csrf=csrf,
        idle_s=_idle_s(ask) if person else None,
        must_change_password=_must_change(ask, person),
        read_terms=bool(person and person.terms_at),
        settings=views.settings(person),
        server_time=ask.now,
        academy=views.Academy(name=ask.services.settings.academy, telephone=top.telephone if top else None),
        demo=views.Demo.model_validate(demo) if demo else None,
    )


def _idle_s(ask: Ask) -> int:
    return int(sign_in.idle_of(ask.actor.holdings, rules_at(ask.services, ask.now)).total_seconds())


def _powers(ask: Ask, holdings: tuple[Holding, ...], person: Person | None) -> list[str]:
    """The powers held over anything at all."""
    return [each.value for each in Power if person and may(holdings, each, None, ask.now, person.id)]


def _must_change(ask: Ask, person: Person | None) -> bool:
    return person is not None and must_change(person, rules_at(ask.services, ask.now), ask.now)
