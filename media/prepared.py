"""A prepared video as the publisher of a class: made ready in the background, played as a camera would send it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import uuid4

import av
from av.bitstream import BitStreamFilterContext

from media.ffmpeg import MediaRefused, prepare
from media.sample import AudioCodec, Sample, Track
from media.stream import Emit, Stream

AHEAD_S = 0.01
PREPARED = "prepared"


class Readiness(StrEnum):
    """How far a video has come."""

    WORKING = "working"
    READY = "ready"
    REFUSED = "refused"
    PLAYING = "playing"


class NotReady(LookupError):
    """There is no video to play for this class, or not yet."""


def samples(path: Path) -> Iterator[Sample]:
    """Access units of a prepared file in their order, pictures in Annex B form with parameter sets before key ones."""
    with av.open(str(path), "r") as container:
        annex_b = BitStreamFilterContext("h264_mp4toannexb", container.streams.video[0])
        for packet in container.demux():
            if packet.dts is None:
                continue
            track = Track(packet.stream.type)
            units = annex_b.filter(packet) if track is Track.VIDEO else [packet]
            yield from (_sample(track, unit) for unit in units)


def sound_of(path: Path) -> AudioCodec | None:
    """The codec of its sound."""
    with av.open(str(path), "r") as container:
        audio = container.streams.audio
        return AudioCodec(audio[0].codec_context.codec.canonical_name) if audio else None


async def play(path: Path, stream: Stream, run: str) -> bool:
    """Publish the video once, as fast as it is meant to be seen; False when something else took its place."""
    publication = stream.publish(run, audio=await asyncio.to_thread(sound_of, path), ask_key_frame=_has_its_own)
    loop = asyncio.get_running_loop()
    began: float | None = None
    try:
        for sample in samples(path):
            at = sample.dts / sample.track.timescale
            began = loop.time() - at if began is None else began
            if began + at - loop.time() > AHEAD_S:
                await asyncio.sleep(began + at - loop.time())
            if publication.closed:
                return False
            publication.push(sample)
        publication.close("finished")
        return True
    finally:
        publication.close()


class Prepared:
    """The videos of all classes: made ready one after another, one of them playing per class at most."""

    def __init__(self, data: Path, news: Callable[[str], Emit]) -> None:
        """Sources lie in the `data` folder; `news` gives the place where news of a stream goes."""
        self._data = data.resolve()
        self._folder = data / "media" / PREPARED
        self._news = news
        self._one_at_a_time = asyncio.Lock()
        self._making: dict[str, asyncio.Task[None]] = {}
        self._playing: dict[str, asyncio.Task[None]] = {}
        self._refused: dict[str, Path] = {}

    def prepare(self, name: str, source: Path) -> None:
        """Begin to make a file of the data folder ready for the class `name`, once; MediaRefused for any other file."""
        inside = (self._data / source).resolve()
        if not (inside.is_relative_to(self._data) and inside.is_file()):
            raise MediaRefused("not a file of the data folder")
        if name not in self._making and not self._is_done(name, inside):
            self._refused.pop(name, None)
            self._making[name] = asyncio.create_task(self._make(name, inside))

    def readiness(self, name: str) -> Readiness | None:
        """How far the video of a class has come, None when there is none."""
        if name in self._playing:
            return Readiness.PLAYING
        if name in self._making:
            return Readiness.WORKING
        if name in self._refused:
            return Readiness.REFUSED
        return Readiness.READY if self._file(name).is_file() else None

    def play(self, stream: Stream) -> None:
        """Begin to play the video as the publisher of its class; NotReady. A second order changes nothing."""
        if self.readiness(stream.name) not in (Readiness.READY, Readiness.PLAYING):
            raise NotReady(stream.name)
        if stream.name not in self._playing:
            self._playing[stream.name] = asyncio.create_task(self._play(stream))

    def stop(self, name: str) -> None:
        """The class has another publisher, or none."""
        playing = self._playing.get(name)
        if playing is not None:
            playing.cancel()

    async def close(self) -> None:
        """The process ends."""
        tasks = [*self._making.values(), *self._playing.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _make(self, name: str, source: Path) -> None:
        try:
            async with self._one_at_a_time:
                self._folder.mkdir(parents=True, exist_ok=True)
                await prepare(source, self._file(name))
        except (MediaRefused, OSError):
            self._refused[name] = source
        finally:
            del self._making[name]

    async def _play(self, stream: Stream) -> None:
        run, path, tell = uuid4().hex, self._file(stream.name), self._news(stream.name)
        data: dict[str, object] = {"source": "video", "session": None, "audio": sound_of(path) is not None}
        tell("publisher_connected", run, stream.now_ms(), data)
        reason = "dropped"
        try:
            reason = "closed" if await play(path, stream, run) else "replaced"
        finally:
            del self._playing[stream.name]
            if reason != "replaced":
                tell("publisher_lost", run, stream.now_ms(), {"reason": reason})

    def _is_done(self, name: str, source: Path) -> bool:
        """Whether this very source was looked at before: what was made is younger, or it was refused."""
        made = self._file(name)
        fresh = made.is_file() and made.stat().st_mtime_ns >= source.stat().st_mtime_ns
        return fresh or self._refused.get(name) == source

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.mp4"


def _sample(track: Track, packet: av.Packet[Any]) -> Sample:
    rate = (packet.time_base or Fraction(1, track.timescale)) * track.timescale
    dts = round((packet.dts or 0) * rate)
    pts = dts if packet.pts is None else round(packet.pts * rate)
    return Sample(track, pts, dts, packet.is_keyframe or track is Track.AUDIO, bytes(packet))


def _has_its_own() -> None:
    """A file cannot be asked for a key picture; it has one every few seconds."""
