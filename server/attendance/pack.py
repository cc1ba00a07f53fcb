"""Beats of a stay as one delta blob: about three bytes each, without loss.

Theory of operation. Of an undisturbed page every number follows from what the browser measured: the
receipt comes as much later, the position moves as far, and the next beat measures the same again. So of
each beat is written what differs from that, in zigzag variable-length integers (7 bits a byte, the high
bit says "more"), first all numbers of one kind, then all of the next, and the whole is deflated.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from server.rules.presence import Beat

VERSION = 2
_PLAYING, _VISIBLE, _ENDED = 1, 2, 4
_KINDS = 6

_Numbers = tuple[int, ...]
"""Of one beat: number, time measured, receipt, position, rate in hundredths, flags."""


def pack(beats: Sequence[Beat]) -> bytes:
    """The blob of some beats; `rate` must be whole hundredths."""
    raw = bytearray()
    _write(raw, len(beats))
    for kind in zip(*_differences(beats), strict=True):
        for number in kind:
            _write(raw, number)
    return bytes([VERSION]) + zlib.compress(bytes(raw), 9)


def unpack(blob: bytes) -> tuple[Beat, ...]:
    """The beats of a blob; `ValueError` when it is none of ours."""
    if blob[:1] != bytes([VERSION]):
        raise ValueError("not a pack of beats")
    numbers = _read(zlib.decompress(blob[1:]))
    count = next(numbers)
    kinds = [list(islice(numbers, count)) for _ in range(_KINDS)]
    return tuple(_beats(zip(*kinds, strict=True)))


def percent(rate: float) -> int:
    """A rate in whole hundredths."""
    return round(rate * 100)


def _differences(beats: Iterable[Beat]) -> Iterator[_Numbers]:
    seq = since = received = position = rate = flags = 0
    for beat in beats:
        told = _PLAYING * beat.playing + _VISIBLE * beat.visible + _ENDED * beat.ended
        yield (
            beat.seq - seq - 1,
            beat.since_previous_ms - since,
            beat.received_ms - received - beat.since_previous_ms,
            beat.position_ms - position - beat.since_previous_ms,
            percent(beat.rate) - rate,
            told - flags,
        )
        seq, since, received, position = beat.seq, beat.since_previous_ms, beat.received_ms, beat.position_ms
        rate, flags = percent(beat.rate), told


def _beats(differences: Iterable[_Numbers]) -> Iterator[Beat]:
    seq = since = received = position = rate = flags = 0
    for skipped, longer, later, further, quicker, changed in differences:
        seq += skipped + 1
        since += longer
        received += since + later
        position += since + further
        rate += quicker
        flags += changed
        yield Beat(
            seq=seq,
            position_ms=position,
            rate=rate / 100,
            since_previous_ms=since,
            playing=bool(flags & _PLAYING),
            visible=bool(flags & _VISIBLE),
            ended=bool(flags & _ENDED),
            received_ms=received,
        )


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
