"""No input makes an answer 5xx (reliability §2.12, §4): every route, on both databases, and what is right instead."""

import asyncio
import io
import json
import random
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass

import pytest

from server.app import NOUNS
from server.attendance.running import attach
from server.base.observe import configure_logs
from server.base.office import Office
from server.rules.powers import Role
from tests.attacks.corpus import INVISIBLE, QUERIES, Shot, addresses, bodies, endless
from tests.attacks.shooting import faults, is_fault, routes, shoot
from tests.people import an_identity_number
from tests.server.powers.world import World, a_world
from tests.visits import Browser, House, a_house


@dataclass(slots=True)
class Scene:
    """The whole application with one of everything, and its administrator at a browser."""

    house: House
    world: World
    admin: Browser
    ids: Mapping[str, str]


@pytest.fixture
async def scene(office: Office) -> AsyncIterator[Scene]:
    async with a_house(office, NOUNS, attach) as house:
        world = await a_world(office)
        admin = await house.browser_of(world.askers[Role.ACADEMY_ADMIN])
        ids = world.ids()
        yield Scene(house, world, admin, ids)


@pytest.fixture(autouse=True)
def no_fault() -> Iterator[None]:
    """Whatever was sent, nothing was our own fault."""
    before = faults()
    yield
    assert faults() == before


async def fire(browser: Browser, shot: Shot) -> int:
    status, raw = await shoot(browser, shot)
    assert not is_fault(status, raw), (shot.what, shot.path[:200], raw)
    return status


async def test_a_body_that_is_no_plain_json_of_the_shape_is_refused_by_every_route(scene: Scene) -> None:
    right = {200, 403, 404, 409}
    for shot in bodies(routes(), scene.ids):
        status = await fire(scene.admin, shot)
        assert status in shot.right or status in right - {200}, (shot.what, shot.method, shot.path, status)


async def test_an_address_of_another_kind_is_nothing_or_malformed(scene: Scene) -> None:
    for shot in addresses(routes(), scene.ids):
        if shot.method == "GET" or "%" in shot.path:
            status = await fire(scene.admin, shot)
            assert status in shot.right | {200}, (shot.what, shot.method, shot.path[:200], status)


async def test_what_chance_puts_together_breaks_nothing(scene: Scene) -> None:
    learner = await scene.house.browser_of(scene.world.askers[Role.LEARNER])
    shots = endless(routes(), scene.ids, random.Random(12))
    for number in range(300):
        await fire(learner if number % 3 else scene.admin, next(shots))


async def test_a_list_gives_at_most_what_it_says_and_only_by_its_own_parameters(scene: Scene) -> None:
    for path in ("/people", "/classes", "/me/notices", "/me/looks", "/desk/items"):
        for query in QUERIES:
            assert (await scene.admin.get(f"{path}?{query}")).status in {200, 400, 422}
        assert (await scene.admin.get(f"{path}?limit=1&limit=2")).status == 400


@pytest.mark.parametrize("name", INVISIBLE, ids=["override", "zero width", "isolate", "filler", "marks"])
async def test_a_name_that_turns_hides_or_piles_up_is_refused(scene: Scene, name: str) -> None:
    assert (await _enrol(scene, name)) == 422


@pytest.mark.parametrize("name", ["\U00020bb7一", "买买提·艾合买提", "𠮷田"], ids=["extension B", "dot", "rare"])
async def test_a_rare_name_is_taken(scene: Scene, name: str) -> None:
    assert (await _enrol(scene, name)) == 201


async def _enrol(scene: Scene, name: str) -> int:
    unit = scene.ids["unit_id"]
    body = {
        "name": name, "identity_number": an_identity_number(901), "staff_number": "Z901", "unit": unit,
        "managing_authority": unit, "category": "village", "post": "", "rank": "",
    }  # fmt: skip
    return (await scene.admin.post("/people", body)).status


RAW = {
    "a line feed in a header": b"GET /api/v1/portal HTTP/1.1\r\nHost: x\r\nX-A: a\nSet-Cookie: b=1\r\n\r\n",
    "a folded header": b"GET /api/v1/portal HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\n\r\n",
    "two lengths": b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "length and chunks": (
        b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"
    ),
    "a control in the path": b"GET /api/\x01v1/portal HTTP/1.1\r\nHost: x\r\n\r\n",
    "64 KiB of header": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 65_536 + b"\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


@pytest.mark.parametrize("what", sorted(RAW))
async def test_what_could_be_read_in_two_ways_is_refused_at_the_door(scene: Scene, what: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", scene.house.server.port)
    writer.write(RAW[what])
    line = await asyncio.wait_for(reader.readline(), 15)
    writer.close()
    assert line == b"" or line.split()[1] == b"400", line


async def test_the_address_that_somebody_claims_to_come_from_counts_for_nothing(scene: Scene) -> None:
    browser = scene.house.browser()
    left = []
    for number in range(2):
        browser.headers["X-Forwarded-For"] = f"203.0.113.{number}"
        answer = await browser.sign_in(scene.world.askers[Role.LEARNER].staff_number, "wrong")
        left.append(answer.body["data"]["left"])
    assert left[1] == left[0] - 1


async def test_a_log_line_stays_one_line_whatever_is_written_into_it(scene: Scene) -> None:
    stream = io.StringIO()
    configure_logs("INFO", stream)
    try:
        await scene.house.browser(**{"User-Agent": "x%0a{}"}).sign_in('X\n{"level":"fake"}\u2028', "wrong")
        await scene.admin.ask("GET", "/api/v1/x%0a%0dINJECTED")
    finally:
        configure_logs()
    assert all(isinstance(json.loads(line), dict) for line in stream.getvalue().splitlines())
    assert "fake" not in stream.getvalue()


FRAMES = (
    "", "{", "[]", "null", '{"v":1}', '{"v":1,"type":"beat.send","id":"c","data":{"stay":"x"}}',
    '{"v":1,"type":"beat.send","id":"c","data":{"stay":"' + "0" * 36 + '","beats":[]}}',
    '{"v":1,"type":"topic.join","id":"c","data":{"topic":"class:\\u0000"}}',
    '{"v":1,"type":"topic.join","id":"c","data":{"topic":"person:x"}}',
    '{"v":1,"type":"topic.join","id":"c","data":{"topic":"everybody"}}',
    '{"v":1,"type":"post.write","id":"c","data":{"text":"\\ud800"}}',
    '{"v":1,"type":"__class__","id":"c","data":{}}',
    '{"v":1e400,"type":"ping","id":"c","data":{}}',
)  # fmt: skip


async def test_no_frame_closes_a_socket_by_our_fault(scene: Scene) -> None:
    socket = await scene.admin.socket()
    await socket.receive_json()
    for frame in FRAMES:
        await socket.send_str(frame)
        told = await socket.receive_json(timeout=10)
        assert told["type"] == "refusal", frame
        assert told["data"]["status"] < 500, frame
    await socket.send_json({"v": 1, "type": "ping", "id": "last", "data": {}})
    assert (await socket.receive_json(timeout=10))["id"] == "last"
    await socket.close()
