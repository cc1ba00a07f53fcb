"""Videos that people bring: made even, or refused; nothing but the file itself is read."""

import os
from pathlib import Path

import av
import ffmpeg
import pylopdf_fonts_zh_cn
import pytest
from PIL import Image

from media.ffmpeg import Made, MediaRefused, look_at, make_lecture, prepare, run


async def brought(
    path: Path,
    *,
    seconds: int = 2,
    size: str = "320x180",
    group: int = 50,
    sound: bool = True,
    codec: str = "libx264",
) -> Path:
    """What somebody has on a disk: a test picture and a tone."""
    video = ffmpeg.input(f"testsrc=size={size}:rate=25", f="lavfi", t=seconds)
    tone = [ffmpeg.input("sine=frequency=440", f="lavfi", t=seconds)] if sound else []
    options = {"c:v": codec, "pix_fmt": "yuv420p", "g": group} | ({"preset": "ultrafast"} if codec == "libx264" else {})
    await run(ffmpeg.output(video, *tone, str(path), f="mp4", **options))
    return path


def luma(frame: av.VideoFrame, x: int, y: int, width: int = 1) -> bytes:
    """Brightness of a piece of a row."""
    at = y * frame.planes[0].line_size + x
    return bytes(frame.planes[0])[at : at + width]


async def test_a_video_that_will_do_is_copied_and_its_sound_made_even(tmp_path: Path) -> None:
    source = await brought(tmp_path / "in.mp4")
    await prepare(source, tmp_path / "out.mp4")
    assert look_at(tmp_path / "out.mp4") == Made(320, 180, even=True)
    with av.open(str(source), "r") as before, av.open(str(tmp_path / "out.mp4"), "r") as after:
        assert after.streams.audio[0].sample_rate == 48_000
        assert [bytes(p) for p in after.demux(video=0)] == [bytes(p) for p in before.demux(video=0)]


async def test_pictures_too_large_are_made_smaller(tmp_path: Path) -> None:
    source = await brought(tmp_path / "in.mp4", size="2560x1440")
    await prepare(source, tmp_path / "out.mp4")
    assert look_at(tmp_path / "out.mp4") == Made(1_920, 1_080, even=True)


async def test_key_pictures_too_rare_are_made_more_frequent(tmp_path: Path) -> None:
    source = await brought(tmp_path / "in.mp4", seconds=6, group=1_000)
    assert not look_at(source).even
    await prepare(source, tmp_path / "out.mp4")
    assert look_at(tmp_path / "out.mp4").even


async def test_another_codec_becomes_h264(tmp_path: Path) -> None:
    source = await brought(tmp_path / "in.mp4", codec="mpeg4")
    await prepare(source, tmp_path / "out.mp4")
    assert look_at(tmp_path / "out.mp4").even


async def test_a_silent_video_stays_silent(tmp_path: Path) -> None:
    await prepare(await brought(tmp_path / "in.mp4", sound=False), tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4"), "r") as container:
        assert not container.streams.audio


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a video" * 100,
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
)
async def test_what_is_no_video_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.mp4").write_bytes(content)
    with pytest.raises(MediaRefused):
        await prepare(tmp_path / "in.mp4", tmp_path / "out.mp4")
    assert os.listdir(tmp_path) == ["in.mp4"]


async def test_a_sound_without_a_picture_is_refused(tmp_path: Path) -> None:
    tone = ffmpeg.input("sine=frequency=440", f="lavfi", t=1)
    await run(ffmpeg.output(tone, str(tmp_path / "in.mp4"), f="mp4"))
    with pytest.raises(MediaRefused):
        await prepare(tmp_path / "in.mp4", tmp_path / "out.mp4")


async def test_a_lecture_shows_its_slides_under_a_running_clock(tmp_path: Path) -> None:
    slides = []
    for number, grey in enumerate((40, 200)):
        slides.append(tmp_path / f"{number}.png")
        Image.new("RGB", (1_280, 720), (grey, grey, grey)).save(slides[-1])
    font = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
    await make_lecture(slides, tmp_path / "lecture.mp4", seconds=4, font=font)
    assert look_at(tmp_path / "lecture.mp4") == Made(1_280, 720, even=True)
    with av.open(str(tmp_path / "lecture.mp4"), "r") as container:
        assert container.streams.audio[0].codec_context.codec.canonical_name == "opus"
        shown = list(container.decode(video=0))
    assert [luma(shown[n], 100, 600)[0] // 40 for n in (10, 90)] == [1, 4]
    assert luma(shown[0], 1_000, 45, 240) != luma(shown[25], 1_000, 45, 240)
