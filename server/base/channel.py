"""The one socket of a browser (RFC 6455): messages in, acknowledgements and events out.

Theory of operation. Every socket belongs to a `Queue` that holds its topics and the events it was
told; a lost line is resumed by `(queue, last_event)`. Events of a topic gather for 50 ms and leave
as one frame, encoded once for all. A socket that does not read is closed rather than waited for.
"""

import asyncio
import contextlib
import json
from collections import defaultdict, deque
from typing import Any
from uuid import UUID

from aiohttp import WSCloseCode, WSMsgType, web

from server.base.api import Ask, Route, Session
from server.base.bus import Message
from server.base.dispatch import Front, check_origin, cookie_name
from server.base.json_in import BadJson, loads
from server.base.observe import FAULTS, SLOW_READERS, SOCKETS, log
from server.base.problem import problem, refusal_of
from server.base.queue import KEPT_S, Queue, frame
from server.rules.refusal import Refusal, unknown

MAX_FRAME = 64 * 1024
GATHER_S = 0.05
DEAD_S = 45.0
SWEEP_S = 5.0
YIELD_EVERY = 500
MAX_BACKLOG = 256
MAX_BACKLOG_BYTES = 1024 * 1024
BURST, PER_S = 60.0, 20.0
TOPICS_EACH = 20
SIGNED_OUT = 4401

_log = log("channel")


class Socket:
    """One open line; its queue may outlive it."""

    __slots__ = ("backlog", "flushing", "id", "queue", "request", "seen", "session", "token", "tokens", "ws")

    def __init__(self, ws: web.WebSocketResponse, request: web.Request, session: Session, queue: Queue) -> None:
        self.ws = ws
        self.request = request
        self.session = session
        self.queue = queue
        self.id = queue.id
        self.seen = asyncio.get_running_loop().time()
        self.tokens = BURST
        self.backlog: deque[str] = deque()
        self.flushing: asyncio.Task[None] | None = None

    def allow(self, now: float) -> bool:
        """Whether one more message is within the pace (a bucket of `BURST`, filled at `PER_S`)."""
        self.tokens = min(BURST, self.tokens + (now - self.seen) * PER_S) - 1
        self.seen = now
        return self.tokens >= 0

    async def offer(self, text: str) -> None:
        """Send now if the peer reads, else keep in a short backlog; give up on who never reads."""
        transport = self.request.transport
        if transport is None or self.ws.closed:
            return
        if not self.backlog and transport.get_write_buffer_size() == 0:
            with contextlib.suppress(ConnectionError):
                await self.ws.send_str(text)
            return
        self.backlog.append(text)
        if len(self.backlog) > MAX_BACKLOG or transport.get_write_buffer_size() > MAX_BACKLOG_BYTES:
            SLOW_READERS.inc()
            self.backlog.clear()
            transport.abort()
        elif self.flushing is None or self.flushing.done():
            self.flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        with contextlib.suppress(ConnectionError):
            while self.backlog:
                await self.ws.send_str(self.backlog.popleft())


class Hub:
    """All sockets of this process, and who listens to what."""

    def __init__(self, front: Front, routes: list[Route], max_sockets: int) -> None:
        self.front = front
        self._messages = {route.path: route for route in routes if route.method == "MESSAGE"}
        self._topics = {route.path: route for route in routes if route.method == "TOPIC"}
        self._max = max_sockets
        self.queues: dict[str, Queue] = {}
        self.sockets: dict[str, Socket] = {}
        self._listening: defaultdict[str, dict[Queue, None]] = defaultdict(dict)
        self._waiting: defaultdict[str, list[Message]] = defaultdict(list)
        self._flush: asyncio.Task[None] | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self.stopping = False
        front.office.bus.listen("", self.tell)

    # --- telling ----------------------------------------------------------------------------

    def tell(self, message: Message) -> None:
        """Take a message of the bus; it reaches every listener within `GATHER_S`."""
        if message.topic.startswith("session:"):
            self._end_session(message.topic.removeprefix("session:"), message)
        elif self._listening.get(message.topic):
            self._waiting[message.topic].append(message)
            if self._flush is None or self._flush.done():
                self._flush = asyncio.create_task(self._gather())

    async def _gather(self) -> None:
        await asyncio.sleep(GATHER_S)
        while self._waiting:
            topic, messages = self._waiting.popitem()
            tail = _tail(messages)
            for count, queue in enumerate(list(self._listening.get(topic, ())), 1):
                text = queue.add(tail)
                if socket := self.sockets.get(queue.id):
                    await socket.offer(text)
                if count % YIELD_EVERY == 0:
                    await asyncio.sleep(0)

    def _end_session(self, session: str, message: Message) -> None:
        for socket in [each for each in self.sockets.values() if each.session.id == session]:
            if message.type == "session.ended":
                asyncio.create_task(self._sign_out(socket, message.data))  # noqa: RUF006

    async def _sign_out(self, socket: Socket, data: dict[str, Any]) -> None:
        with contextlib.suppress(ConnectionError):
            await socket.ws.send_str(json.dumps({"v": 1, "type": "session.ended", "data": data}))
            await socket.ws.close(code=SIGNED_OUT)
        self._forget(socket.queue)

    # --- listening --------------------------------------------------------------------------

    def subscribe(self, queue: Queue, topic: str) -> None:
        if len(queue.topics) >= TOPICS_EACH and topic not in queue.topics:
            raise Refusal("topic.too_many", status=429)
        queue.topics.add(topic)
        self._listening[topic][queue] = None

    def unsubscribe(self, queue: Queue, topic: str) -> None:
        queue.topics.discard(topic)
        self._listening[topic].pop(queue, None)
        if not self._listening[topic]:
            del self._listening[topic]

    def listeners(self, topic: str) -> list[Queue]:
        """The queues with an open socket that listen to `topic`."""
        return [queue for queue in self._listening.get(topic, ()) if queue.id in self.sockets]

    def _forget(self, queue: Queue) -> None:
        for topic in list(queue.topics):
            self.unsubscribe(queue, topic)
        self.queues.pop(queue.id, None)

    # --- one socket -------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """`GET /socket`: only from our own pages, only signed in."""
        check_origin(request, self.front.services)
        session = await self._session(request)
        if session is None or session.actor.id is None:
            raise Refusal("session.missing", status=401)
        if session.restricted:
            raise Refusal("session.restricted", status=403)
        if len(self.sockets) >= self._max or self.stopping:
            raise Refusal("server.busy", status=503, retry_after_s=5)
        ws = web.WebSocketResponse(max_msg_size=MAX_FRAME, compress=False, autoping=True, timeout=2.0)
        await ws.prepare(request)
        queue = self._new_queue(session, session.actor.id)
        socket = Socket(ws, request, session, queue)
        self.sockets[queue.id] = socket
        SOCKETS.set(len(self.sockets))
        try:
            await self._greet(socket)
            await self._listen(socket)
        finally:
            self._leave(socket)
        return ws

    async def _session(self, request: web.Request) -> Session | None:
        return await self.front.doorkeeper.session(request.cookies.get(cookie_name(self.front.services)))

    def _new_queue(self, session: Session, account: UUID) -> Queue:
        from secrets import token_urlsafe

        queue = Queue(token_urlsafe(12), account, session.id)
        self.queues[queue.id] = queue
        self.subscribe(queue, f"person:{account}")
        return queue

    async def _greet(self, socket: Socket) -> None:
        data = {"queue": socket.queue.id, "event": socket.queue.number, "heartbeat_s": 15}
        data["server_time"] = self.front.office.clock.now().isoformat().replace("+00:00", "Z")
        await socket.ws.send_str(json.dumps({"v": 1, "type": "socket.ready", "data": data}))

    async def _listen(self, socket: Socket) -> None:
        loop = asyncio.get_running_loop()
        async for message in socket.ws:
            if message.type is not WSMsgType.TEXT:
                await socket.ws.close(code=WSCloseCode.UNSUPPORTED_DATA)
                return
            if not socket.allow(loop.time()):
                if socket.tokens < -BURST:
                    await socket.ws.close(code=WSCloseCode.POLICY_VIOLATION)
                    return
                await self._refuse(socket, None, Refusal("message.too_often", status=429))
                continue
            await self._hear(socket, message.data)

    async def _hear(self, socket: Socket, text: str) -> None:
        id: str | None = None
        try:
            envelope = loads(text)
            if not isinstance(envelope, dict) or envelope.get("v") != 1:
                raise Refusal("message.malformed", status=400)
            id = envelope.get("id") if isinstance(envelope.get("id"), str) else None
            data = envelope.get("data", {})
            if not isinstance(envelope.get("type"), str) or not isinstance(data, dict) or set(envelope) - _MEMBERS:
                raise Refusal("message.malformed", status=400)
            answer = await self._handle(socket, envelope["type"], data)
            await self._reply(socket, {"v": 1, "type": "ack", "id": id, "data": answer})
        except Exception as error:
            await self._refuse(socket, id, error)

    async def _handle(self, socket: Socket, type: str, data: dict[str, Any]) -> Any:
        if type == "ping":
            return {}
        session = await self._session(socket.request)
        if session is None or session.id != socket.session.id:
            await self._sign_out(socket, {"reason": "session.missing"})
            raise Refusal("session.missing", status=401)
        socket.session = session
        if own := _OWN.get(type):
            return await own(self, socket, data)
        route = self._messages.get(type)
        if route is None or route.body is None:
            raise Refusal("message.unknown", status=404)
        body = route.body.validate_python(data)
        ask = self._ask(socket)
        await self.front.admit(ask, route, {"body": body} if route.target is not None else {})
        result = await route.handler(ask, body=body)
        return result.model_dump(mode="json") if hasattr(result, "model_dump") else {}

    def _ask(self, socket: Socket) -> Ask:
        front = self.front
        return Ask(
            front.office, front.services, socket.session.actor, socket.session, front.doorkeeper, socket.request,
            SocketHandle(self, socket),
        )  # fmt: skip

    async def _reply(self, socket: Socket, envelope: dict[str, Any]) -> None:
        await socket.offer(json.dumps(envelope, ensure_ascii=False, separators=(",", ":")))

    async def _refuse(self, socket: Socket, id: str | None, error: Exception) -> None:
        refusal = refusal_of(error)
        if refusal is None:
            FAULTS.labels("socket").inc()
            _log.error("fault", where="socket", exc_info=error)
            refusal = Refusal("server.fault", status=500)
        await self._reply(socket, {"v": 1, "type": "refusal", "id": id, "data": problem(refusal)})

    def _leave(self, socket: Socket) -> None:
        if self.sockets.get(socket.queue.id) is socket:
            del self.sockets[socket.queue.id]
            socket.queue.left_at = asyncio.get_running_loop().time()
        SOCKETS.set(len(self.sockets))

    # --- the channel's own messages -----------------------------------------------------------

    async def _resume(self, socket: Socket, data: dict[str, Any]) -> dict[str, Any]:
        old = self.queues.get(str(data.get("queue")))
        last = data.get("last_event")
        missed = old.after(last) if old is not None and isinstance(last, int) else None
        if old is None or missed is None or old.account != socket.queue.account or old is socket.queue:
            raise Refusal("queue.gone", status=410)
        if previous := self.sockets.pop(old.id, None):
            await previous.ws.close(code=WSCloseCode.GOING_AWAY)
        self._forget(socket.queue)
        self.sockets.pop(socket.queue.id, None)
        socket.queue, socket.id, old.left_at = old, old.id, None
        old.session = socket.session.id
        self.sockets[old.id] = socket
        for text in missed:
            await socket.offer(text)
        return {"queue": old.id, "event": old.number, "topics": sorted(old.topics)}

    async def _join(self, socket: Socket, data: dict[str, Any]) -> dict[str, Any]:
        topic = str(data.get("topic", ""))[:100]
        kind, _, name = topic.rpartition(":") if topic.count(":") else (topic, "", "")
        route = self._topics.get(kind)
        if route is None:
            raise unknown("topic")
        params: dict[str, Any] = {}
        if route.target is not None:
            try:
                params["id"] = UUID(name.split(".")[0])
            except ValueError as error:
                raise unknown(route.noun) from error
        elif name:
            raise unknown("topic")
        await self.front.admit(self._ask(socket), route, params)
        self.subscribe(socket.queue, topic)
        return {"event": socket.queue.number}

    async def _part(self, socket: Socket, data: dict[str, Any]) -> dict[str, Any]:
        topic = str(data.get("topic", ""))
        if topic != f"person:{socket.queue.account}":
            self.unsubscribe(socket.queue, topic)
        return {}

    # --- life of the process ------------------------------------------------------------------

    def start(self) -> None:
        self._sweeper = asyncio.create_task(self._sweep(), name="socket sweeper")

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_S)
            now = loop.time()
            for socket in [each for each in self.sockets.values() if now - each.seen > DEAD_S]:
                if socket.request.transport is not None:
                    socket.request.transport.abort()
            for queue in [each for each in self.queues.values() if each.left_at and now - each.left_at > KEPT_S]:
                self._forget(queue)

    async def stop(self) -> None:
        """Tell every page to come back, each after another while; then close."""
        self.stopping = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._flush is not None:
            await self._flush
        for socket in list(self.sockets.values()):
            after = round(self.front.office.chance.random() * 10_000)
            text = json.dumps({"v": 1, "type": "server.reconnect", "data": {"after_ms": after}})
            with contextlib.suppress(ConnectionError):
                await socket.ws.send_str(text)
                await socket.ws.close(code=WSCloseCode.SERVICE_RESTART)


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
        """Tell only this page, in order with its other events."""
        text = self._socket.queue.add(_tail([Message("", type, data)]))
        asyncio.create_task(self._socket.offer(text))  # noqa: RUF006


_MEMBERS = {"v", "type", "id", "data"}
_OWN = {"socket.resume": Hub._resume, "topic.join": Hub._join, "topic.leave": Hub._part}


def _tail(messages: list[Message]) -> str:
    """The frame of `messages` after its number: one event as itself, several as a `batch`."""
    if len(messages) == 1:
        type, data = messages[0].type, json.dumps(messages[0].data, ensure_ascii=False, default=str)
        return f'"type":{json.dumps(type)},"data":{data}}}'
    many = [{"type": message.type, "data": message.data} for message in messages]
    return f'"type":"batch","data":{json.dumps(many, ensure_ascii=False, default=str)}}}'


__all__ = ["BadJson", "Hub", "Socket", "SocketHandle", "frame"]
