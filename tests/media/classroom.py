"""A stream with clocks that move when told: samples go in at the time they say, news come out in a list."""

from collections.abc import Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from media.publication import Publication
from media.sample import AudioCodec, Sample
from media.storage import Storage
from media.stream import HlsPolicy, Stream

BEGINNING = 1_764_035_000.0
T = TypeVar("T")


class AtOnce(Executor):
    """A disk that has done what it was told before the call returns."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except OSError as error:
            done.set_exception(error)
        return done


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

    def __post_init__(self) -> None:
        self.storage = Storage(self.folder, AtOnce())
        self.stream = self.another()

    def another(self) -> Stream:
        """The stream as it is after a start of the process."""
        return Stream(
            self.name,
            shelf=self.storage.shelf(self.name),
            clock=self.clock.wall,
            emit=lambda name, run, at_ms, data: self.news.append((name, run, at_ms, data)),
            policy=self.policy,
            monotonic=self.clock.monotonic,
        )

    def publish(self, run: str = "run-1", audio: AudioCodec | None = None) -> Publication:
        """A publisher who counts how often it is asked for a key picture."""
        return self.stream.publish(run, audio=audio, ask_key_frame=self._ask)

    def feed(self, publication: Publication, samples: Iterable[Sample]) -> None:
        """Push each sample when its time has come; the stream ticks in between."""
        start = self.clock.passed
        for sample in samples:
            due = start + float(Fraction(sample.dts, sample.track.timescale))
            while self.clock.passed + 0.05 < due:
                self.clock.passed += 0.05
                self.stream.tick()
            self.clock.passed = max(self.clock.passed, due)
            publication.push(sample)

    def names(self) -> list[str]:
        """What has happened, in order."""
        return [name for name, _, _, _ in self.news]

    def _ask(self) -> None:
        self.asked += 1
