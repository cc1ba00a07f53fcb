"""The socket: acknowledgements, events, resuming, and peers that mean no good."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient

from server.base.bus import Message
from server.base.keys import HUB
from server.base.office import Office
from server.base.work import SYSTEM
from tests.server.base.toy import ELSEWHERE, THERE, Doorkeeper, client, push

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Client = TestClient[Any, Any]


@pytest.fixture
def doorkeeper() -> Doorkeeper:
    return Doorkeeper()


@pytest.fixture
async def anyone(office: Office, doorkeeper: Doorkeeper) -> AsyncIterator[Client]:
    async with client(office, doorkeeper) as found:
        yield found


async def _open(anyone: Client, who: str = "learner", **headers: str) -> tuple[ClientWebSocketResponse, dict[str, Any]]:
    socket = await anyone.ws_connect("/socket", headers={"Cookie": f"session={who}", **headers})
    ready = await socket.receive_json(timeout=5)
    assert ready["type"] == "socket.ready"
    return socket, ready["data"]


async def _ask(socket: ClientWebSocketResponse, type: str, id: str = "c1", **data: Any) -> dict[str, Any]:
    await socket.send_json({"v": 1, "type": type, "id": id, "data": data})
    answer: dict[str, Any] = await socket.receive_json(timeout=5)
    return answer


async def test_a_message_is_acknowledged_under_its_id(anyone: Client) -> None:
    socket, _ = await _open(anyone)
    assert await _ask(socket, "toy.add", a=1, b=2) == {"v": 1, "type": "ack", "id": "c1", "data": {"total": 3}}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not json", "json.malformed"),
        ("[]", "message.malformed"),
        ('{"v":2,"type":"toy.add","id":"c1","data":{}}', "message.malformed"),
        ('{"v":1,"type":"toy.add","id":"c1","data":[]}', "message.malformed"),
        ('{"v":1,"type":"toy.add","id":"c1","data":{},"more":1}', "message.malformed"),
        ('{"v":1,"type":"no.such","id":"c1","data":{}}', "message.unknown"),
        ('{"v":1,"type":"toy.add","id":"c1","data":{"a":1,"b":2,"approved":true}}', "field.unknown"),
        ('{"v":1,"type":"toy.add","id":"c1","data":{"a":"\\u0000","b":2}}', "json.malformed"),
        ('{"v":1,"type":"toy.break","id":"c1","data":{}}', "server.fault"),
    ],
)
async def test_a_wrong_message_is_refused_and_the_socket_stays(anyone: Client, text: str, code: str) -> None:
    socket, _ = await _open(anyone)
    await socket.send_str(text)
    answer = await socket.receive_json(timeout=5)
    assert (answer["type"], answer["data"]["code"]) == ("refusal", code)
    assert "secret" not in json.dumps(answer)
    assert (await _ask(socket, "ping"))["type"] == "ack"


async def test_what_is_told_to_a_topic_reaches_those_who_joined_it(anyone: Client, office: Office) -> None:
    socket, _ = await _open(anyone, "admin")
    assert (await _ask(socket, "topic.join", topic=f"toy:{THERE}"))["type"] == "ack"
    await office.do(SYSTEM, push, f"toy:{THERE}", "你好")
    told = await socket.receive_json(timeout=5)
    assert (told["type"], told["event"], told["data"]) == ("toy.told", 1, {"text": "你好"})


async def test_events_of_one_moment_come_as_one_frame(anyone: Client, office: Office) -> None:
    socket, _ = await _open(anyone, "admin")
    await _ask(socket, "topic.join", topic=f"toy:{THERE}")
    for text in "abc":
        office.bus.publish(Message(f"toy:{THERE}", "toy.told", {"text": text}))
    frame = await socket.receive_json(timeout=5)
    assert (frame["type"], [each["data"]["text"] for each in frame["data"]]) == ("batch", ["a", "b", "c"])


async def test_a_topic_of_somebody_else_answers_as_one_that_does_not_exist(anyone: Client) -> None:
    socket, _ = await _open(anyone)
    elsewhere = await _ask(socket, "topic.join", topic=f"toy:{ELSEWHERE}")
    nowhere = await _ask(socket, "topic.join", topic=f"toy:{'0' * 8}-0000-0000-0000-{'f' * 12}")
    assert elsewhere == nowhere
    assert elsewhere["data"]["code"] == "toy.unknown"


async def test_a_lost_line_is_resumed_where_it_broke(anyone: Client, office: Office) -> None:
    socket, ready = await _open(anyone, "admin")
    await _ask(socket, "topic.join", topic=f"toy:{THERE}")
    await office.do(SYSTEM, push, f"toy:{THERE}", "1")
    heard = await socket.receive_json(timeout=5)
    await socket.close()
    await office.do(SYSTEM, push, f"toy:{THERE}", "2")
    await asyncio.sleep(0.1)
    again, _ = await _open(anyone, "admin")
    await again.send_json(
        {"v": 1, "type": "socket.resume", "id": "r", "data": {"queue": ready["queue"], "last_event": heard["event"]}}
    )
    frames = [await again.receive_json(timeout=5), await again.receive_json(timeout=5)]
    assert sorted(frame["type"] for frame in frames) == ["ack", "toy.told"]
    await office.do(SYSTEM, push, f"toy:{THERE}", "3")
    assert (await again.receive_json(timeout=5))["data"] == {"text": "3"}


async def test_what_other_processes_said_in_vain_leaves_a_hole_in_the_numbers(anyone: Client, office: Office) -> None:
    socket, ready = await _open(anyone)
    anyone.app[HUB].missed()
    told = await socket.receive_json(timeout=5)
    assert (told["type"], told["event"]) == ("queue.hole", ready["event"] + 2)


async def test_a_queue_of_another_person_or_of_long_ago_is_gone(anyone: Client) -> None:
    _, ready = await _open(anyone, "admin")
    socket, _ = await _open(anyone)
    for queue in (ready["queue"], "x"):
        answer = await _ask(socket, "socket.resume", queue=queue, last_event=0)
        assert answer["data"]["code"] == "queue.gone"


async def test_a_session_that_ends_closes_its_socket_at_once(
    anyone: Client, office: Office, doorkeeper: Doorkeeper
) -> None:
    socket, _ = await _open(anyone)
    doorkeeper.ended.add("learner")
    office.bus.publish(Message("session:s1", "session.ended", {"reason": "stopped"}))
    assert (await socket.receive_json(timeout=5))["type"] == "session.ended"
    closed = await socket.receive(timeout=5)
    assert (closed.type, closed.data) == (WSMsgType.CLOSE, 4401)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Cookie": "session=learner", "Origin": "https://elsewhere.example"}, 403),
        ({"Cookie": "session=nobody"}, 401),
        ({"Cookie": "session=new"}, 403),
    ],
)
async def test_foreign_pages_and_strangers_get_no_socket(anyone: Client, headers: dict[str, str], status: int) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await anyone.ws_connect("/socket", headers=headers)
    assert refused.value.status == status


async def test_a_frame_over_64_kib_closes_the_socket_1009(anyone: Client) -> None:
    socket, _ = await _open(anyone)
    await socket.send_str("x" * 70_000)
    closed = await socket.receive(timeout=5)
    assert (closed.type, closed.data) == (WSMsgType.CLOSE, 1009)


async def test_binary_frames_are_not_spoken_here(anyone: Client) -> None:
    socket, _ = await _open(anyone)
    await socket.send_bytes(b"\0")
    closed = await socket.receive(timeout=5)
    assert (closed.type, closed.data) == (WSMsgType.CLOSE, 1003)


async def test_a_flood_is_first_refused_and_then_closed(anyone: Client) -> None:
    socket, _ = await _open(anyone)
    for number in range(200):
        await socket.send_json({"v": 1, "type": "ping", "id": str(number), "data": {}})
    kinds: list[str] = []
    while (message := await socket.receive(timeout=5)).type is WSMsgType.TEXT:
        kinds.append(message.json()["type"])
    assert "refusal" in kinds
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1008)


async def test_who_was_closed_for_a_flood_gains_nothing_by_coming_again(anyone: Client) -> None:
    socket, _ = await _open(anyone)
    for number in range(200):
        await socket.send_json({"v": 1, "type": "ping", "id": str(number), "data": {}})
    while (await socket.receive(timeout=5)).type is WSMsgType.TEXT:
        pass
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await _open(anyone)
    assert refused.value.status == 429
    await _open(anyone, "admin")


async def test_compression_is_never_agreed_so_no_bomb_can_unfold(anyone: Client) -> None:
    socket = await anyone.ws_connect("/socket", headers={"Cookie": "session=learner"}, compress=15)
    assert socket.compress == 0


async def test_a_graceful_stop_tells_every_page_when_to_come_back(office: Office, doorkeeper: Doorkeeper) -> None:
    served = client(office, doorkeeper)
    await served.start_server()
    socket, _ = await _open(served)
    stopping = asyncio.create_task(served.server.close())
    told = await socket.receive_json(timeout=5)
    assert told["type"] == "server.reconnect"
    assert 0 <= told["data"]["after_ms"] <= 10_000
    assert (await socket.receive(timeout=5)).data == 1012
    await socket.close()
    await stopping
    await served.close()


async def test_a_stop_with_another_process_beside_it_leaves_every_page_its_time(
    office: Office, doorkeeper: Doorkeeper
) -> None:
    served = client(office, doorkeeper)
    await served.start_server()
    socket, _ = await _open(served)
    assert served.app is not None
    hub = served.app[HUB]
    stopping = asyncio.create_task(hub.send_away(0.1, office.chance.random))
    assert (await socket.receive_json(timeout=5))["type"] == "server.reconnect"
    await socket.send_json({"v": 1, "type": "ping", "id": "1", "data": {}})
    assert (await socket.receive_json(timeout=5))["type"] == "ack"
    await socket.close()
    await asyncio.wait_for(stopping, 2)
    await served.close()
