"""Every route, message and topic x every role x own, sibling, parent and other unit.

What is expected comes from `server.rules.powers` and the world that was built; what is compared with
it are the real answers of the composed application. Where nothing may be known, the answer is byte for
byte that for something which does not exist.
"""

import asyncio
import json
import random
import shutil
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse

from media.orders import Orders
from server.app import NOUNS
from server.attendance.running import attach
from server.base.api import INTERNAL, PUBLIC, SIGNED_IN, Route
from server.base.config import Settings
from server.base.db import Database
from server.base.files import local_files
from server.base.office import Office
from server.base.services import Services
from server.base.work import Actor
from server.rules.policy import Policies
from server.rules.powers import Power, may, sees
from tests.clock import TestClock
from tests.conftest import cannot
from tests.postgres import Postgres
from tests.server.powers.rows import ROWS, Ids, Row
from tests.server.powers.world import Things, World, a_world
from tests.visits import Answer, Browser, House, a_house

IN_MODULE = pytest.mark.asyncio(loop_scope="module")

ROUTES = {f"{route.method} {route.path}": route for noun in NOUNS for route in noun.routes}
LISTS = [name for name, row in ROWS.items() if row.listed]
NOWHERE = {name: str(uuid4()) for name in ("person_id", "role_id", "unit_id", "class_id", "post_id", "decision_id")} | {
    name: str(uuid4()) for name in ("review_id", "sanction_id", "question_id", "proposal_id", "entry_id", "stay_id")
} | {"check_id": str(uuid4()), "exemption_id": str(uuid4()), "session_id": "0" * 32} | {
    name: str(uuid4()) for name in ("board_id", "thread_id", "picture_id", "topic_class_id")
}  # fmt: skip
"""Ids of things that exist in no place."""


@dataclass(slots=True)
class Asker:
    """Somebody with a role at a browser and a socket; the visitor has neither role nor socket."""

    role: str
    actor: Actor
    browser: Browser
    socket: ClientWebSocketResponse | None = None


@dataclass(slots=True)
class Scene:
    """The running application and who asks."""

    house: House
    world: World
    askers: list[Asker] = field(default_factory=list)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database of each kind for the whole module."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("powers") / "db.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        return f"sqlite:///{path}"
    cluster: Postgres | None = request.getfixturevalue("postgres")
    if cluster is None:
        cannot("PostgreSQL")
    assert cluster is not None
    return cluster.url(f"p{uuid4().hex}", request.getfixturevalue("migrated_template"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """One world for all tests of this file: nothing that is refused changes it."""
    folder = tmp_path_factory.mktemp("powers")
    db = Database(url)
    async with aiohttp.ClientSession() as http:
        settings, secret = Settings(data=folder, web=folder / "no-web"), bytes(range(32))
        orders, files = Orders("http://127.0.0.1:9", secret, http, lambda: 0.0), local_files(folder, bytes(32))
        services = Services(settings, Policies.shipped(), secret, bytes(32), orders, files)
        office = Office(db, services, clock=TestClock(), chance=random.Random(7))
        async with a_house(office, NOUNS, attach) as house:
            found = Scene(house, await a_world(office))
            found.askers.append(Asker("visitor", Actor(None), house.browser()))
            for role, person in found.world.askers.items():
                browser = await house.browser_of(person)
                found.askers.append(Asker(role, await found.world.acting(role), browser))
            yield found
    await db.close()


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(ROWS) == set(ROUTES)


def expected(route: Route, row: Row, asker: Asker, world: World, place: str, now: Any) -> str:
    """`in`, `out` (401), `forbidden` (403) or `unknown` (404), by the rules alone."""
    if route.power is PUBLIC:
        return "in"
    if route.power is INTERNAL or asker.actor.id is None:
        return "out"
    if row.own:
        return "unknown"
    if route.power is SIGNED_IN:
        return "in"
    assert isinstance(route.power, Power)
    target = world.places[place].targets[row.about] if row.about else None
    if may(asker.actor.holdings, route.power, target, now, asker.actor.id):
        return "in"
    if target is None or sees(asker.actor.holdings, target, now, asker.actor.id):
        return "forbidden"
    return "unknown"


def verdict(answer: Answer, noun: str) -> str:
    """What an answer says about powers, whatever else it says."""
    code = answer.body["code"] if isinstance(answer.body, dict) and "code" in answer.body else ""
    if answer.status == 401:
        return "out"
    if code == "power.missing":
        return "forbidden"
    if answer.status == 404 and code == f"{noun}.unknown":
        return "unknown"
    assert answer.status < 500 or code in {"server.busy", "media.unavailable"}, (answer.status, answer.raw)
    return "in"


@IN_MODULE
@pytest.mark.parametrize("name", LISTS)
async def test_a_list_shows_exactly_what_may_be_seen(scene: Scene, name: str) -> None:
    route, row = ROUTES[name], ROWS[name]
    now = scene.house.office.clock.now()
    power = route.power if isinstance(route.power, Power) else Power.HOURS_QUESTIONS
    for asker in scene.askers[1:]:
        assert asker.actor.id is not None
        wanted = {
            things.ids[row.listed]
            for things in scene.world.places.values()
            if may(asker.actor.holdings, power, things.targets[row.listed_about], now, asker.actor.id)
        }
        answer = await asker.browser.ask("GET", route.path + row.query)
        shown = {
            things.ids[row.listed]
            for things in scene.world.places.values()
            if things.ids[row.listed].encode() in answer.raw
        }
        assert shown == wanted, (asker.role, answer.status)


@IN_MODULE
@pytest.mark.parametrize("name", sorted(ROUTES, key=lambda name: (name == "DELETE /api/v1/session", name)))
async def test_powers(scene: Scene, name: str) -> None:
    route, row = ROUTES[name], ROWS[name]
    now = scene.house.office.clock.now()
    for asker in scene.askers:
        if route.method in {"MESSAGE", "TOPIC"}:
            if asker.actor.id is None:
                continue
            asker.socket = await asker.browser.socket()  # the server gives up those that were silent for long
        nothing = await _ask(asker, route, row, NOWHERE, right=True) if row.about or row.own else None
        for place, things in _places(scene.world, row):
            want = expected(route, row, asker, scene.world, place, now)
            answer = await _ask(asker, route, row, things.ids, right=want != "in")
            where = (name, asker.role, place, answer.status, answer.raw[:300])
            if row.own and want == "unknown":
                assert answer.status in {403, 404}, where
            else:
                assert verdict(answer, route.noun) == want, where
            if want == "unknown":
                assert nothing is not None
                assert (answer.status, answer.raw) == (nothing.status, nothing.raw), where
        if asker.socket is not None:
            await asker.socket.close()
            asker.socket = None


def _places(world: World, row: Row) -> Iterable[tuple[str, Things]]:
    """All places, or one where it makes no difference."""
    return world.places.items() if row.about or row.own else [("own", world.places["own"])]


@IN_MODULE
async def test_visitors_get_no_socket(scene: Scene) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await scene.askers[0].browser.socket()
    assert refused.value.status == 401


async def _ask(asker: Asker, route: Route, row: Row, ids: Ids, *, right: bool) -> Answer:
    """Ask with a right body where a refusal is expected, else with one that changes nothing."""
    if route.method == "MESSAGE":
        assert row.body is not None
        return await _say(asker, route.path, row.body(ids))
    if route.method == "TOPIC":
        assert row.topic is not None
        return await _say(asker, "topic.join", {"topic": row.topic(ids)})
    path = route.path.format(**ids) + row.query
    body = None
    if row.body is not None:
        body = row.body(ids) if right else {"nonsense": 1}
    if route.path == "/api/v1/session" and route.method == "DELETE" and asker.actor.id is not None:
        return Answer(204, None, b"", {})
    return await asker.browser.ask(route.method, path, body)


async def _say(asker: Asker, type: str, data: dict[str, Any]) -> Answer:
    """A message and what came back, as an answer; waits where it came too soon."""
    assert asker.socket is not None
    while True:
        await asker.socket.send_json({"v": 1, "type": type, "id": "x", "data": data})
        while True:
            told = json.loads((await asyncio.wait_for(asker.socket.receive(), 10)).data)
            if told["type"] in {"ack", "refusal"}:
                break
        if told["type"] == "ack":
            return Answer(200, told["data"], b"", {})
        if told["data"]["code"] != "message.too_often":
            return Answer(told["data"]["status"], told["data"], json.dumps(told["data"]).encode(), {})
        await asyncio.sleep(0.2)
