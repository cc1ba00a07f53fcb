"""A stream with clocks that move when told: samples go in at the time they say, news come out in a list."""

import errno
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from media.index import Line
from media.publication import Publication
from media.sample import AudioCodec, Sample
from media.storage import Shelf, Storage
from media.stream import HlsPolicy, Stream

BEGINNING = 1_764_035_000.0
TICK = 0.05
PICTURE = 0.04


class AtOnce(Executor):
    """A disk that has done what it was told before the call returns."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except OSError as error:
            done.set_exception(error)
        return done


class Disk(Shelf):
    """A folder on a disk that has room for so many bytes."""

    room = 1_000_000_000

    def append(self, line: Line) -> None:
        self._take(100)
        super().append(line)

    def write(self, run: str, name: str, body: bytes) -> None:
        self._take(len(body))
        super().write(run, name, body)

    def _take(self, size: int) -> None:
        if size > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.room -= size


@dataclass
class Clock:
    """Wall and monotonic time in seconds; `skew` is what somebody has turned the wall clock by."""

    passed: float = 0.0
    skew: float = 0.0

    def wall(self) -> float:
        return BEGINNING + self.passed + self.skew

    def monotonic(self) -> float:
        return 1_000.0 + self.passed


@dataclass
class Classroom:
    """One class; `folder` is the storage's root."""

    folder: Path
    name: str = "class-1"
    policy: HlsPolicy | None = None
    clock: Clock = field(default_factory=Clock)
    news: list[tuple[str, str, int, dict[str, object]]] = field(default_factory=list)
    asked: int = 0
    _ticked: float = 0.0

    def __post_init__(self) -> None:
        self.storage = Storage(self.folder, AtOnce())
        self.stream = self.another()

    def another(self) -> Stream:
        """The stream as it is after a start of the process."""
        self.disk = Disk(self.folder / self.name, self.folder / "sealed" / self.name, AtOnce())
        return Stream(
            self.name,
            shelf=self.disk,
            clock=self.clock.wall,
            emit=lambda name, run, at_ms, data: self.news.append((name, run, at_ms, data)),
            policy=self.policy,
            monotonic=self.clock.monotonic,
        )

    def publish(self, run: str = "run-1", audio: AudioCodec | None = None) -> Publication:
        """A publisher who counts how often it is asked for a key picture."""
        return self.stream.publish(run, audio=audio, ask_key_frame=self._ask)

    def feed(self, publication: Publication, samples: Iterable[Sample]) -> None:
        """Push the first sample now and each other when its time has come; the stream ticks in between."""
        start: float | None = None
        for sample in samples:
            at = float(Fraction(sample.dts, sample.track.timescale))
            start = self.clock.passed - at if start is None else start
            while self.clock.passed + TICK < start + at:
                self.wait(TICK)
            self.wait(max(0.0, start + at - self.clock.passed))
            publication.push(sample)
        self.wait(PICTURE)

    def wait(self, seconds: float) -> None:
        """Time passes, and the stream is told so now and then."""
        self.clock.passed += seconds
        if self.clock.passed - self._ticked >= TICK:
            self._ticked = self.clock.passed
            self.stream.tick()

    def names(self) -> list[str]:
        """What has happened, in order."""
        return [name for name, _, _, _ in self.news]

    def _ask(self) -> None:
        self.asked += 1
