"""A text as a reader takes it in: one form for width, script, case and look, without what is only noise.

Every kept character remembers where it stood, so that a match can be marked in the text as written.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import opencc

_TAG = re.compile(r"<!--.{0,80}?-->|<[^<>]{0,40}>|[0-9#*]\ufe0f?\u20e3", re.DOTALL)
_REFERENCE = re.compile(r"&#x?[0-9a-fA-F]{1,6};|&[a-zA-Z]{2,8};")
_PICTURES = 0x1F000
_LOOKS = str.maketrans("асеорхуѕіјԁӏвнкмтАСЕОРХУВНКМТ", "aceopxysijdlbhkmtaceopxybhkmt")
_BOUNDARY = frozenset("，。；！？：、,;!?:…—")


@dataclass(frozen=True, slots=True)
class Normal:
    """`text` is what is matched; `at[i]` is where its i-th character stood; `breaks` tells before which it paused."""

    text: str
    at: tuple[int, ...]
    breaks: frozenset[int]
    noisy: frozenset[int]
    """Characters of `text` before which noise was left out."""


@lru_cache(maxsize=1)
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=20_000)
def _fold(char: str) -> str:
    """The one form of a character; empty when it is noise (no letter, no number)."""
    if len(char) == 1 and ord(char) >= _PICTURES and unicodedata.category(char) == "So":
        return ""
    wide = unicodedata.normalize("NFKC", char)
    kept = (each for each in wide if unicodedata.category(each)[0] in "LN")
    plain = "".join(unicodedata.normalize("NFD", each)[0] if ord(each) < 0x250 else each for each in kept)
    if not plain:
        return ""
    return str(_simplified().convert(plain)).casefold().translate(_LOOKS)


def normal(text: str) -> Normal:
    """The normal form of `text`; runs of the same character count once."""
    hidden = {index for tag in _TAG.finditer(text) for index in range(*tag.span())}
    written = _references(text)
    chars: list[str] = []
    at: list[int] = []
    breaks: set[int] = set()
    noisy: set[int] = set()
    for index, char in enumerate(text):
        meant = written.get(index, char)
        folded = "" if index in hidden else _fold(meant)
        if not folded:
            noisy.add(len(chars))
            if meant in _BOUNDARY:
                breaks.add(len(chars))
        for each in folded:
            if chars and chars[-1] == each and not each.isdigit():
                continue
            chars.append(each)
            at.append(index)
    return Normal("".join(chars), tuple(at), frozenset(breaks), frozenset(noisy))


def _references(text: str) -> dict[int, str]:
    """What character references (`&#31186;`) stand for, at their first character; nothing at the others."""
    found: dict[int, str] = {}
    for each in _REFERENCE.finditer(text):
        meant = html.unescape(each[0])
        if meant != each[0]:
            found |= dict.fromkeys(range(*each.span()), "") | {each.start(): meant}
    return found
