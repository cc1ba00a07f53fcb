"""Puts RTP packets in order and joins them to access units; decides how long a hole is waited for.

A unit of video is released by the marker bit (RFC 6184 §5.1), so the last picture of a still screen isn't held back
until something moves. A hole is waited for at most `patience_s`; after that the units it touched are given up, and the
next unit says so. Nothing here touches the network or reads a clock.
"""

from dataclasses import dataclass

_HALF = 0x8000
_NOT_YET = -1
_JUMP = 1_000


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet, its payload already unpacked from the payload format."""

    sequence: int
    timestamp: int
    marker: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Unit:
    """One access unit; `after_loss` when something before it is missing. `timestamp` is the 32-bit RTP timestamp."""

    timestamp: int
    data: bytes
    after_loss: bool


@dataclass(frozen=True, slots=True)
class _Held:
    packet: Packet
    at: float


class Assembler:
    """One track's packets in, its access units out, in order."""

    def __init__(self, *, patience_s: float, packet_is_unit: bool) -> None:
        self._patience_s = patience_s
        self._packet_is_unit = packet_is_unit
        self._held: dict[int, _Held] = {}
        self._next = _NOT_YET
        self._highest = 0
        self._parts: list[bytes] = []
        self._timestamp: int | None = None
        self._damaged = False
        self._after_loss = False

    @property
    def waiting(self) -> int:
        """How many packets are held because an earlier one is missing."""
        return len(self._held)

    def push(self, packet: Packet, now: float) -> list[Unit]:
        """Takes a packet that arrived at `now` (monotonic seconds); returns the units that are ready."""
        number = self._extended(packet.sequence)
        if self._next == _NOT_YET or abs(number - self._next) > _JUMP:
            self._restart(number)
        if number < self._next:
            return []
        self._held[number] = _Held(packet, now)
        units = self._in_order()
        while self._held and now - self._held[min(self._held)].at >= self._patience_s:
            self._skip_hole()
            units += self._in_order()
        return units

    def _extended(self, sequence: int) -> int:
        """The sequence number without wrap-around (RFC 3550 appendix A.1)."""
        if self._next == _NOT_YET:
            self._highest = sequence
        number = self._highest + ((sequence - self._highest + _HALF) & 0xFFFF) - _HALF
        self._highest = max(self._highest, number)
        return number

    def _restart(self, number: int) -> None:
        """Begins at this packet: it is the first one, or the sender has begun again with other numbers."""
        if self._next != _NOT_YET:
            self._lose()
        self._held.clear()
        self._next = self._highest = number

    def _skip_hole(self) -> None:
        self._next = min(self._held)
        self._lose()

    def _lose(self) -> None:
        self._parts.clear()
        self._timestamp = None
        self._after_loss = True
        self._damaged = not self._packet_is_unit

    def _in_order(self) -> list[Unit]:
        units: list[Unit] = []
        while held := self._held.pop(self._next, None):
            self._next += 1
            units += self._take(held.packet)
        return units

    def _take(self, packet: Packet) -> list[Unit]:
        units = self._new_timestamp(packet)
        if self._damaged and packet.data and _begins_key_picture(packet.data):
            # Parameter sets stand at the very beginning of a picture, so nothing of this one is missing.
            self._damaged = False
        if packet.data and not self._damaged:
            self._parts.append(packet.data)
        if packet.marker or self._packet_is_unit:
            units += self._release()
        return units

    def _new_timestamp(self, packet: Packet) -> list[Unit]:
        """What is complete because another picture begins, from senders that set no marker."""
        if packet.timestamp == self._timestamp:
            return []
        units = self._release() if self._timestamp is not None else []
        self._timestamp = packet.timestamp
        return units

    def _release(self) -> list[Unit]:
        self._damaged = False
        if not self._parts or self._timestamp is None:
            return []
        unit = Unit(self._timestamp, b"".join(self._parts), self._after_loss)
        self._parts.clear()
        self._after_loss = False
        return [unit]


def _begins_key_picture(data: bytes) -> bool:
    return data[:4] == b"\x00\x00\x00\x01" and len(data) > 4 and data[4] & 0x1F == 7
