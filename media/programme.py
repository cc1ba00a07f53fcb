"""Programme date-time of a publisher's run: the wall clock at its first picture, then its own media clock."""

from __future__ import annotations

from media.sample import VIDEO_TIMESCALE

LARGEST_DRIFT_MS = 500
REMEMBERED_S = 5.0


class Programme:
    """Maps media time (90 kHz) to milliseconds since 1970; the media clock leads, the wall clock corrects it."""

    def __init__(self, media: int, wall_ms: int) -> None:
        """The picture at `media` arrived at `wall_ms`."""
        self._media = media
        self._wall_ms = wall_ms
        self._least_delay_ms: int | None = None

    def at(self, media: int) -> int:
        """Programme date-time of a media time."""
        return self._wall_ms + round((media - self._media) * 1_000 / VIDEO_TIMESCALE)

    def arrived(self, media: int, wall_ms: int) -> None:
        """A picture has come; only the quickest says how the clocks stand, the others were held up on the way."""
        delay = wall_ms - self.at(media)
        self._least_delay_ms = delay if self._least_delay_ms is None else min(self._least_delay_ms, delay)

    def correct(self) -> None:
        """Follow the wall clock if the media clock has gone away from it since the last correction."""
        if self._least_delay_ms is not None and abs(self._least_delay_ms) > LARGEST_DRIFT_MS:
            self._wall_ms += self._least_delay_ms
        self._least_delay_ms = None


class MediaClock:
    """What media time it is now, by the monotonic clock and the quickest picture of the last seconds.

    Only the last seconds count because the publisher's clock may be slower than ours: over a class that adds up.
    """

    def __init__(self, media: int, now: float) -> None:
        """The picture at `media` arrived at `now` (seconds, monotonic)."""
        self._since = now
        self._before = self._quickest = now - media / VIDEO_TIMESCALE

    def arrived(self, media: int, now: float) -> None:
        """A picture has come."""
        offset = now - media / VIDEO_TIMESCALE
        if now - self._since > REMEMBERED_S:
            self._since, self._before, self._quickest = now, self._quickest, offset
        self._quickest = min(self._quickest, offset)

    def media(self, now: float) -> int:
        """Media time in ticks of 90 kHz."""
        return round((now - min(self._before, self._quickest)) * VIDEO_TIMESCALE)
