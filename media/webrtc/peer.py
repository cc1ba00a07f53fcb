"""One publisher's WebRTC connection: answers its offer, hands on its samples, says when it is connected and gone."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence

import structlog
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpCodecCapability,
    RTCRtpReceiver,
    RTCRtpTransceiver,
    RTCSessionDescription,
)

from media.sample import AudioCodec, Sample
from media.webrtc.answer import Rates, written
from media.webrtc.ice import Door, keep_to
from media.webrtc.key_pictures import KeyPictures
from media.webrtc.line import Line
from media.webrtc.offer import Offer, Section
from media.webrtc.receive import Pictures, Sound
from media.webrtc.timeline import Timeline
from media.webrtc.track import ask_key_picture, tap

log = structlog.get_logger(__name__)

CONNECT_WITHIN_S = 15.0


class Peer:
    """A connection that takes `offer`; the callables are called on the event loop.

    `on_gone` is called once, however the connection ends, also when it is closed from here.
    """

    def __init__(
        self,
        offer: Offer,
        *,
        clock: Callable[[], float],
        on_sample: Callable[[Sample], None],
        on_connected: Callable[[], None],
        on_gone: Callable[[], None],
    ) -> None:
        self._offer, self._clock = offer, clock
        self._on_connected, self._on_gone = on_connected, on_gone
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._timeline, self._keys = Timeline(), KeyPictures()
        self.line = Line(clock())
        self._pictures = Pictures(self.line, self._timeline, self._keys, on_sample, clock)
        self._sound = Sound(self.line, self._timeline, on_sample, clock)
        self._receiver: RTCRtpReceiver | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._gone = False
        self.door = Door()

    @property
    def audio(self) -> AudioCodec | None:
        """The codec of the sound that is coming, None without sound."""
        return AudioCodec.OPUS if self._offer.audio is not None else None

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where the publisher's datagrams are taken."""
        transports = {transceiver.receiver.transport.transport for transceiver in self._pc.getTransceivers()}
        return [(c.ip, c.port) for transport in transports for c in transport.iceGatherer.getLocalCandidates()]

    async def answer(self, hosts: Sequence[str], rates: Rates) -> str:
        """The SDP answer; from here on the connection waits for the publisher on `hosts`, for 15 s at most."""
        for section in self._offer.sections:
            transceiver = self._take(section)
            if section is self._offer.sections[0]:
                self.door = keep_to(transceiver, hosts)
        await self._pc.setRemoteDescription(RTCSessionDescription(self._offer.canonical(), "offer"))
        await self._pc.setLocalDescription(await self._pc.createAnswer())
        self._pc.on("connectionstatechange", self._state_changed)
        asyncio.get_running_loop().call_later(CONNECT_WITHIN_S, self._give_up)
        return written(self._pc.localDescription.sdp, self._offer, rates)

    def ask_key_picture(self) -> None:
        """The packager wants to begin a segment."""
        self._keys.want()
        self.tick()

    def tick(self) -> None:
        """Asks for a key picture if one is due; called with every step of the studio's clock."""
        if self._receiver is not None and self._pictures.ssrc is not None and self._keys.due(self._clock()):
            self._spawn(ask_key_picture(self._receiver, self._pictures.ssrc))

    def hang_up(self) -> None:
        """Closes the connection without waiting for it."""
        self._spawn(self.close())

    async def close(self) -> None:
        """Closes the connection; may be called again."""
        self._end()
        await self._pc.close()

    def _take(self, section: Section) -> RTCRtpTransceiver:
        transceiver = self._pc.addTransceiver(section.kind, direction="recvonly")
        transceiver.setCodecPreferences(_preferences(section))
        if section.kind == "video":
            self._receiver = transceiver.receiver
            tap(transceiver.receiver, self._pictures)
        else:
            tap(transceiver.receiver, self._sound)
        return transceiver

    def _state_changed(self) -> None:
        state = self._pc.connectionState
        if state == "connected" and not self._gone:
            self._on_connected()
        elif state in ("failed", "closed"):
            self.hang_up()

    def _give_up(self) -> None:
        if self._pc.connectionState != "connected":
            self.hang_up()

    def _end(self) -> None:
        if not self._gone:
            self._gone = True
            self._on_gone()

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _preferences(section: Section) -> list[RTCRtpCodecCapability]:
    """The one codec that is accepted, with its retransmissions; set before the offer, or it has no effect."""
    wanted = ("video/h264", "video/rtx") if section.kind == "video" else ("audio/opus",)
    capabilities = RTCRtpReceiver.getCapabilities(section.kind)
    codecs = capabilities.codecs if capabilities is not None else []
    return [codec for codec in codecs if codec.mimeType.lower() in wanted]
