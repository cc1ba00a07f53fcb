"""The one door to the ffmpeg program: videos that people bring are made safe and even, a demo lecture is made."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import ffmpeg
import imageio_ffmpeg

LARGEST_SIDE = 1_920
MOST_PIXELS = 8_912_896
LONGEST_GROUP_S = 4.0
LONGEST_VIDEO_S = 6 * 3_600
MOST_WORK_S = 4 * 3_600
MOST_MEMORY = 3 << 30
LARGEST_FILE = 16 << 30
NICE = 10
FPS = 25

SOUND = {"c:a": "aac", "b:a": "128k", "ar": 48_000, "ac": 2}
PICTURE = {"c:v": "libx264", "preset": "veryfast", "pix_fmt": "yuv420p", "bf": 0, "crf": 23}


class MediaRefused(ValueError):
    """The file is no video that can be played as a class."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a prepared file holds."""

    width: int
    height: int
    even: bool


async def prepare(source: Path, target: Path) -> None:
    """Make an uploaded MP4 one with H.264 up to 1920 pixels, key pictures every 4 s at most, AAC; MediaRefused.

    The bytes somebody brought are read by a limited process only, which may open nothing but files; what is looked at
    here is what that process wrote. The picture is copied when that will do.
    """
    unfinished = target.with_suffix(".part")
    try:
        await run(_from_outside(source, unfinished, {"c:v": "copy"}))
        made = await asyncio.to_thread(look_at, unfinished)
        if not made.even:
            await run(_from_outside(source, unfinished, PICTURE | {"g": 2 * FPS, "r": FPS, "vf": _shrunk(made)}))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


async def make_lecture(slides: Sequence[Path], target: Path, *, seconds: int, font: Path) -> None:
    """A lecture to be shown in a loop: each PNG for an equal time, a running clock, a low hum; Opus and H.264."""
    shown = seconds / len(slides)
    pictures = [ffmpeg.input(str(slide), loop=1, t=shown, framerate=FPS, protocol_whitelist="file") for slide in slides]
    drawn = (
        ffmpeg.concat(*pictures, n=len(pictures), v=1, a=0)
        .filter("scale", 1_280, 720)
        .drawtext(text="%{pts:hms}", fontfile=str(font), fontsize=36, fontcolor="white", x="w-tw-32", y=24, box=1,
                  boxcolor="black@0.6", boxborderw=10, escape_text=False)
    )  # fmt: skip
    hum = ffmpeg.input("aevalsrc=0.05*sin(2*PI*220*t)*(1+sin(2*PI*0.2*t)):s=48000", f="lavfi", t=seconds)
    encoding = {"c:v": "libx264", "preset": "superfast", "profile:v": "baseline", "pix_fmt": "yuv420p", "bf": 0}
    steady = {"g": 2 * FPS, "keyint_min": 2 * FPS, "sc_threshold": 0, "r": FPS}
    voice = {"c:a": "libopus", "b:a": "48k", "ac": 2, "frame_duration": 20}
    unfinished = target.with_suffix(".part")
    try:
        await run(ffmpeg.output(drawn, hum, str(unfinished), f="mp4", t=seconds, **encoding, **steady, **voice))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def look_at(path: Path) -> Made:
    """What a file made by `run` holds, and whether it can be played as it is; MediaRefused."""
    try:
        with av.open(str(path), "r") as container:
            video = container.streams.video[0]
            width, height, codec = video.width, video.height, video.codec_context
            keys = [float(p.pts * p.time_base) for p in container.demux(video) if p.is_keyframe and p.pts is not None]
            length = float((container.duration or 0) / av.time_base)
    except (av.FFmpegError, IndexError) as error:
        raise MediaRefused(str(error)) from error
    longest = max((after - before for before, after in pairwise([*keys, length])), default=length)
    plain = codec.name == "h264" and codec.pix_fmt in ("yuv420p", "yuvj420p")
    return Made(width, height, plain and max(width, height) <= LARGEST_SIDE and longest <= LONGEST_GROUP_S)


async def run(stream: Any) -> None:
    """Run a command of ffmpeg-python to its end, within limits of time, memory and size; MediaRefused."""
    command = ffmpeg.compile(stream, cmd=imageio_ffmpeg.get_ffmpeg_exe(), overwrite_output=True)
    quiet = [command[0], "-nostdin", "-hide_banner", "-loglevel", "error", *command[1:]]
    process = await asyncio.create_subprocess_exec(*quiet, stderr=asyncio.subprocess.PIPE)
    try:
        _limit(process.pid)
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise MediaRefused(said.decode(errors="replace")[-500:].strip())


def _from_outside(source: Path, target: Path, picture: dict[str, object]) -> Any:
    brought = ffmpeg.input(str(source), f="mov", protocol_whitelist="file", max_pixels=MOST_PIXELS)
    options = {
        "sn": None,
        "dn": None,
        "map_metadata": -1,
        "map_chapters": -1,
        "t": LONGEST_VIDEO_S,
        "fs": LARGEST_FILE,
        "threads": 2,
    }
    return brought.output(str(target), f="mp4", movflags="+faststart", **options, **picture, **SOUND)


def _shrunk(made: Made) -> str:
    """Even sides, none over the largest; the picture keeps its shape."""
    scale = min(1.0, LARGEST_SIDE / max(made.width, made.height, 1))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (made.width, made.height))
    return f"scale={width}:{height}"


def _limit(process: int) -> None:
    limits = {resource.RLIMIT_CPU: MOST_WORK_S, resource.RLIMIT_AS: MOST_MEMORY, resource.RLIMIT_FSIZE: LARGEST_FILE}
    try:
        for kind, most in limits.items():
            resource.prlimit(process, kind, (most, most))
        os.setpriority(os.PRIO_PROCESS, process, NICE)
    except ProcessLookupError:
        return
