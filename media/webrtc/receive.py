"""From RTP packets to samples: one tap for the pictures, one for the sound of a publisher."""

from collections.abc import Callable

from media.h264 import has_idr, video_info
from media.sample import Sample, Track
from media.webrtc.assembler import Assembler, Packet, Unit
from media.webrtc.key_pictures import KeyPictures
from media.webrtc.line import Line
from media.webrtc.nack import Nack
from media.webrtc.timeline import Timeline

PICTURE_PATIENCE_S = 0.4
SOUND_PATIENCE_S = 0.1

Take = Callable[[Sample], None]
Clock = Callable[[], float]


class Pictures:
    """The tap of the H.264 track.

    After a loss nothing is handed on until the next key picture: what lies between would be shown broken. The
    publisher is asked for one at once, so the picture stands still for a round trip.
    """

    def __init__(self, line: Line, timeline: Timeline, keys: KeyPictures, take: Take, clock: Clock) -> None:
        self._line, self._timeline, self._keys, self._take, self._clock = line, timeline, keys, take, clock
        self._assembler = Assembler(patience_s=PICTURE_PATIENCE_S, packet_is_unit=False)
        self._nack = Nack(worth_s=PICTURE_PATIENCE_S)
        self._broken = True
        self.ssrc: int | None = None

    def seen(self, sequence: int) -> list[int]:
        asked = self._nack.seen(sequence, self._clock())
        self._line.packets(self._nack.expected, self._nack.lost)
        return asked

    def packet(self, ssrc: int, packet: Packet) -> None:
        self.ssrc = ssrc
        now = self._clock()
        self._line.arrived(len(packet.data), now)
        for unit in self._assembler.push(packet, now):
            self._unit(unit, now)

    def sender_report(self, ntp_timestamp: int, rtp_timestamp: int) -> None:
        self._line.arrived(0, self._clock())
        self._timeline.report(Track.VIDEO, ntp_timestamp, rtp_timestamp)

    def _unit(self, unit: Unit, now: float) -> None:
        pts = self._timeline.ticks(Track.VIDEO, unit.timestamp, now)
        key = has_idr(unit.data)
        if unit.after_loss and not self._broken:
            self._broken = True
            self._keys.want()
        if key:
            self._broken = False
            self._keys.arrived()
            self._line.parameters(video_info(unit.data))
        if not self._broken:
            self._line.picture()
            self._take(Sample(Track.VIDEO, pts, pts, key, unit.data))


class Sound:
    """The tap of the Opus track; aiortc asks for no lost packet of it again, and a hole of 20 ms is hardly heard."""

    def __init__(self, line: Line, timeline: Timeline, take: Take, clock: Clock) -> None:
        self._line, self._timeline, self._take, self._clock = line, timeline, take, clock
        self._assembler = Assembler(patience_s=SOUND_PATIENCE_S, packet_is_unit=True)

    def seen(self, sequence: int) -> list[int]:
        return []

    def packet(self, ssrc: int, packet: Packet) -> None:
        now = self._clock()
        self._line.arrived(len(packet.data), now)
        for unit in self._assembler.push(packet, now):
            pts = self._timeline.ticks(Track.AUDIO, unit.timestamp, now)
            self._take(Sample(Track.AUDIO, pts, pts, True, unit.data))

    def sender_report(self, ntp_timestamp: int, rtp_timestamp: int) -> None:
        self._line.arrived(0, self._clock())
        self._timeline.report(Track.AUDIO, ntp_timestamp, rtp_timestamp)
