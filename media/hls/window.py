"""The live window of one class: keeps the newest parts in memory, answers readers, lets those wait who came early."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from media.hls.listing import Listing, Target, stream_inf
from media.hls.news import News
from media.hls.playlist import multivariant
from media.hls.reading import Answer, Gone, NotInTime, NotThere, Position, TooFarAhead
from media.hls.segment import Piece, Segment, Stretch
from media.sample import VIDEO_TIMESCALE


@dataclass(frozen=True, slots=True)
class WindowPolicy:
    """How much is kept for how many, and how long these are held, in target durations (hls.js gives up after 0.8).

    Segments are counted from 1: hls.js (1.7) takes number 0 for none and fetches such a segment again and again.
    """

    first_msn: int = 1
    kept_segments: int = 6
    most_unstored: int = 15
    most_readers: int = 20_000
    hold_on_air: float = 3
    hold_in_pause: float = 0.6


class Window:
    """One class, from its first segment to its last."""

    def __init__(self, policy: WindowPolicy, target: Target, earlier: Sequence[Segment] = ()) -> None:
        """Go on after the `earlier` segments, which are on disk."""
        self.low_latency = True
        self.part_target: int | None = None
        self._target = target
        self._policy = policy
        self._listing = Listing()
        self._listing.segments += earlier
        self._held: dict[int, Segment] = {}
        self._inits: dict[str, bytes] = {}
        self._stretch: Stretch | None = None
        self._running = self._ended = False
        self.gone = False
        self._multivariant: bytes | None = None
        self._news = News(policy.most_readers)

    @property
    def segments(self) -> Sequence[Segment]:
        """All segments, the growing one too."""
        return self._listing.segments

    @property
    def next_msn(self) -> int:
        """Media sequence number of the segment that comes next."""
        segments = self._listing.segments
        return segments[-1].msn + 1 if segments else self._policy.first_msn

    @property
    def end_ms(self) -> int | None:
        """Programme date-time of the end of what has been cut."""
        segments = self._listing.segments
        return segments[-1].end_ms if segments else None

    @property
    def readers(self) -> int:
        """How many wait now."""
        return len(self._news)

    def promise(self, part_target: int) -> None:
        """No part will be longer, in ticks of 90 kHz; the first promise holds for the whole class."""
        if self.part_target is None:
            self.part_target = part_target
            self._target = replace(self._target, part=part_target / VIDEO_TIMESCALE)

    def begin(self, stretch: Stretch, init: bytes) -> None:
        """Another stretch: its segments play from `init`."""
        self._stretch = stretch
        self._inits[stretch.map_uri] = init
        self._running = True
        self._changed()

    def add(self, msn: int, at_ms: int, piece: Piece, pictures: int) -> None:
        """A part is there; `at_ms` counts where it is the first of its segment."""
        segment = self._held.get(msn) or self._open(msn, at_ms)
        segment.add(piece, pictures)
        self._changed()

    def close(self, msn: int, duration: float) -> Segment:
        """A segment is whole."""
        segment = self._held[msn]
        segment.close(duration)
        self._multivariant = None
        self._release()
        self._changed()
        return segment

    def stop(self) -> None:
        """Nothing comes for now: a pause, or a lost line."""
        self._running = False
        self._changed()

    def end(self) -> None:
        """Nothing comes any more."""
        self._running, self._ended = False, True
        self._changed()

    def cut(self) -> None:
        """Nothing may be shown any more."""
        self._running, self.gone = False, True
        self._changed()

    def lose(self, segment: Segment) -> None:
        """The segment could not be kept."""
        segment.gap = True
        segment.release()
        self._held.pop(segment.msn, None)
        self._listing.lost()

    async def playlist(self, at: Position | None, *, skip: bool) -> Answer:
        """The list once it has what `at` names; Gone, NotThere, TooFarAhead, NotInTime, TooManyReaders."""
        if at is not None and not self._ended:
            self._check_near(at)
        waits = self.gone or not self._lists(at)
        came = not waits or await self._until(lambda: self._lists(at))
        if not self._is_ready():
            raise NotThere
        if not came and self._running:
            raise NotInTime
        body = self._listing.body(
            self._target, skip=skip, low_latency=self.low_latency, hint=self._hint(), ended=self._ended
        )
        return Answer(body, settled=self._ended or (came and at is not None), waited=waits)

    async def multivariant(self) -> bytes:
        """The multivariant playlist, once a segment exists; Gone, NotThere, TooManyReaders."""
        if not await self._until(self._is_ready):
            raise NotThere
        if self._multivariant is None:
            self._multivariant = multivariant(stream_inf(self._listing.segments)).encode()
        return self._multivariant

    def part_now(self, run: str, msn: int, index: int) -> bytes | None:
        """The bytes of a part, None when it is not in memory; Gone."""
        if self.gone:
            raise Gone
        held = self._held.get(msn)
        if held is None or held.stretch.run != run or index >= len(held.pieces):
            return None
        return held.pieces[index].body

    async def part(self, run: str, msn: int, index: int) -> bytes:
        """The bytes of a part, waited for if it is the next one; Gone, NotThere, TooManyReaders."""
        if self._hint() == f"{run}/{msn}.{index}.m4s":
            await self._until(lambda: not self._running or self.part_now(run, msn, index) is not None)
        body = self.part_now(run, msn, index)
        if body is None:
            raise NotThere
        return body

    def segment(self, run: str, msn: int) -> bytes | None:
        """The bytes of a segment, None when they are not in memory; Gone."""
        if self.gone:
            raise Gone
        held = self._held.get(msn)
        return held.body if held is not None and held.stretch.run == run else None

    def init(self, run: str, name: str) -> bytes | None:
        """The bytes of an init section of this process's stretches; Gone."""
        if self.gone:
            raise Gone
        return self._inits.get(f"{run}/{name}")

    def _changed(self) -> None:
        self._listing.changed()
        self._news.wake()

    def _open(self, msn: int, at_ms: int) -> Segment:
        if self._stretch is None or msn != self.next_msn:
            raise ValueError(f"segment {msn} does not follow")
        segments = self._listing.segments
        leads = not segments or segments[-1].stretch != self._stretch
        segment = Segment(msn, self._stretch, at_ms, leads=leads, discontinuity=leads and bool(segments))
        segments.append(segment)
        self._held[msn] = segment
        return segment

    def _release(self) -> None:
        """Memory stays flat: what is stored and old leaves it, what cannot be stored is lost in the end."""
        old = list(self._held.values())[: -self._policy.kept_segments]
        for segment in old:
            if segment.stored:
                segment.release()
                del self._held[segment.msn]
            elif len(self._held) > self._policy.most_unstored:
                self.lose(segment)

    def _is_ready(self) -> bool:
        segments = self._listing.segments
        return bool(segments) and segments[0].duration is not None

    def _lists(self, at: Position | None) -> bool:
        return self._ended or (self._is_ready() and (at is None or self._has(at)))

    def _has(self, at: Position) -> bool:
        last = self._listing.segments[-1]
        if at.msn != last.msn:
            return at.msn < last.msn
        return last.duration is not None if at.part is None else at.part < last.part_count

    def _check_near(self, at: Position) -> None:
        last, growing = self.next_msn - 1, self._growing()
        if at.msn > last + 2:
            raise TooFarAhead
        if at.part is None or at.msn < last or (at.msn == last and growing is None):
            return
        there = growing.part_count if growing is not None and at.msn == last else 0
        if at.part >= there + self._target.advance_part_limit:
            raise TooFarAhead

    def _growing(self) -> Segment | None:
        segments = self._listing.segments
        return segments[-1] if segments and segments[-1].duration is None else None

    def _hint(self) -> str | None:
        """Address of the part that comes next; none before the first part of a stretch has told of its beginning."""
        segments = self._listing.segments
        if not (self._running and segments and segments[-1].stretch == self._stretch):
            return None
        last = segments[-1]
        if last.duration is None:
            return last.part_uri(last.part_count)
        return f"{last.stretch.run}/{self.next_msn}.0.m4s"

    async def _until(self, there: Callable[[], bool]) -> bool:
        """Whether it was there in time; Gone, TooManyReaders."""
        came_at = asyncio.get_running_loop().time()
        while not self.gone and not there():
            if not await self._news.wait(came_at + self._hold_s()):
                break
        if self.gone:
            raise Gone
        return there()

    def _hold_s(self) -> float:
        targets = self._policy.hold_on_air if self._running else self._policy.hold_in_pause
        return targets * self._target.segment
