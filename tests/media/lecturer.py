"""A lecturer for tests: aiortc as publisher on loopback, a moving picture and a tone, its line as bad as asked."""

import asyncio
import contextlib
import math
import random
from array import array
from collections.abc import Coroutine
from fractions import Fraction

import av
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceTransport,
    RTCPeerConnection,
    RTCRtpTransceiver,
    RTCSessionDescription,
)

from media.webrtc.ice import keep_to
from tests.media.waiting import until

LOOPBACK = ["127.0.0.1"]
OPUS = 96
"""The payload type that aiortc gives to Opus."""


class Picture(MediaStreamTrack):
    """A grey ramp that moves, 20 pictures a second."""

    kind = "video"

    def __init__(self, width: int = 320, height: int = 180, fps: int = 20) -> None:
        super().__init__()
        self._size, self._fps, self._count = (width, height), fps, 0
        self._start: float | None = None

    async def recv(self) -> av.VideoFrame:
        now = asyncio.get_running_loop().time()
        self._start = now if self._start is None else self._start
        await asyncio.sleep(max(0.0, self._start + self._count / self._fps - now))
        frame = _ramp(*self._size, shift=self._count * 8)
        frame.pts, frame.time_base = self._count * 90_000 // self._fps, Fraction(1, 90_000)
        self._count += 1
        return frame


def _ramp(width: int, height: int, shift: int) -> av.VideoFrame:
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane, step in zip(frame.planes, (2, 0, 0), strict=True):
        row = bytes((128 if step == 0 else n * step + shift) % 256 for n in range(plane.line_size))
        plane.update(row * plane.height)
    return frame


class Tone(MediaStreamTrack):
    """A tone of 440 Hz in pieces of 20 ms."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._start: float | None = None

    async def recv(self) -> av.AudioFrame:
        now = asyncio.get_running_loop().time()
        self._start = now if self._start is None else self._start
        await asyncio.sleep(max(0.0, self._start + self._count * 0.02 - now))
        frame = av.AudioFrame(format="s16", layout="mono", samples=960)
        wave = (math.sin(2 * math.pi * 440 * n / 48_000) for n in range(self._count * 960, (self._count + 1) * 960))
        frame.planes[0].update(array("h", (round(8_000 * value) for value in wave)).tobytes())
        frame.sample_rate, frame.pts, frame.time_base = 48_000, self._count * 960, Fraction(1, 48_000)
        self._count += 1
        return frame


class Lecturer:
    """A publisher; `loss` is the share of its packets that get lost, `delay_s` the way of each of the others.

    Its sound travels `sound_late_s` longer than its pictures.
    """

    def __init__(
        self,
        *,
        video: bool = True,
        audio: bool = True,
        loss: float = 0.0,
        delay_s: float = 0.0,
        sound_late_s: float = 0.0,
    ) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.loss, self.delay_s, self._sound_late_s = loss, delay_s, sound_late_s
        self._chance = random.Random(11)
        tracks = [*([Tone()] if audio else []), *([Picture()] if video else [])]
        self.transceivers = [self._add(track) for track in tracks]

    async def offer(self) -> str:
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def accept(self, answer: str) -> None:
        self._spoil_line()
        await self.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def connected(self, within_s: float = 10.0) -> None:
        await until(lambda: self.pc.connectionState == "connected", within_s)

    async def close(self) -> None:
        await self.pc.close()

    @property
    def address(self) -> tuple[str, int]:
        """Where the publisher sends from."""
        candidate = self._ice.iceGatherer.getLocalCandidates()[0]
        return candidate.ip, candidate.port

    @property
    def _ice(self) -> RTCIceTransport:
        return self.transceivers[0].receiver.transport.transport

    def _add(self, track: MediaStreamTrack) -> RTCRtpTransceiver:
        transceiver = self.pc.addTransceiver(track, direction="sendonly")
        wanted = ("video/h264", "video/rtx") if track.kind == "video" else ("audio/opus",)
        capabilities = transceiver.sender.getCapabilities(track.kind)
        assert capabilities is not None
        transceiver.setCodecPreferences([c for c in capabilities.codecs if c.mimeType.lower() in wanted])
        if len(self.pc.getTransceivers()) == 1:
            keep_to(transceiver, LOOPBACK)
        return transceiver

    def _spoil_line(self) -> None:
        ice = self._ice
        send = ice._send

        async def spoiled(data: bytes) -> None:
            is_media = 127 < data[0] < 192
            if is_media and self._chance.random() < self.loss:
                return
            way_s = self.delay_s + (self._sound_late_s if data[1] & 0x7F == OPUS else 0.0) if is_media else 0.0
            if way_s:
                loop = asyncio.get_running_loop()
                loop.call_later(way_s, lambda: asyncio.ensure_future(_quietly(send(data))))
            else:
                await send(data)

        setattr(ice, "_send", spoiled)  # noqa: B010


async def _quietly(sending: Coroutine[None, None, None]) -> None:
    with contextlib.suppress(ConnectionError):
        await sending
