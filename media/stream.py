"""One class: whether what its publisher sends is to be shown, and what is told of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from media.hls.cuts import CutPolicy
from media.hls.listing import Target
from media.hls.window import Window, WindowPolicy
from media.index import EndLine, OffLine, gap_ms
from media.publication import Publication
from media.record import Recorder
from media.sample import VIDEO_TIMESCALE, AudioCodec
from media.storage import Shelf

REHEARSAL = ".rehearsal"
STILL_ON_AIR_S = 5.0
RETRY_S = 1.0


class Emit(Protocol):
    """Where news of a stream goes; called on the loop, must not block."""

    def __call__(self, name: str, run: str, at_ms: int, data: dict[str, object]) -> None:
        """`name` happened in the publisher's `run` at a programme date-time."""


@dataclass(frozen=True, slots=True)
class HlsPolicy:
    """How a class is cut and kept."""

    cut: CutPolicy = field(default_factory=CutPolicy)
    window: WindowPolicy = field(default_factory=WindowPolicy)

    @property
    def target(self) -> Target:
        """What playlists promise before the pictures are known."""
        return Target(self.cut.longest_segment // VIDEO_TIMESCALE, self.cut.part / VIDEO_TIMESCALE)


class Stream:
    """One class, or the rehearsal of one; all methods are called on the loop."""

    def __init__(
        self,
        name: str,
        *,
        shelf: Shelf,
        clock: Callable[[], float],
        emit: Emit,
        policy: HlsPolicy | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Go on from what the shelf has; `clock` is the wall clock in seconds, `monotonic` one that never leaps."""
        self.name = name
        self.policy = policy or HlsPolicy()
        self.monotonic = monotonic
        index = shelf.index()
        self.window = Window(self.policy.window, self.policy.target, index.segments)
        self.recorder = Recorder(shelf, self._disk_full)
        self.wanted = False
        self._shelf = shelf
        self._clock = clock
        self._emit = emit
        self._end_ms = index.end_ms
        self._run = index.stretch.run if index.stretch is not None else ""
        self._ended, self._cut = index.ended, False
        self._recording_due = False
        self._publication: Publication | None = None
        self._told_at = self._visited_at = 0.0
        if index.ended:
            self.window.end()

    @property
    def on_air(self) -> bool:
        """Whether samples are being cut."""
        return self._publication is not None and self._publication.on_air

    @property
    def end_ms(self) -> int:
        """Programme date-time of the end of what has been cut."""
        return max(self._end_ms, self.window.end_ms or 0)

    def now_ms(self) -> int:
        """The media clock."""
        return round(self._clock() * 1_000)

    def publish(self, run: str, *, audio: AudioCodec | None, ask_key_frame: Callable[[], None]) -> Publication:
        """A publisher begins a run; it takes the place of the one before."""
        if self._publication is not None:
            self._publication.close("replaced")
        self._publication = Publication(self, run, audio, ask_key_frame)
        if self.wanted:
            ask_key_frame()
        return self._publication

    def open(self, *, low_latency: bool = True) -> int:
        """Show what the publisher sends, from its next key picture on; returns the time of the order (ms)."""
        self.window.low_latency = low_latency
        if not (self._ended or self._cut or self.wanted):
            self.wanted = True
            if self._publication is not None:
                self._publication.ask_key_frame()
        return self.now_ms()

    def pause(self) -> int:
        """Show nothing for now; the publisher stays."""
        self._leave_air("paused")
        return self.now_ms()

    async def end(self) -> int:
        """The class is over; its recording can be played when this returns, unless the disk is full."""
        self._let_go("ended")
        if not self._ended:
            self._ended = self._recording_due = True
            self.window.end()
            self.recorder.put(EndLine(self.end_ms))
        await self.recorder.settle()
        self._tell_recorded()
        return self.now_ms()

    async def cut(self) -> int:
        """Nothing of the class may be shown any more; what is kept of it is withheld."""
        self.window.cut()
        self._let_go("cut")
        if not self._cut:
            self._cut, self._recording_due = True, False
            await self.recorder.settle()
            self.recorder.abandon()
            self._shelf.seal()
        return self.now_ms()

    async def close(self) -> None:
        """The process ends: what is open is kept, the class may go on later."""
        self._leave_air("died")
        await self.recorder.settle()

    def tick(self) -> None:
        """Time has passed; to be called about every 50 ms."""
        now = self.monotonic()
        if self._publication is not None:
            self._publication.tick(now)
        if self.on_air and now - self._told_at >= STILL_ON_AIR_S:
            self._told_at = now
            self._emit("still_on_air", self._run, self.end_ms, {})
        if not self.recorder.settled and now - self._visited_at >= RETRY_S:
            self._visited_at = now
            self.recorder.visit()
        self._tell_recorded()

    def went_on_air(self, run: str, at_ms: int) -> None:
        """The publisher's first picture is shown."""
        self._run = run
        self._told_at = self.monotonic()
        self._emit("on_air", run, at_ms, {})

    def went_off_air(self, run: str, reason: str) -> None:
        """The publisher's last picture has been shown."""
        self.recorder.put(OffLine(reason, self.end_ms))
        self._emit("off_air", run, self.end_ms, {"reason": reason})

    def _leave_air(self, reason: str) -> None:
        self.wanted = False
        if self._publication is not None:
            self._publication.leave_air(reason)

    def _let_go(self, reason: str) -> None:
        self.wanted = False
        if self._publication is not None:
            self._publication.close(reason)

    def _tell_recorded(self) -> None:
        if not (self._recording_due and self.recorder.settled):
            return
        self._recording_due = False
        if self.name.endswith(REHEARSAL):
            self._shelf.remove()
            return
        segments = self.window.segments
        if not segments:
            return
        length = sum(round((segment.duration or 0) * 1_000) for segment in segments)
        data: dict[str, object] = {"duration_ms": length, "segments": len(segments), "gap_ms": gap_ms(segments)}
        self._emit("recorded", self._run, self.end_ms, data)

    def _disk_full(self, error: OSError) -> None:
        self._emit("disk_full", self._run, self.end_ms, {"error": error.strerror or type(error).__name__})
