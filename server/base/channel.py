"""The one socket of a browser: envelopes in, acknowledgements, refusals and events out.

`{v: 1, type: "noun.verb", id, data}` is answered by `ack` or `refusal` with the same id. The
channel's own messages are `ping`, `socket.resume`, `topic.join` and `topic.leave`; all others are
declared by the nouns like their endpoints.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from aiohttp import ClientConnectionResetError, WSCloseCode, WSMsgType, web

from server.base.api import Ask, Route, Session
from server.base.bus import Message
from server.base.clock import rfc3339
from server.base.dispatch import Front, check_origin, cookie_name
from server.base.hub import Hub
from server.base.json_in import loads
from server.base.keys import REQUEST_ID
from server.base.observe import FAULTS, log
from server.base.problem import problem, refusal_of, taken
from server.base.socket import Socket
from server.rules.refusal import Refusal, unknown

PEOPLE = "people"
"""The topic of news about persons: `person.changed` with the `account` whose powers have to be asked anew."""

MAX_FRAME = 64 * 1024
HEARTBEAT_S = 15

_MEMBERS = {"v", "type", "id", "data"}
_log = log("channel")


class Channel:
    """Answers sockets at `GET /socket`."""

    def __init__(self, front: Front, hub: Hub, routes: list[Route]) -> None:
        self.front = front
        self.hub = hub
        self._messages = {route.path: route for route in routes if route.method == "MESSAGE"}
        self._topics = {route.path: route for route in routes if route.method == "TOPIC"}
        self._tasks: set[asyncio.Task[None]] = set()
        front.office.bus.listen(PEOPLE, self._person_changed)
        self._own: dict[str, Callable[[Socket, dict[str, Any]], Awaitable[dict[str, Any]]]] = {
            "ping": self._ping,
            "socket.resume": self._resume,
            "topic.join": self._join,
            "topic.leave": self._part,
        }

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Only from our own pages, only signed in, one frame at most 64 KiB, never compressed."""
        session = await self._admit(request)
        assert session.actor.id is not None
        pace = self.hub.pace(session.actor.id)
        if not pace.take(asyncio.get_running_loop().time()):
            raise Refusal("message.too_often", status=429)
        ws = web.WebSocketResponse(max_msg_size=MAX_FRAME, compress=False, autoping=True, timeout=2.0)
        try:
            await ws.prepare(request)
        except ClientConnectionResetError:  # gone before it was let in: no fault of ours
            return ws
        socket = Socket(ws, request, session, self.hub.new_queue(session.actor.id, session.id), pace)
        self.hub.enter(socket)
        try:
            await self._greet(socket)
            await self._listen(socket)
        finally:
            self.hub.leave(socket)
        return ws

    async def _admit(self, request: web.Request) -> Session:
        check_origin(request, self.front.services)
        session = await self._session(request, used=False)
        if session is None or session.actor.id is None:
            raise Refusal("session.missing", status=401)
        if session.restricted:
            raise Refusal("session.restricted", status=403)
        if len(self.hub.sockets) >= self.hub.max_sockets or self.hub.left:
            raise Refusal("server.busy", status=503, retry_after_s=5)
        return session

    async def _session(self, request: web.Request, *, used: bool) -> Session | None:
        return await self.front.doorkeeper.session(request.cookies.get(cookie_name(self.front.services)), used=used)

    async def _greet(self, socket: Socket) -> None:
        now = rfc3339(self.front.office.clock.now())
        data = {"queue": socket.queue.id, "event": socket.queue.number, "heartbeat_s": HEARTBEAT_S, "server_time": now}
        await socket.offer(json.dumps({"v": 1, "type": "socket.ready", "data": data}))

    async def _listen(self, socket: Socket) -> None:
        loop = asyncio.get_running_loop()
        async for message in socket.ws:
            if message.type is not WSMsgType.TEXT:
                await socket.hang_up(WSCloseCode.UNSUPPORTED_DATA)
                return
            if socket.allow(loop.time()):
                await self._hear(socket, message.data)
            elif socket.pace.spent:
                await socket.hang_up(WSCloseCode.POLICY_VIOLATION)
                return
            else:
                await self._refuse(socket, None, Refusal("message.too_often", status=429))

    async def _hear(self, socket: Socket, text: str) -> None:
        id: str | None = None
        try:
            envelope = loads(text)
            id = _id_of(envelope)
            type, data = _read(envelope)
            answer = await self._answer(socket, type, data)
            await socket.offer(f'{{"v":1,"type":"ack","id":{json.dumps(id)},"data":{answer}}}')
        except Exception as error:
            await self._refuse(socket, id, error)

    async def _answer(self, socket: Socket, type: str, data: dict[str, Any]) -> str:
        """The JSON of the answer."""
        route = self._messages.get(type)
        session = await self._session(socket.request, used=route is not None and route.used)
        if session is None or session.id != socket.session.id:
            await self.hub.sign_out(socket, "session.missing")
            raise Refusal("session.missing", status=401)
        socket.session = session
        if own := self._own.get(type):
            return json.dumps(await own(socket, data))
        if route is None or route.body is None:
            raise Refusal("message.unknown", status=404)
        body = taken(route.body.validate_python, data)
        ask = self._ask(socket)
        await self.front.admit(ask, route, {"body": body} if route.target is not None else {})
        if route.weight and not socket.pace.take(asyncio.get_running_loop().time(), route.weight):
            raise Refusal("message.too_often", status=429)
        result = await route.handler(ask, body=body)
        return result.model_dump_json() if result is not None else "{}"

    # --- whoever may no longer listen ---------------------------------------------------------

    def _person_changed(self, message: Message) -> None:
        """Ask again about what the pages of a person listen to; a page whose line is broken has to begin anew."""
        for queue in [each for each in self.hub.queues.values() if str(each.account) == message.data["account"]]:
            socket = self.hub.sockets.get(queue.id)
            if socket is None:
                self.hub.forget(queue)
                continue
            task = asyncio.create_task(self._ask_again(socket))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask_again(self, socket: Socket) -> None:
        session = await self._session(socket.request, used=False)
        if session is None or session.id != socket.session.id:
            return
        socket.session = session
        for topic in list(socket.queue.topics):
            try:
                await self._admit_topic(socket, topic)
            except Refusal:
                self.hub.unsubscribe(socket.queue, topic)
                self.hub.hole(socket.queue)  # the page asks anew and is told why

    def _ask(self, socket: Socket) -> Ask:
        front, session = self.front, socket.session
        handle = SocketHandle(self.hub, socket)
        return Ask(front.office, front.services, session.actor, session, front.doorkeeper, socket.request, handle)

    async def _refuse(self, socket: Socket, id: str | None, error: Exception) -> None:
        refusal = refusal_of(error)
        if refusal is None:
            FAULTS.labels("socket").inc()
            _log.error("fault", where="socket", request_id=socket.request[REQUEST_ID], exc_info=error)
            refusal = Refusal("server.fault", status=500)
        answer = {"v": 1, "type": "refusal", "id": id, "data": problem(refusal)}
        await socket.offer(json.dumps(answer, ensure_ascii=False, separators=(",", ":"), default=str))

    # --- the channel's own messages -----------------------------------------------------------

    async def _ping(self, socket: Socket, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    async def _resume(self, socket: Socket, data: dict[str, Any]) -> dict[str, Any]:
        """Take up an earlier queue and hear what was missed; `queue.gone` when it is not all here."""
        old = self.hub.queues.get(str(data.get("queue")))
        last = data.get("last_event")
        missed = old.after(last) if old is not None and isinstance(last, int) else None
        if old is None or missed is None or old.account != socket.queue.account or old is socket.queue:
            raise Refusal("queue.gone", status=410)
        await self.hub.move(socket, old)
        for text in missed:
            await socket.offer(text)
        return {"queue": old.id, "event": old.number, "topics": sorted(old.topics)}

    async def _join(self, socket: Socket, data: dict[str, Any]) -> dict[str, Any]:
        """Listen to `kind`, `kind:<id>` or `kind:<id>:<part>` (the kind with its part is declared as one)."""
        topic = str(data.get("topic", ""))[:100]
        if not await self._admit_topic(socket, topic):
            raise unknown("topic")
        self.hub.subscribe(socket.queue, topic)
        return {"event": socket.queue.number}

    async def _admit_topic(self, socket: Socket, topic: str) -> bool:
        """Refuse what the person may not listen to; False for what is no declared topic."""
        kind, _, rest = topic.partition(":")
        id, _, part = rest.partition(":")
        route = self._topics.get(f"{kind}:{part}" if part else kind)
        if route is None or (route.target is None) != (not rest):
            return False
        ask, params = self._ask(socket), {"id": _uuid(id, route.noun)} if rest else {}
        await self.front.admit(ask, route, params)
        await route.handler(ask, **params)
        return True

    async def _part(self, socket: Socket, data: dict[str, Any]) -> dict[str, Any]:
        topic = str(data.get("topic", ""))
        if topic != f"person:{socket.queue.account}":
            self.hub.unsubscribe(socket.queue, topic)
        return {}


class SocketHandle:
    """What a handler may do with the socket on which it was asked."""

    __slots__ = ("_hub", "_socket", "id")

    def __init__(self, hub: Hub, socket: Socket) -> None:
        self._hub = hub
        self._socket = socket
        self.id = socket.queue.id

    def subscribe(self, topic: str) -> None:
        self._hub.subscribe(self._socket.queue, topic)

    def unsubscribe(self, topic: str) -> None:
        self._hub.unsubscribe(self._socket.queue, topic)

    def send(self, type: str, data: dict[str, Any]) -> None:
        self._hub.tell_one(self._socket, Message("", type, data))


def _id_of(envelope: Any) -> str | None:
    id = envelope.get("id") if isinstance(envelope, dict) else None
    return id[:64] if isinstance(id, str) else None


def _read(envelope: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(envelope, dict) or envelope.get("v") != 1 or set(envelope) - _MEMBERS:
        raise Refusal("message.malformed", status=400)
    type, data = envelope.get("type"), envelope.get("data", {})
    if not isinstance(type, str) or not isinstance(data, dict):
        raise Refusal("message.malformed", status=400)
    return type, data


def _uuid(text: str, noun: str) -> UUID:
    try:
        found = UUID(text)
    except ValueError as error:
        raise unknown(noun) from error
    if str(found) != text:
        raise unknown(noun)
    return found
