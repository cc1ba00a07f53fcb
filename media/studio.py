"""Who publishes which class, and what the server orders."""

import asyncio
from pathlib import Path
from typing import Any

from media import orders
from media.classes import Classes, Times
from media.errors import Refused
from media.ffmpeg import MediaRefused
from media.gate import Gate, Leave
from media.prepared import NotReady, Prepared, Readiness
from media.publisher import Publisher, described
from media.stream import REHEARSAL

TICK_S = 0.05


class Studio:
    """All publishers of this process, at most one a stream; everything happens on the event loop."""

    def __init__(self, classes: Classes, gate: Gate, prepared: Prepared, times: Times, max_publishers: int) -> None:
        self._classes, self._gate, self._prepared, self._times = classes, gate, prepared, times
        self._max_publishers = max_publishers
        self._present: dict[str, Publisher] = {}
        self._arriving: set[Publisher] = set()

    @property
    def present(self) -> list[Publisher]:
        """Those that are connected."""
        return list(self._present.values())

    def admit(self, leave: Leave) -> Publisher:
        """A publisher that may connect; raises `Refused` 404, 409, 410 or 503.

        A grant was made by the server for this device and takes over. An encoder key always lies in the encoder, so
        it gets in only while nobody else is sending.
        """
        if len(self._everybody()) >= self._max_publishers:
            raise Refused(503, "media.full", "No more publishers can be taken now.", {"Retry-After": "10"})
        if leave.source == "encoder" and self._occupied(leave.stream):
            raise Refused(409, "media.occupied", "Somebody else is publishing this class.")
        publisher = Publisher(
            leave,
            self._classes.open(leave.stream),
            emit=self._classes.news(leave.stream),
            monotonic=self._times.monotonic,
            on_connected=self._enter,
            on_gone=self._leave,
        )
        self._arriving.add(publisher)
        return publisher

    def tick(self) -> None:
        """Time has passed; called every 50 ms."""
        for publisher in self.present:
            publisher.tick()
        self._classes.tick()

    async def carry(self, order: orders.Order) -> dict[str, Any]:
        """Carries out one order; the answer has the moment of it as `at_ms`. Raises `Refused`."""
        match order:
            case orders.AirOpen():
                name = order.stream.removesuffix(REHEARSAL) + REHEARSAL if order.rehearsal else order.stream
                return {"at_ms": self._classes.open(name).open(low_latency=order.low_latency)}
            case orders.AirPause():
                return {"at_ms": self._classes.open(order.stream).pause()}
            case orders.AirEnd():
                return {"at_ms": await self._end(order.stream)}
            case orders.AirCut():
                return {"at_ms": await self._cut(order.stream)}
            case orders.RevokeSession():
                self._gate.revoke(order.session, order.stream)
                if order.stream is None:
                    self._let_go("revoked", session=order.session)
            case orders.DropPublisher():
                self._clear(order.stream, "dropped")
            case orders.PrepareVideo():
                return self._prepare(order)
            case orders.PlayVideo():
                self._play(order.stream)
            case orders.Status():
                return self._status()
        return {"at_ms": self._times.now_ms()}

    async def close(self) -> None:
        """The process ends: parts are closed, publishers let go."""
        everybody = self._everybody()
        await self._prepared.close()
        await self._classes.close()
        for publisher in everybody:
            publisher.end("stopped")
        await asyncio.gather(*(p.connection.close() for p in everybody if p.connection is not None))

    async def _end(self, name: str) -> int:
        at_ms = await self._classes.open(name).end()
        self._clear(name, "ended")
        self._classes.over(name)
        return at_ms

    async def _cut(self, name: str) -> int:
        if self._classes.find(name) is None and self._classes.sealed(name):
            return self._times.now_ms()
        at_ms = await self._classes.open(name).cut()
        self._clear(name, "cut")
        self._classes.over(name)
        return at_ms

    def _prepare(self, order: orders.PrepareVideo) -> dict[str, Any]:
        self._classes.open(order.stream)
        try:
            self._prepared.prepare(order.stream, Path(order.path))
        except MediaRefused as error:
            raise Refused(422, "media.video_refused", "There is no such file in the data folder.") from error
        return {"at_ms": self._times.now_ms(), "video": self._prepared.readiness(order.stream)}

    def _play(self, name: str) -> None:
        """The video takes the place of whoever publishes the class."""
        stream = self._classes.open(name)
        if self._prepared.readiness(name) is not Readiness.PLAYING:
            try:
                self._prepared.play(stream)
            except NotReady as error:
                raise Refused(409, "media.video_not_ready", "The video is not ready to be played.") from error
            self._let_go("replaced", stream=name)

    def _occupied(self, name: str) -> bool:
        present = self._present.get(name)
        return (present is not None and present.live) or self._prepared.readiness(name) is Readiness.PLAYING

    def _clear(self, name: str, reason: str) -> None:
        """Nobody publishes the stream any more, be it a person or a video."""
        self._prepared.stop(name)
        self._let_go(reason, stream=name)

    def _let_go(self, reason: str, *, stream: str | None = None, session: str | None = None) -> None:
        for publisher in self._everybody():
            if publisher.leave.stream == stream or publisher.leave.session == session:
                publisher.end(reason)

    def _everybody(self) -> list[Publisher]:
        return [*self._present.values(), *self._arriving]

    def _enter(self, publisher: Publisher) -> None:
        self._arriving.discard(publisher)
        present = self._present.get(publisher.leave.stream)
        if present is not None:
            present.end("replaced")
        self._present[publisher.leave.stream] = publisher

    def _leave(self, publisher: Publisher) -> None:
        self._arriving.discard(publisher)
        if self._present.get(publisher.leave.stream) is publisher:
            del self._present[publisher.leave.stream]

    def _status(self) -> dict[str, Any]:
        return {
            "at_ms": self._times.now_ms(),
            "publishers": [_said(publisher) for publisher in self.present],
            "streams": [
                {"stream": s.name, "wanted": s.wanted, "on_air": s.on_air, "video": self._prepared.readiness(s.name)}
                for s in self._classes.all
            ],
        }


def _said(publisher: Publisher) -> dict[str, Any]:
    leave = publisher.leave
    said = {"stream": leave.stream, "source": leave.source, "session": leave.session, "live": publisher.live}
    return said | (described(publisher.reading) if publisher.reading is not None else {})
