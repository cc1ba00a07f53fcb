"""How a publisher's line is doing: rate, pictures a second, loss, size of the picture."""

from dataclasses import dataclass

from media.sample import VideoInfo


@dataclass(frozen=True, slots=True)
class Reading:
    """The line over the last interval; `loss` is the share of the picture's packets that never came, 0 to 1."""

    kbps: int
    fps: float
    loss: float
    width: int
    height: int


class Line:
    """Counts what arrives from one publisher; `heard_at` is when (monotonic seconds) the last packet came."""

    def __init__(self, now: float) -> None:
        self.heard_at = now
        self._since = now
        self._bytes = 0
        self._pictures = 0
        self._expected = self._lost = 0
        self._expected_before = self._lost_before = 0
        self._size = (0, 0)

    def arrived(self, size: int, now: float) -> None:
        self._bytes += size
        self.heard_at = now

    def picture(self) -> None:
        self._pictures += 1

    def packets(self, expected: int, lost: int) -> None:
        """How many packets there should have been, and how many of them are given up, since the beginning."""
        self._expected, self._lost = expected, lost

    def parameters(self, video: VideoInfo | None) -> None:
        if video is not None:
            self._size = (video.width, video.height)

    def read(self, now: float) -> Reading:
        """The line since the last reading."""
        seconds = max(now - self._since, 1e-3)
        expected = max(self._expected - self._expected_before, 1)
        reading = Reading(
            kbps=round(self._bytes * 8 / seconds / 1000),
            fps=round(self._pictures / seconds, 1),
            loss=round((self._lost - self._lost_before) / expected, 4),
            width=self._size[0],
            height=self._size[1],
        )
        self._since, self._bytes, self._pictures = now, 0, 0
        self._expected_before, self._lost_before = self._expected, self._lost
        return reading
