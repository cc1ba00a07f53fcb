"""One learner on one socket: opens a stay, sends beats as the player would, hears what is acknowledged."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from tests.load.wire import Wire

BEHIND_MS = 1500
"""How far behind the live edge the pictures are."""

_BEAT = (
    '{"v":1,"type":"beat.send","id":"%d","data":{"stay":"%s","beats":[{"seq":%d,"position_ms":%d,"rate":1,'
    '"since_previous_ms":%d,"playing":true,"visible":true,"ended":false}]}}'
)


class Refused(RuntimeError):
    """The server refused what a load never does wrong."""


class Learner:
    """One socket with its stay; times are monotonic seconds.

    `answered(learner, latency_s)` is called for every acknowledged beat, `heard` for every other frame, `lost(learner)`
    when the line breaks.
    """

    __slots__ = (
        "_asked",
        "_calls",
        "_ids",
        "_last",
        "_wire",
        "acked",
        "answered",
        "counted_ms",
        "heard",
        "lost",
        "seq",
        "stay",
    )

    def __init__(self) -> None:
        self._wire: Wire | None = None
        self._asked: dict[str, float] = {}
        self._calls: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._ids = 0
        self._last = 0.0
        self.stay = ""
        self.seq = self.acked = self.counted_ms = 0
        self.answered: Callable[[Learner, float], None] = _nobody
        self.heard: Callable[[Learner, bytes], None] = _nobody
        self.lost: Callable[[Learner], None] = _nobody

    async def come(self, port: int, token: str, class_id: str) -> None:
        """Open the socket, the stay and the first interval."""
        await self.connect(port, token)
        await self.attend(class_id)
        self.beat(time.monotonic())

    async def connect(self, port: int, token: str) -> None:
        """Open the socket, or a new one in place of one that was lost; what that one did not answer is forgotten."""
        self._asked.clear()
        self._wire = await Wire.connect("127.0.0.1", port, f"session={token}", self._hear)
        self._wire.lost = lambda: self.lost(self)

    async def attend(self, class_id: str) -> None:
        """Open the stay."""
        activity = {"kind": "class", "id": class_id}
        self.stay = (await self.call("stay.open", {"activity": activity, "device": "load"}))["stay"]

    async def call(self, type: str, data: dict[str, Any]) -> dict[str, Any]:
        """Send a message and wait for its acknowledgement; raises `Refused`."""
        assert self._wire is not None
        self._ids += 1
        answer = self._calls[f"c{self._ids}"] = asyncio.get_running_loop().create_future()
        self._wire.send(json.dumps({"v": 1, "type": type, "id": f"c{self._ids}", "data": data}).encode())
        return await asyncio.wait_for(answer, 60)

    def beat(self, due: float) -> None:
        """Send the next beat, which was due at that moment."""
        assert self._wire is not None
        now = time.monotonic()
        since = round((now - self._last) * 1000) if self._last else 0
        self._last = now
        self.seq += 1
        self._asked[str(self.seq)] = due
        position = int(time.time() * 1000) - BEHIND_MS
        self._wire.send((_BEAT % (self.seq, self.stay, self.seq, position, since)).encode())

    @property
    def waiting(self) -> bool:
        """Whether a beat is not acknowledged yet."""
        return bool(self._asked)

    def go(self) -> None:
        """Leave without a word."""
        if self._wire is not None:
            self._wire.close()

    def _hear(self, _wire: Wire, payload: bytes) -> None:
        if not payload.startswith((b'{"v":1,"type":"ack"', b'{"v":1,"type":"refusal"')):
            self.heard(self, payload)
            return
        frame = json.loads(payload)
        if call := self._calls.pop(frame["id"], None):
            _settle(call, frame)
            return
        if frame["type"] == "refusal":
            raise Refused(payload.decode())
        due = self._asked.pop(frame["id"])
        self.acked = frame["data"]["acked_seq"]
        self.counted_ms += sum(each["counted_ms"] for each in frame["data"]["verdicts"])
        self.answered(self, time.monotonic() - due)


def _settle(call: asyncio.Future[dict[str, Any]], frame: dict[str, Any]) -> None:
    if call.done():
        return
    if frame["type"] == "ack":
        call.set_result(frame["data"])
    else:
        call.set_exception(Refused(str(frame["data"])))


def _nobody(*_: object) -> None:
    """Nobody listens."""


async def gather_learners(port: int, tokens: tuple[str, ...], class_id: str, at_once: int = 32) -> list[Learner]:
    """All of them in the class; who has come goes on beating every 15 s while the others come."""
    here: list[Learner] = []
    left = list(enumerate(tokens))

    async def usher() -> None:
        while left:
            _, token = left.pop()
            learner = Learner()
            await learner.come(port, token, class_id)
            here.append(learner)

    async def keep() -> None:
        while True:
            await asyncio.sleep(15)
            for number, learner in enumerate(list(here)):
                learner.beat(time.monotonic())
                if number % 20 == 0:
                    await asyncio.sleep(0.02)

    keeper = asyncio.create_task(keep())
    try:
        await asyncio.gather(*(usher() for _ in range(at_once)))
    finally:
        keeper.cancel()
    return here
