"""One publisher of a stream, from its first packet to its last: on the line, silent for a while, gone."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import uuid4

from media.gate import Leave
from media.publication import Publication
from media.sample import AudioCodec, Sample
from media.stream import Emit, Stream
from media.webrtc.line import Line, Reading

SILENT_S = 3.0
LINE_EVERY_S = 5.0


class Connection(Protocol):
    """What brings the publisher's samples."""

    line: Line

    @property
    def audio(self) -> AudioCodec | None: ...

    def ask_key_picture(self) -> None: ...

    def tick(self) -> None: ...

    def hang_up(self) -> None: ...

    async def close(self) -> None: ...


class Publisher:
    """A publisher with leave for one stream.

    Until `connected` it is nobody. When nothing comes for 3 s its run is over and the class is told that the line is
    lost, but the connection is kept: what comes later begins a new run of the same class.
    """

    def __init__(
        self,
        leave: Leave,
        stream: Stream,
        *,
        emit: Emit,
        monotonic: Callable[[], float],
        on_connected: Callable[["Publisher"], None],
        on_gone: Callable[["Publisher"], None],
    ) -> None:
        self.leave, self.stream = leave, stream
        self.connection: Connection | None = None
        self.reading: Reading | None = None
        self._emit, self._monotonic = emit, monotonic
        self._on_connected, self._on_gone = on_connected, on_gone
        self._publication: Publication | None = None
        self._connected = self.gone = False
        self._read_at = monotonic()

    @property
    def live(self) -> bool:
        """Whether it is sending."""
        return self._publication is not None

    def connected(self) -> None:
        """Its connection stands; it takes the place of any other publisher of the stream."""
        if not self._connected and not self.gone:
            self._connected = True
            self._on_connected(self)
            self._begin_run()

    def take(self, sample: Sample) -> None:
        """The next sample from its connection; after a silence it begins a new run."""
        if self._publication is None and self._connected:
            self._begin_run()
        if self._publication is not None:
            self._publication.push(sample)

    def tick(self) -> None:
        """Time has passed."""
        if self.connection is None or not self._connected:
            return
        self.connection.tick()
        now = self._monotonic()
        if self.live and now - self.connection.line.heard_at > SILENT_S:
            self._end_run("silent", "lost")
        if self.live and now - self._read_at >= LINE_EVERY_S:
            self._read_line(now)

    def end(self, reason: str) -> None:
        """It is over: `closed` by the publisher, or `replaced`, `revoked`, `dropped`, `ended`, `cut` by us."""
        if self.gone:
            return
        self.gone = True
        if self.live:
            self._end_run(reason, reason if reason in ("replaced", "ended", "cut") else "lost")
        if self.connection is not None:
            self.connection.hang_up()
        self._on_gone(self)

    def _begin_run(self) -> None:
        if self.connection is None or self.gone:
            return
        run, audio = uuid4().hex, self.connection.audio
        data = {"source": self.leave.source, "session": self.leave.session, "audio": audio is not None}
        self._emit("publisher_connected", run, self.stream.now_ms(), data)
        self._publication = self.stream.publish(run, audio=audio, ask_key_frame=self.connection.ask_key_picture)
        self._read_at = self._monotonic()

    def _end_run(self, reason: str, off_air: str) -> None:
        publication, self._publication = self._publication, None
        if publication is None:
            return
        publication.close(off_air)
        if reason != "replaced":
            self._emit("publisher_lost", publication.run, self.stream.now_ms(), {"reason": reason})

    def _read_line(self, now: float) -> None:
        if self.connection is None or self._publication is None:
            return
        self._read_at = now
        self.reading = self.connection.line.read(now)
        self._emit("line", self._publication.run, self.stream.now_ms(), described(self.reading))


def described(reading: Reading) -> dict[str, Any]:
    """A reading as data of an event."""
    return {name: getattr(reading, name) for name in ("kbps", "fps", "loss", "width", "height")}
