"""Asks again for lost packets until they are here or no longer worth having (RFC 4585 §6.2.1).

The first question goes out when the hole is seen, the next ones when a round trip has had time to answer it.
"""

from dataclasses import dataclass

_HALF = 0x8000
_ASK_AGAIN_S = 0.06
_WIDEST_HOLE = 200


@dataclass(slots=True)
class _Missing:
    since: float
    asked: float


class Nack:
    """The packets of one stream that are missing; `worth_s` is how long after the loss one may still be used."""

    def __init__(self, worth_s: float) -> None:
        self._worth_s = worth_s
        self._highest: int | None = None
        self._missing: dict[int, _Missing] = {}
        self.lost = 0
        self.expected = 0

    def seen(self, sequence: int, now: float) -> list[int]:
        """A packet with this sequence number is here; returns the (16-bit) numbers to ask for now."""
        if self._highest is None:
            self._highest = sequence
            self.expected = 1
            return []
        number = self._highest + ((sequence - self._highest + _HALF) & 0xFFFF) - _HALF
        if number > self._highest:
            self._note_hole(self._highest + 1, number, now)
            self.expected += number - self._highest
            self._highest = number
        else:
            self._missing.pop(number, None)
        self._give_up(now)
        return self._due(now)

    def _note_hole(self, first: int, end: int, now: float) -> None:
        # A jump wider than this is a restart of the sender: asking for it all would be a flood.
        if end - first <= _WIDEST_HOLE:
            self._missing.update({number: _Missing(now, -_ASK_AGAIN_S + now) for number in range(first, end)})
        else:
            self._missing.clear()
            self.lost += end - first

    def _give_up(self, now: float) -> None:
        old = [number for number, hole in self._missing.items() if now - hole.since >= self._worth_s]
        for number in old:
            del self._missing[number]
        self.lost += len(old)

    def _due(self, now: float) -> list[int]:
        due = [number for number, hole in self._missing.items() if now - hole.asked >= _ASK_AGAIN_S]
        for number in due:
            self._missing[number].asked = now
        return [number & 0xFFFF for number in due]
