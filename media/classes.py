"""The classes that this process has open: found, opened, continued after a crash, let go when they are over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import uuid4

from media.errors import Refused
from media.events import Event, EventName
from media.storage import NoSuchName, Sealed, Storage
from media.stream import Stream

KEPT_AFTER_END_S = 60.0

Put = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Times:
    """The two clocks: `wall` gives unix seconds, `monotonic` seconds that never leap."""

    wall: Callable[[], float]
    monotonic: Callable[[], float]

    def now_ms(self) -> int:
        """The media clock."""
        return round(self.wall() * 1_000)


@dataclass(frozen=True, slots=True)
class News:
    """Where the events of one stream go."""

    stream: str
    put: Put

    def __call__(self, name: str, run: str, at_ms: int, data: dict[str, object]) -> None:
        self.put(Event(str(uuid4()), self.stream, run, cast(EventName, name), at_ms, data))


class Classes:
    """All streams of this process; `put` takes their events for the server."""

    def __init__(self, storage: Storage, put: Put, times: Times) -> None:
        self._storage, self._put, self._times = storage, put, times
        self._open: dict[str, Stream] = {}
        self._over_at: dict[str, float] = {}

    @property
    def all(self) -> list[Stream]:
        return list(self._open.values())

    def find(self, name: str) -> Stream | None:
        """The stream if it is open here."""
        return self._open.get(name)

    def sealed(self, name: str) -> bool:
        """Whether the class was cut and its recording is withheld."""
        return self._storage.sealed(name)

    def open(self, name: str) -> Stream:
        """The stream, continued from what is on disk; raises `Refused` 404 or, when it was cut, 410."""
        if name not in self._open:
            try:
                shelf = self._storage.shelf(name)
            except Sealed as error:
                raise Refused(410, "media.cut", "The class was cut.") from error
            except NoSuchName as error:
                raise Refused(404, "media.unknown", "There is no such stream.") from error
            wall, monotonic = self._times.wall, self._times.monotonic
            self._open[name] = Stream(name, shelf=shelf, clock=wall, emit=self.news(name), monotonic=monotonic)
        return self._open[name]

    def news(self, name: str) -> News:
        """Where the events of the stream go."""
        return News(name, self._put)

    def recover(self) -> None:
        """After a crash: says when what was on air ended, and keeps those classes open for their publishers."""
        for died in self._storage.died():
            self.news(died.stream)("off_air", died.run, died.at_ms, {"reason": "died"})
            self.open(died.stream)

    def over(self, name: str) -> None:
        """The class has ended or was cut: it stays open for a minute, for those who are still reading."""
        self._over_at[name] = self._times.monotonic()

    def tick(self) -> None:
        """Time has passed."""
        for stream in self.all:
            stream.tick()
        now = self._times.monotonic()
        for name in [name for name, at in self._over_at.items() if now - at > KEPT_AFTER_END_S]:
            over = self._open.get(name)
            if over is not None and not over.recorder.settled:
                continue  # the disk is full: the end of the recording waits here until there is room
            del self._over_at[name]
            self._open.pop(name, None)

    async def close(self) -> None:
        """The process ends: what is open is closed and kept; a class that was on air may go on later."""
        for stream in self.all:
            await stream.close()
