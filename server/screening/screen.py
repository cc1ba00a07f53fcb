"""`screen(text, lists) -> Verdict`: pass, hold, or block where the category says so and the match is certain (§7)."""

import re
from dataclasses import dataclass
from typing import Literal

from server.screening.lists import DenyList, Entry
from server.screening.normal import Normal, normal

SHORT = 3
"""Words up to this length are not looked for across a pause in the sentence."""

_AGAINST = re.compile(r"严禁|禁止|杜绝|不得|防范|谨防|警惕|抵制|打击|危害|远离|查处|举报|反映|违者")


@dataclass(frozen=True, slots=True)
class Mark:
    """A matched passage: `begin` and `end` in characters of the text as written."""

    begin: int
    end: int
    category: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What screening says; it never removes and never punishes."""

    decision: Literal["pass", "hold", "block"]
    marks: tuple[Mark, ...] = ()

    @property
    def category(self) -> str | None:
        """The kind of the first match."""
        return self.marks[0].category if self.marks else None


def screen(text: str, lists: DenyList) -> Verdict:
    """Judge `text`; a text that speaks against what it names is held at most, never blocked."""
    form = normal(text)
    found = [each for each in lists.find(form.text) if _holds(form, *each[1:])]
    if not found:
        return Verdict("pass")
    marks = tuple(sorted((_mark(form, *each) for each in found), key=lambda mark: (mark.begin, mark.end)))
    certain = any(entry.block and _certain(form, text, begin, end) for entry, begin, end in found)
    return Verdict("block" if certain and not _AGAINST.search(text) else "hold", marks)


def _holds(form: Normal, begin: int, end: int) -> bool:
    paused = any(index in form.breaks for index in range(begin + 1, end))
    return not paused or end - begin > SHORT


def _certain(form: Normal, text: str, begin: int, end: int) -> bool:
    """Certain is what stands in the text letter by letter, longer than a syllable pair."""
    first, last = form.at[begin], form.at[end - 1]
    untouched = not any(index in form.noisy for index in range(begin + 1, end))
    return untouched and last - first == end - begin - 1 and end - begin > 2 and text[first : last + 1].isprintable()


def _mark(form: Normal, entry: Entry, begin: int, end: int) -> Mark:
    return Mark(form.at[begin], form.at[end - 1] + 1, entry.category)
