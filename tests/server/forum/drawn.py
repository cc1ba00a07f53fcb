"""Pictures as somebody or something hostile would send them."""

import io
import struct
import zlib
from collections.abc import Mapping

from PIL import Image

Case = tuple[bytes, int, str]
"""What is sent, the status and the code of its refusal (0 and none where it is made harmless)."""

SECRET = b"GPS-and-all-that"


def encoded(picture: Image.Image, format: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def photo() -> bytes:
    """A photo that was taken sideways, with what a camera writes beside it."""
    exif = Image.Exif()
    exif[274], exif[271] = 6, SECRET.decode()
    picture = Image.linear_gradient("L").resize((300, 200)).convert("RGB")
    return encoded(picture, "JPEG", exif=exif, icc_profile=SECRET * 20, comment=SECRET)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, rows: bytes = b"") -> bytes:
    """A PNG of these chunks, whatever they say."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _moving(format: str) -> bytes:
    frames = [Image.new("RGB", (40, 40), (shade, 0, 0)) for shade in range(0, 250, 10)]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:])


def hostile() -> Mapping[str, Case]:
    """By what it tries."""
    bomb = zlib.compress(bytes(50_000_000), 9)
    small = encoded(Image.new("RGB", (40, 40)), "PNG")
    noise = encoded(Image.effect_noise((400, 400), 90), "PNG")
    refused, wrong = ("picture.broken", "picture.type")
    return {
        "2,500 megapixels in the header": (png(50_000, 50_000), 422, "picture.too_large"),
        "a megapixel more than fits": (png(3400, 3300, rows=bomb), 422, "picture.too_large"),
        "one line of 30,000": (png(30_000, 1), 422, "picture.too_large"),
        "more pixels than were promised": (png(10, 10, rows=bomb), 0, ""),
        "a profile that unpacks": (png(40, 40, chunk(b"iCCP", b"x\0\0" + bomb)), 422, refused),
        "texts that unpack": (png(40, 40, *[chunk(b"zTXt", b"x\0\0" + bomb)] * 40), 422, refused),
        "a PNG that moves": (_moving("PNG"), 422, "picture.moving"),
        "a WebP that moves": (_moving("WEBP"), 422, "picture.moving"),
        "a GIF": (_moving("GIF"), 415, wrong),
        "cut off": (noise[:5000] + chunk(b"IEND", b""), 422, refused),
        "a page after a PNG": (small + b"<script>alert(1)</script>", 415, wrong),
        "an archive after a WebP": (encoded(Image.new("RGB", (40, 40)), "WEBP") + b"PK\x03\x04", 415, wrong),
        "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415, wrong),
        "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", 415, wrong),
        "a JPEG of nothing": (b"\xff\xd8\xff\xe0" + b"\0" * 50, 422, refused),
        "no bytes": (b"", 415, wrong),
    }
