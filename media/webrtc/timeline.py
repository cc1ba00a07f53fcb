"""Puts sound and picture on one line of time: RTP timestamps in, ticks from a common zero out.

The two RTP clocks start anywhere and drift. Each RTCP sender report says which instant of the sender's clock an RTP
timestamp is (RFC 3550 §6.4.1); from a report of each track the distance of the two clocks follows exactly. Until both
are here the arrival of the first packets has to do. The picture is the master: what is known better later moves the
sound.
"""

from dataclasses import dataclass

from media.sample import Track

_WRAP = 1 << 32
_NTP_FRACTION = 1 << 32


@dataclass(slots=True)
class _Clock:
    """One track: its latest RTP timestamp without wrap-around, its first one and when that arrived, its last report."""

    rate: int
    latest: int
    first: int
    first_at_s: float
    report: tuple[int, float] | None = None

    def first_sent_s(self) -> float | None:
        """The sender's time at the first timestamp, as the last report has it."""
        if self.report is None:
            return None
        timestamp, sent_s = self.report
        return sent_s - (timestamp - self.first) / self.rate


class Timeline:
    """The common line of one publisher; its zero is the arrival of the first packet of either track."""

    def __init__(self) -> None:
        self._zero: float | None = None
        self._clocks: dict[Track, _Clock] = {}

    def ticks(self, track: Track, timestamp: int, now: float) -> int:
        """Where this RTP timestamp lies, in ticks of the track's timescale; `now` is its arrival in seconds."""
        if self._zero is None:
            self._zero = now
        clock = self._clocks.get(track)
        if clock is None:
            clock = self._clocks[track] = _Clock(track.timescale, timestamp, timestamp, now - self._zero)
        clock.latest = _unwrapped(timestamp, clock.latest)
        return clock.latest - clock.first + round(self._start_s(clock) * clock.rate)

    def report(self, track: Track, ntp_timestamp: int, rtp_timestamp: int) -> None:
        """A sender report of the track: this RTP timestamp is that instant (64-bit NTP format)."""
        clock = self._clocks.get(track)
        if clock is not None and ntp_timestamp:
            clock.report = (_unwrapped(rtp_timestamp, clock.latest), ntp_timestamp / _NTP_FRACTION)

    def _start_s(self, clock: _Clock) -> float:
        """Where the track's first timestamp lies: by the reports if both tracks have one, else by its arrival."""
        video = self._clocks.get(Track.VIDEO, clock)
        sent_s, video_sent_s = clock.first_sent_s(), video.first_sent_s()
        if clock is video or sent_s is None or video_sent_s is None:
            return clock.first_at_s
        return video.first_at_s + sent_s - video_sent_s


def _unwrapped(timestamp: int, near: int) -> int:
    return near + ((timestamp - near + _WRAP // 2) % _WRAP) - _WRAP // 2
