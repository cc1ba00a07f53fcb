"""H.264 as bytes: NAL units of an access unit and what a sequence parameter set says (ITU-T H.264, 7.3 and Annex B)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from media.sample import VideoInfo

IDR, SPS, PPS, ACCESS_UNIT_DELIMITER, FILLER = 5, 7, 8, 9, 12
NOT_IN_SAMPLES = frozenset({SPS, PPS, ACCESS_UNIT_DELIMITER, FILLER})
PROFILES_WITH_CHROMA = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
CHROMA_420, CHROMA_444 = 1, 3
LARGEST_SIDE = 8_192


class MalformedParameterSet(ValueError):
    """A parameter set that no decoder could use."""


def nal_type(nal: bytes) -> int:
    """nal_unit_type of one NAL unit."""
    return nal[0] & 0x1F


def nal_units(access_unit: bytes) -> Iterator[bytes]:
    """NAL units of an access unit in Annex B form, without start codes and trailing zeros."""
    start = access_unit.find(b"\x00\x00\x01")
    while start >= 0:
        following = access_unit.find(b"\x00\x00\x01", start + 3)
        nal = access_unit[start + 3 : following if following >= 0 else len(access_unit)].rstrip(b"\x00")
        if nal:
            yield nal
        start = following


def length_prefixed(access_unit: bytes) -> bytes:
    """The access unit as a sample of ISO/IEC 14496-15: 4-byte lengths, parameter sets left to the init section."""
    return b"".join(
        len(nal).to_bytes(4, "big") + nal for nal in nal_units(access_unit) if nal_type(nal) not in NOT_IN_SAMPLES
    )


def has_idr(access_unit: bytes) -> bool:
    """Whether decoding can begin with this access unit."""
    return any(nal_type(nal) == IDR for nal in nal_units(access_unit))


def video_info(access_unit: bytes) -> VideoInfo | None:
    """The parameter sets that an access unit carries, None when it has not both kinds; MalformedParameterSet."""
    sps = [nal for nal in nal_units(access_unit) if nal_type(nal) == SPS]
    pps = tuple(dict.fromkeys(nal for nal in nal_units(access_unit) if nal_type(nal) == PPS))
    if not sps or not pps:
        return None
    width, height = picture_size(sps[-1])
    return VideoInfo(sps=sps[-1], pps=pps, width=width, height=height)


@dataclass(slots=True)
class Bits:
    """A reader of the bit strings of clause 7.2, emulation prevention removed."""

    value: int
    left: int

    @classmethod
    def of(cls, nal: bytes) -> Bits:
        """Bits after the NAL unit header."""
        rbsp = nal[1:].replace(b"\x00\x00\x03", b"\x00\x00")
        return cls(int.from_bytes(rbsp, "big"), len(rbsp) * 8)

    def u(self, count: int) -> int:
        """An unsigned number of `count` bits."""
        if count > self.left:
            raise MalformedParameterSet("parameter set ends too early")
        self.left -= count
        return (self.value >> self.left) & ((1 << count) - 1)

    def ue(self) -> int:
        """An unsigned Exp-Golomb number (clause 9.1)."""
        zeros = 0
        while not self.u(1):
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        """A signed Exp-Golomb number (clause 9.1.1)."""
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)


def picture_size(sps: bytes) -> tuple[int, int]:
    """Width and height in pixels after cropping (clause 7.4.2.1.1); MalformedParameterSet."""
    bits = Bits.of(sps)
    profile = bits.u(8)
    bits.u(16)
    bits.ue()
    chroma = _chroma_format(bits) if profile in PROFILES_WITH_CHROMA else CHROMA_420
    bits.ue()
    _skip_order_count(bits)
    bits.ue()
    bits.u(1)
    return _checked(*_cropped(bits, chroma))


def _chroma_format(bits: Bits) -> int:
    chroma = bits.ue()
    separate = bits.u(1) if chroma == CHROMA_444 else 0
    bits.ue()
    bits.ue()
    bits.u(1)
    if bits.u(1):
        for index in range(12 if chroma == CHROMA_444 else 8):
            if bits.u(1):
                _skip_scaling_list(bits, 16 if index < 6 else 64)
    return 0 if separate else chroma


def _skip_scaling_list(bits: Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.se()) % 256
        last = following or last


def _skip_order_count(bits: Bits) -> None:
    kind = bits.ue()
    if kind == 0:
        bits.ue()
    elif kind == 1:
        bits.u(1)
        bits.se()
        bits.se()
        for _ in range(bits.ue()):
            bits.se()


def _cropped(bits: Bits, chroma: int) -> tuple[int, int]:
    width, map_units = (bits.ue() + 1) * 16, (bits.ue() + 1) * 16
    frames_only = bits.u(1)
    height = map_units * (2 - frames_only)
    if not frames_only:
        bits.u(1)
    bits.u(1)
    if not bits.u(1):
        return width, height
    left, right, top, bottom = bits.ue(), bits.ue(), bits.ue(), bits.ue()
    across = 2 if chroma in (1, 2) else 1
    down = (2 if chroma == CHROMA_420 else 1) * (2 - frames_only)
    return width - across * (left + right), height - down * (top + bottom)


def _checked(width: int, height: int) -> tuple[int, int]:
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise MalformedParameterSet(f"picture of {width} x {height}")
    return width, height
