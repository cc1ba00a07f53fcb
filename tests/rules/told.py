"""What learners do before their browsers, told in short sentences.

office opens 09:00:00            the page plays the live edge ("behind 4 s" for one that lags)
office watches until 09:30:00    office is silent until 09:30:31
office hides | shows | pauses | plays | rests | returns | ends
office seeks to 09:10:00         office plays at 2.0 from now on
office loses its line            office mends its line, or mends its line 09:43:00 (the time of receipt)
phone takes over                 office sends everything again 2026-03-03 09:00:00
"""

import re
from collections.abc import Callable, Iterable

from server.rules.evidence import StayEvidence
from server.rules.presence import Earning, Reason
from tests.rules.browser import Browser, at

_SENTENCE = re.compile(r"(?P<stay>\w+) (?P<verb>[a-z ]+?)(?: (?P<rest>[\d-].*))?")


class Learner:
    """One person with some browsers, each a stay; at most one of them earns."""

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        self._browsers: dict[str, Browser] = {}
        self.tell(sentences)

    @property
    def stays(self) -> tuple[StayEvidence, ...]:
        return tuple(each.evidence for each in self._browsers.values())

    def tell(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            match = _SENTENCE.fullmatch(sentence)
            assert match, sentence
            self._do(match["stay"], match["verb"], match["rest"] or "")

    def _do(self, stay: str, verb: str, rest: str) -> None:
        if verb == "opens":
            self._open(stay, rest)
            return
        browser = self._browsers[stay]
        verbs: dict[str, Callable[[], object]] = {
            "watches until": lambda: browser.watch(at(rest)),
            "is silent until": lambda: browser.silence(at(rest)),
            "hides": lambda: browser.change(visible=False),
            "shows": lambda: browser.change(visible=True),
            "pauses": lambda: browser.change(playing=False),
            "plays": lambda: browser.change(playing=True),
            "plays at": lambda: setattr(browser, "rate", float(rest)),
            "seeks to": lambda: browser.seek(at(rest)),
            "rests": lambda: browser.hold(Reason.REST),
            "returns": lambda: browser.hold(None),
            "ends": browser.end,
            "loses its line": browser.cut_line,
            "mends its line": lambda: browser.mend_line(at(rest) if rest else None),
            "sends everything again": lambda: browser.send_again(at(rest)),
            "takes over": lambda: self._take(stay),
        }
        verbs[verb]()

    def _open(self, stay: str, rest: str) -> None:
        moment, _, behind = rest.partition(" behind ")
        now = at(moment)
        opened = Browser(now, now - int(float(behind.removesuffix(" s") or 0) * 1000), stay)
        if any(each.earns for each in self._browsers.values()):
            opened.earning = [Earning(now, Reason.SECOND_DEVICE)]
        self._browsers[stay] = opened

    def _take(self, stay: str) -> None:
        now = self._browsers[stay].now_ms
        for name, each in self._browsers.items():
            each.earning.append(Earning(now, None if name == stay else Reason.SECOND_DEVICE))
