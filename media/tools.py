"""Work at the operator's desk: make a lecture, write a recording of an earlier day, push a file as an encoder does."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import imageio_ffmpeg

from media.ffmpeg import make_lecture, prepare
from media.prepared import samples, sound_of
from media.sample import Sample, Track
from media.storage import Storage
from media.stream import Stream

BREATHE_EVERY = 500
AGAIN_S = 2.0


async def lecture(slides: Path, out: Path, seconds: int, font: Path) -> dict[str, object]:
    """A lecture of the PNGs in a folder, in the order of their names."""
    pictures = await asyncio.to_thread(lambda: sorted(slides.glob("*.png")))
    await asyncio.to_thread(out.parent.mkdir, parents=True, exist_ok=True)
    await make_lecture(pictures, out, seconds=seconds, font=font)
    return {"slides": len(pictures), "seconds": seconds}


async def record(data: Path, name: str, video: Path, at: datetime, seconds: int) -> dict[str, object]:
    """The finished recording of a class as if `video`, in a loop, had been broadcast from `at` for `seconds`."""
    told: dict[str, tuple[int, str]] = {}
    passed = 0.0

    def emit(name: str, run: str, at_ms: int, data: dict[str, object]) -> None:
        told[name] = (at_ms, run)

    storage = Storage(data / "media")
    stream = Stream(
        name, shelf=storage.shelf(name), clock=lambda: at.timestamp() + passed, emit=emit, monotonic=lambda: passed
    )
    stream.open()
    with tempfile.TemporaryDirectory() as folder:
        # Its sound becomes AAC once, not again in every loop.
        even = Path(folder) / "even.mp4"
        await prepare(video, even)
        publication = stream.publish("recorded", audio=await asyncio.to_thread(sound_of, even), ask_key_frame=_ignore)
        for number, sample in enumerate(_looped(even, seconds)):
            passed = sample.dts / sample.track.timescale
            publication.push(sample)
            if number % BREATHE_EVERY == 0:  # the disk writes beside us
                stream.tick()
                await asyncio.sleep(0)
        await stream.end()
    (from_ms, run), (until_ms, _) = told["on_air"], told["off_air"]
    return {"from_ms": from_ms, "until_ms": until_ms, "run": run}


async def push(video: Path, url: str, key: str) -> None:
    """Publish a file in real time and in a loop by WHIP with an encoder key; begins again whenever it breaks off."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-loglevel", "error", "-re", "-stream_loop", "-1",
        "-i", str(video), "-c", "copy", "-f", "whip", "-authorization", key, url,
    ]  # fmt: skip
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        encoder = await asyncio.create_subprocess_exec(*command, start_new_session=True)
        await asyncio.wait(
            [asyncio.ensure_future(encoder.wait()), stopped := asyncio.ensure_future(stopping.wait())],
            return_when=asyncio.FIRST_COMPLETED,
        )
        stopped.cancel()
        if encoder.returncode is None:
            # ffmpeg's WHIP muxer takes half a minute over a polite stop; there is nothing for it to lose.
            with contextlib.suppress(ProcessLookupError):
                encoder.kill()
            await encoder.wait()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), AGAIN_S)


def _looped(video: Path, seconds: int) -> Iterator[Sample]:
    """The samples of a file again and again, on one time line, for `seconds`."""
    begun = 0.0
    while True:
        last = begun
        for sample in samples(video):
            shift = round(begun * sample.track.timescale)
            moved = replace(sample, pts=sample.pts + shift, dts=sample.dts + shift)
            at = moved.dts / moved.track.timescale
            if at >= seconds:
                return
            if sample.track is Track.VIDEO:
                last = max(last, at)
            yield moved
        begun = last + 1 / 25


def _ignore() -> None:
    """A file cannot be asked for a key picture."""
