"""A camera that is a file: a lesson with a clock, drawn for people and, as a strip of bits, for the test."""

import io
import json
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 360)
FPS = 30
"""Chromium plays a .mjpeg file at this rate, whatever was meant."""

SECONDS = 20
BITS = 10
"""Enough for the number of every picture of a loop."""

_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
_CELL = 48
_TOP = 300


def make_camera(path: Path) -> Path:
    """Write the loop to `path` (.mjpeg: JPEG pictures one after another)."""
    base = _blackboard()
    font = ImageFont.truetype(_FONT, 64)
    with path.open("wb") as file:
        for number in range(FPS * SECONDS):
            picture = base.copy()
            draw = ImageDraw.Draw(picture)
            draw.text((40, 150), f"{number // FPS:02}.{number % FPS * 10 // FPS}", font=font, fill="white")
            _strip(draw, number)
            file.write(_jpeg(picture))
    return path


def _blackboard() -> Image.Image:
    picture = Image.new("RGB", SIZE, (24, 58, 52))
    draw = ImageDraw.Draw(picture)
    draw.text((40, 40), "乡村治理现代化", font=ImageFont.truetype(_FONT, 48), fill="white")
    return picture


def _strip(draw: ImageDraw.ImageDraw, number: int) -> None:
    """White and black cells, the highest bit first, a white and a black one before them to find the levels."""
    bits = [1, 0, *((number >> bit) & 1 for bit in reversed(range(BITS)))]
    for place, bit in enumerate(bits):
        left = place * _CELL + 32
        draw.rectangle((left, _TOP, left + _CELL, SIZE[1]), fill="white" if bit else "black")


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


_SIZES = {"width": SIZE[0], "height": SIZE[1], "cell": _CELL, "row": _TOP + 30, "bits": BITS}

READ = (
    """(video) => {
  const { width, height, cell, row, bits } = SIZES;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!video || video.readyState < 2) return null;
  context.drawImage(video, 0, 0, width, height);
  const level = (place) => context.getImageData(place * cell + 56, row, 1, 1).data[1];
  const [white, black] = [level(0), level(1)];
  if (white - black < 100) return null;
  let number = 0;
  for (let place = 2; place < bits + 2; place += 1) number = number * 2 + (level(place) > (white + black) / 2 ? 1 : 0);
  return number;
}"""
).replace("SIZES", json.dumps(_SIZES))
"""JavaScript that reads the number of the picture that a `<video>` shows; null where none is to be read."""
