"""Makes one picture from bytes of a stranger, in a process of its own: `python picture_worker.py < in > out`.

Theory of operation. The process limits itself before it looks at anything: so much memory over what it has, so much
processor time, no file. The size is read from the header and judged before a pixel is decoded; a JPEG is decoded at a
fraction of its size (only one that is not progressive can be), others only as far as they fit into the memory. What
comes out is a new picture of nothing but pixels, so that no metadata, no profile and nothing appended survives.
The answer is a line of JSON (`width`, `height` or `refused`), and the picture.
"""

import io
import json
import resource
import sys
import warnings
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

MOST = 40_000_000
"""Pixels of a JPEG that is decoded at a fraction of its size."""

MOST_WHOLE, MOST_PROGRESSIVE = 10_000_000, 6_000_000
"""Pixels of what is decoded whole, and of a JPEG that is kept whole while it is decoded."""

LARGE = 4_000_000
"""Pixels from which a picture is made smaller by a whole number, which needs no second one of its size."""

BAND = 64
LONGEST_SIDE = 20_000
SIDE = 1600
"""Longest side of what comes out, in pixels."""

CLEAR_SIDE = 1200
"""The same where something of it is transparent, which takes the encoder more memory."""

_FLIP, _TURN = Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose
_TURNS = {
    2: _FLIP, 3: _TURN.ROTATE_180, 4: _TURN.FLIP_TOP_BOTTOM, 5: _TURN.TRANSPOSE, 6: _TURN.ROTATE_270,
    7: _TURN.TRANSVERSE, 8: _TURN.ROTATE_90,
}  # fmt: skip
"""What the orientation of a camera (Exif 2.3, tag 274) asks for."""

MEMORY = 64 * 1024 * 1024
CPU_S = 2


def limit() -> None:
    """Bound what this process may use from now on."""
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
    used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_S, used + CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def remade(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The head of the answer and the picture, which is empty when it is refused."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            refused = _judge(picture)
            return ({"refused": refused}, b"") if refused else _redrawn(picture)
    except MemoryError:
        return {"refused": "picture.too_large"}, b""
    except Exception:  # whatever a decoder raises about bytes of a stranger
        return {"refused": "picture.broken"}, b""


def _judge(picture: Image.Image) -> str | None:
    width, height = picture.size
    most = MOST if picture.format in {"JPEG", "MPO"} else MOST_WHOLE
    if picture.info.get("progressive"):
        most = MOST_PROGRESSIVE
    if max(width, height) > LONGEST_SIDE or width * height > most:
        return "picture.too_large"
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        return "picture.moving"
    return None


def _redrawn(picture: Image.Image) -> tuple[dict[str, Any], bytes]:
    width, height = picture.size
    scale = min(1.0, SIDE / max(width, height))
    fits = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture.draft("RGB", fits)
    turned = picture.getexif().get(ExifTags.Base.Orientation)
    mode = "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
    picture.load()
    drawn = _smaller(picture, mode)
    picture.close()
    if mode == "RGBA" and drawn.getchannel("A").getextrema() == (255, 255):
        drawn = drawn.convert("RGB")
    side = SIDE if drawn.mode == "RGB" else CLEAR_SIDE
    drawn.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=None)
    if turned in _TURNS:
        drawn = drawn.transpose(_TURNS[turned])
    out = io.BytesIO()
    drawn.info.clear()
    drawn.save(out, "WEBP", quality=80, method=2)
    return {"width": drawn.width, "height": drawn.height}, out.getvalue()


def _smaller(picture: Image.Image, mode: str) -> Image.Image:
    """In another mode, and a fraction of its size where it is large: band by band, so that no second one is held."""
    width, height = picture.size
    by = -(-max(width, height) // SIDE) if width * height > LARGE else 1
    drawn = Image.new(mode, (-(-width // by), -(-height // by)))
    for top in range(0, height, BAND * by):
        band = picture.crop((0, top, width, min(top + BAND * by, height))).convert(mode)
        drawn.paste(band.reduce(by) if by > 1 else band, (0, top // by))
    return drawn


def main() -> None:
    data = sys.stdin.buffer.read()
    Image.MAX_IMAGE_PIXELS = None  # judged here, by kind
    Image.preinit()
    limit()
    warnings.simplefilter("ignore")
    head, picture = remade(data)
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + picture)


if __name__ == "__main__":
    main()
