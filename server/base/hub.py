"""All sockets of this process and who listens to what: events of a topic leave once for all who listen.

An event leaves at once, encoded once; those of the 50 ms after it leave together as one frame. Queues
without a socket go on collecting for a while, so that a broken line can be resumed.
"""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Callable
from secrets import token_urlsafe
from uuid import UUID

from aiohttp import WSCloseCode

from server.base.bus import Bus, Message
from server.base.observe import SOCKETS
from server.base.queue import KEPT_S, Queue, frame, frame_bytes
from server.base.socket import Pace, Socket
from server.rules.refusal import Refusal

GATHER_S = 0.05
DEAD_S = 45.0
SWEEP_S = 5.0
LINGER_S = 3.0
"""How much longer than it was told a page may stay at a process that stops."""

COME_BACK = 160
"""Pages a second that are told to come: about what one process takes in on one core (`tests.load.join`)."""

YIELD_EVERY = 500
TOPICS_EACH = 20
SIGNED_OUT = 4401
EVERYBODY = "everybody"
"""The topic to which every page listens."""


class Hub:
    """Queues, their topics and their sockets."""

    def __init__(self, bus: Bus, max_sockets: int) -> None:
        self.max_sockets = max_sockets
        self.stopping = False
        """Whether whoever sends visitors is to send them elsewhere."""
        self.left = False
        """Whether the pages have been sent away, so that none is taken any more."""
        self.queues: dict[str, Queue] = {}
        self.sockets: dict[str, Socket] = {}
        self._paces: dict[UUID, Pace] = {}
        self._listening: defaultdict[str, dict[Queue, None]] = defaultdict(dict)
        self._waiting: defaultdict[str, list[Message]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()
        self._flush: asyncio.Task[None] | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._empty = asyncio.Event()
        bus.listen("", self.tell)
        bus.when_missed(self.missed)

    # --- telling ----------------------------------------------------------------------------

    def tell(self, message: Message) -> None:
        """Take a message of the bus; it reaches every listener within `GATHER_S`."""
        if message.topic.startswith("session:"):
            if message.type == "session.ended":
                self._end_session(message)
        elif self._listening.get(message.topic):
            self._waiting[message.topic].append(message)
            if self._flush is None or self._flush.done():
                self._flush = asyncio.create_task(self._gather())

    async def _gather(self) -> None:
        """Send what waits at once; what comes within `GATHER_S` after that leaves together."""
        while self._waiting:
            waiting, self._waiting = self._waiting, defaultdict(list)
            for topic, messages in waiting.items():
                await self._spread(topic, frame_tail(messages))
            await asyncio.sleep(GATHER_S)

    async def _spread(self, topic: str, tail: str) -> None:
        encoded = tail.encode()
        for count, queue in enumerate(list(self._listening.get(topic, ())), 1):
            number = queue.add(tail)
            socket = self.sockets.get(queue.id)
            if socket is not None and not socket.write(frame_bytes(number, encoded)):
                await socket.offer(frame(number, tail))
            if count % YIELD_EVERY == 0:
                await asyncio.sleep(0)

    def tell_one(self, socket: Socket, message: Message) -> None:
        """Tell only one page, in order with its other events."""
        tail = frame_tail([message])
        self._soon(socket, frame(socket.queue.add(tail), tail))

    def missed(self) -> None:
        """Messages of other processes were lost: leave a hole in every queue, so that its page asks for a snapshot."""
        for queue in self.queues.values():
            self.hole(queue)

    def hole(self, queue: Queue) -> None:
        """Let the page of a queue ask for a snapshot."""
        tail = frame_tail([Message("", "queue.hole")])
        queue.kept.clear()
        queue.number += 1
        number, socket = queue.add(tail), self.sockets.get(queue.id)
        if socket is not None:
            self._soon(socket, frame(number, tail))

    def _soon(self, socket: Socket, text: str) -> None:
        task = asyncio.create_task(socket.offer(text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _end_session(self, message: Message) -> None:
        session = message.topic.removeprefix("session:")
        for socket in [each for each in self.sockets.values() if each.session.id == session]:
            task = asyncio.create_task(self.sign_out(socket, message.data.get("reason", "signed_out")))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def sign_out(self, socket: Socket, reason: str) -> None:
        """Its session has ended: say so, close, keep nothing for it."""
        self.forget(socket.queue)
        text = json.dumps({"v": 1, "type": "session.ended", "data": {"reason": reason}})
        await socket.hang_up(SIGNED_OUT, text)

    # --- listening --------------------------------------------------------------------------

    def subscribe(self, queue: Queue, topic: str) -> None:
        if len(queue.topics) >= TOPICS_EACH and topic not in queue.topics:
            raise Refusal("topic.too_many", status=429)
        queue.topics.add(topic)
        self._listening[topic][queue] = None

    def unsubscribe(self, queue: Queue, topic: str) -> None:
        queue.topics.discard(topic)
        if queues := self._listening.get(topic):
            queues.pop(queue, None)
            if not queues:
                del self._listening[topic]

    def listeners(self, topic: str) -> list[Queue]:
        """The queues with an open socket that listen to `topic`."""
        return [queue for queue in self._listening.get(topic, ()) if queue.id in self.sockets]

    # --- sockets ----------------------------------------------------------------------------

    def new_queue(self, account: UUID, session: str) -> Queue:
        """A queue for a page that has just come; it listens to what concerns the person."""
        queue = Queue(token_urlsafe(12), account, session)
        self.queues[queue.id] = queue
        self.subscribe(queue, f"person:{account}")
        self.subscribe(queue, EVERYBODY)
        return queue

    def pace(self, account: UUID) -> Pace:
        """The pace of a person; forgotten once it is full again."""
        return self._paces.setdefault(account, Pace(asyncio.get_running_loop().time()))

    def enter(self, socket: Socket) -> None:
        self.sockets[socket.queue.id] = socket
        socket.queue.left_at = None
        SOCKETS.set(len(self.sockets))

    def leave(self, socket: Socket) -> None:
        if self.sockets.get(socket.queue.id) is socket:
            del self.sockets[socket.queue.id]
            socket.queue.left_at = asyncio.get_running_loop().time()
            if not self.sockets:
                self._empty.set()
        SOCKETS.set(len(self.sockets))

    async def move(self, socket: Socket, old: Queue) -> None:
        """Give `socket` the queue of an earlier line; whoever still holds that queue is closed."""
        if previous := self.sockets.pop(old.id, None):
            await previous.hang_up(WSCloseCode.GOING_AWAY)
        self.sockets.pop(socket.queue.id, None)
        self.forget(socket.queue)
        socket.queue, old.session = old, socket.session.id
        self.enter(socket)

    def forget(self, queue: Queue) -> None:
        """Keep nothing more for a queue."""
        for topic in list(queue.topics):
            self.unsubscribe(queue, topic)
        self.queues.pop(queue.id, None)

    # --- life of the process ------------------------------------------------------------------

    def start(self) -> None:
        self._sweeper = asyncio.create_task(self._sweep(), name="socket sweeper")

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self.sweep(asyncio.get_running_loop().time())

    def sweep(self, now: float) -> None:
        """Close lines that have been silent for `DEAD_S`, drop queues that nobody came back for."""
        for socket in [each for each in self.sockets.values() if now - each.seen > DEAD_S]:
            socket.abort()
        for queue in [each for each in self.queues.values() if each.left_at and now - each.left_at > KEPT_S]:
            self.forget(queue)
        held = {socket.queue.account for socket in self.sockets.values()}
        self._paces = {who: pace for who, pace in self._paces.items() if who in held or not pace.is_full(now)}

    async def send_away(self, spread_s: float, chance: Callable[[], float]) -> None:
        """Send every page to another process, each at its own moment, and serve it until it goes; see `_tell_all`."""
        spread_s = await self._tell_all(spread_s, chance)
        await self._until_empty(spread_s + LINGER_S)

    async def stop(self, spread_s: float, chance: Callable[[], float]) -> None:
        """Close every line at once; the pages come back one after another; see `_tell_all`."""
        await self._tell_all(spread_s, chance)
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._flush is not None:
            await self._flush
        await asyncio.gather(*(socket.hang_up(WSCloseCode.SERVICE_RESTART) for socket in list(self.sockets.values())))

    async def _tell_all(self, spread_s: float, chance: Callable[[], float]) -> float:
        """Tell every page its moment, evenly spread, in an order by chance; over how many seconds.

        That is `spread_s`, and longer for more pages than come in so long: who waits for a moment of its own is
        answered at once, who comes with too many others waits as long and asks again and again.
        """
        self.stopping = self.left = True
        pages = sorted(self.sockets.values(), key=lambda _: chance())
        spread_s = max(spread_s, len(pages) / COME_BACK)
        for place, socket in enumerate(pages):
            after = int((place + chance()) / len(pages) * spread_s * 1000)
            await socket.offer(json.dumps({"v": 1, "type": "server.reconnect", "data": {"after_ms": after}}))
        return spread_s

    async def _until_empty(self, seconds: float) -> None:
        """Wait until every page has gone, at most so long."""
        self._empty.clear()
        if self.sockets:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), seconds)


def frame_tail(messages: list[Message]) -> str:
    """The frame of `messages` after its number: one event as itself, several as a `batch`."""
    if len(messages) == 1:
        type, data = messages[0].type, json.dumps(messages[0].data, ensure_ascii=False, default=str)
        return f'"type":{json.dumps(type)},"data":{data}}}'
    many = [{"type": message.type, "data": message.data} for message in messages]
    return f'"type":"batch","data":{json.dumps(many, ensure_ascii=False, default=str)}}}'
