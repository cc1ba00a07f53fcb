"""Takes RTP packets out of aiortc before it decodes them: the one file that touches its inside.

aiortc hands every packet, retransmissions unwrapped, to a NACK generator and to a jitter buffer, and decodes what the
buffer releases in a thread. Ours are put in the place of both: the packets go to the `Tap`, the buffer releases
nothing, the decoder's thread sleeps until the receiver stops. RTCP, REMB, SRTP and retransmission stay aiortc's.
"""

from importlib.metadata import version
from typing import Any, Protocol, cast

from aiortc import RTCDtlsTransport, RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtcrtpparameters import RTCRtpCodecParameters, RTCRtpReceiveParameters
from aiortc.rtcrtpreceiver import NackGenerator, RemoteStreamTrack
from aiortc.rtp import AnyRtcpPacket, RtcpSrPacket, RtpPacket

from media.webrtc import ice
from media.webrtc.assembler import Packet

AIORTC = "1.16."
_BUFFER = "_RTCRtpReceiver__jitter_buffer"
_NACK = "_RTCRtpReceiver__nack_generator"
_RTCP = "_handle_rtcp_packet"


class Tap(Protocol):
    """What is called for each packet of one receiver; all on the event loop."""

    def seen(self, sequence: int) -> list[int]:
        """A packet of the picture is here; returns the sequence numbers to ask for again."""

    def packet(self, ssrc: int, packet: Packet) -> None:
        """The packet itself, its payload in Annex B form (H.264) or as it is (Opus)."""

    def sender_report(self, ntp_timestamp: int, rtp_timestamp: int) -> None:
        """A sender report of the stream (RFC 3550 §6.4.1)."""


def tap(receiver: RTCRtpReceiver, into: Tap) -> None:
    """Puts `into` in the place of the receiver's jitter buffer and NACK generator, before the receiver starts."""
    if getattr(receiver, _NACK) is not None:
        setattr(receiver, _NACK, _Nack(into))
    setattr(receiver, _BUFFER, _Buffer(into))
    handle = getattr(receiver, _RTCP)

    async def handle_rtcp(packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpSrPacket):
            into.sender_report(packet.sender_info.ntp_timestamp, packet.sender_info.rtp_timestamp)
        await handle(packet)

    setattr(receiver, _RTCP, handle_rtcp)


async def ask_key_picture(receiver: RTCRtpReceiver, ssrc: int) -> None:
    """Sends a picture loss indication (RFC 4585 §6.3.1); `ssrc` is the picture's own, never its retransmissions'."""
    await receiver._send_rtcp_pli(ssrc)


async def check() -> None:
    """Sends a packet through a receiver; raises RuntimeError unless it comes out as it should. Called at the start.

    An aiortc that has changed inside must not be found out by a class without a picture.
    """
    lost = ice.missing()
    if not version("aiortc").startswith(AIORTC):
        lost.append(f"aiortc {AIORTC}*, found {version('aiortc')}")
    try:
        lost += [] if await _came_through() else ["packet out of aiortc"]
    except (AttributeError, TypeError, AssertionError) as error:
        lost.append(repr(error))
    if lost:
        raise RuntimeError("the WebRTC library isn't the one that media.webrtc.track knows: no " + ", ".join(lost))


class _Buffer(JitterBuffer):
    """A jitter buffer that passes every packet on and never releases a picture to the decoder."""

    def __init__(self, into: Tap) -> None:
        super().__init__(capacity=1)
        self._into = into

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        data: bytes = cast(Any, packet)._data
        self._into.packet(packet.ssrc, Packet(packet.sequence_number, packet.timestamp, packet.marker == 1, data))
        return False, None


class _Nack(NackGenerator):
    """A NACK generator that asks what the tap wants asked."""

    def __init__(self, into: Tap) -> None:
        super().__init__()
        self._into = into

    def add(self, packet: RtpPacket) -> bool:
        self.missing = set(self._into.seen(packet.sequence_number))
        return bool(self.missing)


class _Probe:
    """A tap that keeps what comes, and the transport that a receiver needs to start: both for the check."""

    state = "new"
    _stats_id = "probe"

    def __init__(self) -> None:
        self.came: list[object] = []

    def seen(self, sequence: int) -> list[int]:
        self.came.append(sequence)
        return [sequence - 1]

    def packet(self, ssrc: int, packet: Packet) -> None:
        self.came.append((ssrc, packet))

    def sender_report(self, ntp_timestamp: int, rtp_timestamp: int) -> None:
        self.came.append((ntp_timestamp, rtp_timestamp))

    async def _send_rtp(self, data: bytes) -> None:
        self.came.append(data[1])

    def _register_rtp_receiver(self, receiver: RTCRtpReceiver, parameters: RTCRtpReceiveParameters) -> None: ...

    def _unregister_rtp_receiver(self, receiver: RTCRtpReceiver) -> None: ...


async def _came_through() -> bool:
    probe = _Probe()
    receiver = RTCRtpReceiver("video", cast(RTCDtlsTransport, probe))
    receiver._track = RemoteStreamTrack("video")
    receiver._set_rtcp_ssrc(1)
    tap(receiver, probe)
    codec = RTCRtpCodecParameters(mimeType="video/H264", clockRate=90_000, payloadType=96)
    await receiver.receive(RTCRtpReceiveParameters(codecs=[codec]))
    packet = RtpPacket(payload_type=96, sequence_number=7, timestamp=9, ssrc=5, payload=b"\x65x", marker=1)
    await receiver._handle_rtp_packet(packet, 0)
    await ask_key_picture(receiver, 5)
    await receiver.stop()
    nack, loss_indication = 205, 206
    picture = (5, Packet(7, 9, True, b"\x00\x00\x00\x01\x65x"))
    return probe.came == [7, nack, picture, loss_indication]
