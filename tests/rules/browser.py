"""A browser that beats as `web/src/attendance/heartbeat.ts` does, on a wire that can be cut."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from server.rules.evidence import StayEvidence
from server.rules.presence import Beat, Earning, Reason

INTERVAL_MS = 15_000
_ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str, day: str = "2026-03-02") -> int:
    """Milliseconds since 1970 of a time of day in Shanghai, or of `date time`."""
    day, _, time = text.rpartition(" ") if " " in text else (day, "", text)
    return int(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=_ZONE).timestamp() * 1000)


@dataclass
class Browser:
    """One page of one learner. Its clock is the server's; `position_ms` is what it plays."""

    now_ms: int
    position_ms: int
    stay: str = "office"
    rate: float = 1.0
    playing: bool = True
    visible: bool = True
    beats: list[Beat] = field(default_factory=list)
    earning: list[Earning] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._beat_at = self.now_ms
        self._seq = 0
        self._kept: list[Beat] | None = None
        self.earning.append(Earning(self.now_ms, None))
        self.beat()

    def watch(self, until_ms: int) -> "Browser":
        """Let time pass; a beat is made every interval and at the end."""
        while (due := self._beat_at + INTERVAL_MS) < until_ms:
            self._pass(due)
            self.beat()
        self._pass(until_ms)
        self.beat()
        return self

    def silence(self, until_ms: int) -> "Browser":
        """Let time pass without any beat, then beat."""
        self._pass(until_ms)
        self.beat()
        return self

    def change(self, playing: bool | None = None, visible: bool | None = None) -> "Browser":
        """Play, pause, hide, show: one beat of what was, one of what begins."""
        self.beat()
        self.playing = self.playing if playing is None else playing
        self.visible = self.visible if visible is None else visible
        self.beat()
        return self

    def seek(self, to_ms: int) -> "Browser":
        self.beat()
        self.position_ms = to_ms
        self.beat()
        return self

    def cut_line(self) -> "Browser":
        """From now on beats are kept."""
        self._kept = []
        return self

    def mend_line(self, at_ms: int | None = None) -> "Browser":
        """Send what was kept, received at `at_ms` or now."""
        kept, self._kept = self._kept or [], None
        received = self.now_ms if at_ms is None else at_ms
        self.beats += [replace(each, received_ms=received) for each in kept]
        return self

    def send_again(self, received_ms: int) -> "Browser":
        """Everything sent so far once more."""
        self.beats += [replace(each, received_ms=received_ms) for each in self.beats]
        return self

    def hold(self, reason: Reason | None) -> "Browser":
        """The server lets this stay earn from now on, or not."""
        self.earning.append(Earning(self.now_ms, reason))
        return self

    def end(self) -> "Browser":
        self.beat(ended=True)
        return self

    def beat(self, ended: bool = False) -> None:
        self._seq += 1
        since = self.now_ms - self._beat_at
        beat = Beat(
            self._seq, self.position_ms, self.rate, since, self.playing, self.visible, ended, received_ms=self.now_ms
        )
        (self.beats if self._kept is None else self._kept).append(beat)
        self._beat_at = self.now_ms

    @property
    def earns(self) -> bool:
        return self.earning[-1].held is None and not self.beats[-1].ended

    @property
    def evidence(self) -> StayEvidence:
        return StayEvidence(self.stay, tuple(self.beats), tuple(self.earning))

    def _pass(self, until_ms: int) -> None:
        if self.playing:
            self.position_ms += int((until_ms - self.now_ms) * self.rate)
        self.now_ms = until_ms
