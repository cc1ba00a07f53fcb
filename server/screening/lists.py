"""The deny list: words with their kind of violation, compiled once into an automaton (Aho-Corasick)."""

from collections.abc import Iterable
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from server.screening.normal import normal


@dataclass(frozen=True, slots=True)
class Entry:
    """A word, its kind of violation (a code of `violations.toml`), and whether a certain match may be blocked."""

    word: str
    category: str
    block: bool = False


class DenyList:
    """Entries by the normal form of their words; an empty list matches nothing."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, Entry] = {}
        for entry in entries:
            if form := normal(entry.word).text:
                self._entries[form] = entry
        self._forms = list(self._entries)
        self._machine = AhoCorasick(self._forms, matchkind=MatchKind.Standard) if self._forms else None

    def find(self, text: str) -> list[tuple[Entry, int, int]]:
        """All entries in a normal form, with begin and end of each; matches may overlap."""
        if self._machine is None:
            return []
        found = self._machine.find_matches_as_indexes(text, overlapping=True)
        return [(self._entries[self._forms[which]], begin, end) for which, begin, end in found]
