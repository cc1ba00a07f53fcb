"""Beats of a stay as one delta blob: about three bytes each, without loss.

Theory of operation. Of an undisturbed page every number follows from the one before: the receipt
comes one interval later, the position moves as far, the browser measures as much. So each beat is
written as what differs from that, in zigzag variable-length integers (7 bits a byte, the high bit
says "more"), and the whole is deflated.
"""

import zlib
from collections.abc import Iterator, Sequence

from server.rules.presence import Beat

VERSION = 1
_PLAYING, _VISIBLE, _ENDED = 1, 2, 4


def pack(beats: Sequence[Beat]) -> bytes:
    """The blob of some beats; `rate` must be whole hundredths."""
    raw = bytearray()
    before = _Last()
    for beat in beats:
        for number in before.differences(beat):
            _write(raw, number)
        before.keep(beat)
    return bytes([VERSION]) + zlib.compress(bytes(raw), 9)


def unpack(blob: bytes) -> tuple[Beat, ...]:
    """The beats of a blob; `ValueError` when it is none of ours."""
    if blob[:1] != bytes([VERSION]):
        raise ValueError("not a pack of beats")
    numbers = _read(zlib.decompress(blob[1:]))
    before = _Last()
    beats: list[Beat] = []
    for first in numbers:
        beat = before.beat((first, *(next(numbers) for _ in range(5))))
        before.keep(beat)
        beats.append(beat)
    return tuple(beats)


class _Last:
    """The beat before, from which the next one is told."""

    def __init__(self) -> None:
        self._seq = self._received = self._position = 0
        self._percent = 100

    def differences(self, beat: Beat) -> tuple[int, ...]:
        passed = beat.received_ms - self._received
        flags = _PLAYING * beat.playing + _VISIBLE * beat.visible + _ENDED * beat.ended
        return (
            beat.seq - self._seq,
            passed,
            beat.position_ms - self._position - passed,
            beat.since_previous_ms - passed,
            percent(beat.rate) - self._percent,
            flags,
        )

    def beat(self, numbers: tuple[int, ...]) -> Beat:
        seq, passed, ahead, slower, quicker, flags = numbers
        return Beat(
            seq=self._seq + seq,
            position_ms=self._position + passed + ahead,
            rate=(self._percent + quicker) / 100,
            since_previous_ms=passed + slower,
            playing=bool(flags & _PLAYING),
            visible=bool(flags & _VISIBLE),
            ended=bool(flags & _ENDED),
            received_ms=self._received + passed,
        )

    def keep(self, beat: Beat) -> None:
        self._seq, self._received, self._position = beat.seq, beat.received_ms, beat.position_ms
        self._percent = percent(beat.rate)


def percent(rate: float) -> int:
    """A rate in whole hundredths."""
    return round(rate * 100)


def _write(raw: bytearray, number: int) -> None:
    zigzag = number << 1 if number >= 0 else (-number << 1) - 1
    while zigzag > 0x7F:
        raw.append(zigzag & 0x7F | 0x80)
        zigzag >>= 7
    raw.append(zigzag)


def _read(raw: bytes) -> Iterator[int]:
    zigzag = shift = 0
    for byte in raw:
        zigzag |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield -(zigzag + 1 >> 1) if zigzag & 1 else zigzag >> 1
            zigzag = shift = 0
