"""Bad input (reliability §4) as requests: what is sent, and which answers are right."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote
from uuid import uuid4

from server.base.api import Route
from tests.server.powers.rows import ROWS

REFUSED = frozenset({400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429})

BODIES: Mapping[str, tuple[bytes, frozenset[int]]] = {
    "2 MiB": (b'{"x":"' + b"a" * 2 * 1024 * 1024 + b'"}', frozenset({413})),
    "depth 1,000": (b'{"x":' * 1000 + b"1" + b"}" * 1000, frozenset({400})),
    "a name twice": (b'{"x":1,"x":2}', frozenset({400})),
    "NaN": (b'{"x":NaN}', frozenset({400})),
    "infinity": (b'{"x":-Infinity}', frozenset({400})),
    "10^400": (b'{"x":1' + b"0" * 400 + b"}", frozenset({400})),
    "1e400": (b'{"x":1e400}', frozenset({400})),
    "half a character": (b'{"x":"\\ud800"}', frozenset({400})),
    "NUL": (b'{"x":"\\u0000"}', frozenset({400})),
    "no UTF-8": (b'{"x":"\xff\xfe"}', frozenset({400})),
    "nothing": (b"", frozenset({400})),
    "half": (b'{"x":', frozenset({400})),
    "a list": (b"[]", frozenset({422})),
    "null": (b"null", frozenset({422})),
    "forbidden fields": (
        b'{"role":"academy_admin","unit_id":"1","hours":"99","approved":true,"id":"1"}', frozenset({422}),
    ),
}  # fmt: skip
"""Bodies that no route takes, and what a route answers to somebody who has the power."""

PATHS = ("1", "..%2f..%2fetc%2fpasswd", "%00", "%ff%fe", "a%0d%0aSet-Cookie:x=1", "{id}", "x" * 4000, "%F0%9F%92%A9")
QUERIES = (
    "limit=1&limit=2", "limit=100000", "limit=-1", "limit=1" + "0" * 400, "page=99999999999999999999",
    "before=1", "q=%00", "q=%ff", "q=" + "x" * 4000, "year=NaN", "week=2026-99-99", "__proto__[x]=1",
)  # fmt: skip
HEADERS = (
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4, evil"},
    {"Host": "evil.example"},
    {"X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/api/v1/people"},
    {"Cookie": "session=" + "x" * 3000},
    {"User-Agent": "\u001b[31m{$jndi:ldap://x}%n".replace("\u001b", "%1b")},
)
TEXTS = (
    "\u202eevil", "a\u200bb", "e" + "\u0301" * 10_000, "<script>alert(1)</script>", "javascript:alert(1)",
    "' OR 1=1 --", "=HYPERLINK(1)", "%s%n{0}", "\U00020bb7野家", "\ufdfd" * 60, "😀" * 60,
)  # fmt: skip
INVISIBLE = ("\u202e王芳", "王\u200b芳", "王\u2066芳", "\u3164", "王" + "\u0301" * 10_000)
"""Names that turn, hide or pile up."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One request; `right` are the answers that a caller with the power may get."""

    what: str
    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    right: frozenset[int] = REFUSED


def bodies(routes: Sequence[Route], ids: Mapping[str, str]) -> Iterator[Shot]:
    """Every bad body to every route that takes one."""
    for route in routes:
        if route.body is not None:
            for what, (body, right) in BODIES.items():
                yield Shot(what, route.method, route.path.format(**ids), body, right=right)


def addresses(routes: Sequence[Route], ids: Mapping[str, str]) -> Iterator[Shot]:
    """Every bad identifier and query to every route; those of another kind answer as those of none."""
    for route in routes:
        for name in route.params:
            others = [id for kind, id in ids.items() if kind != name][:3]
            for text in (*PATHS, *others, str(uuid4()).upper()):
                yield Shot(f"{name} {text[:20]}", route.method, route.path.format(**{**ids, name: text}))
        if route.method == "GET":
            for query in QUERIES:
                yield Shot(query[:20], "GET", f"{route.path.format(**ids)}?{query}", right=REFUSED | {200})


def endless(routes: Sequence[Route], ids: Mapping[str, str], chance: random.Random) -> Iterator[Shot]:
    """Requests put together by chance, without end: bad bodies, addresses, headers, one value made bad."""
    fixed = [*bodies(routes, ids), *addresses(routes, ids)]
    asking = [route for route in routes if route.body is not None]
    while True:
        if chance.random() < 0.5:
            shot = chance.choice(fixed)
            yield Shot(shot.what, shot.method, shot.path, shot.body, chance.choice(HEADERS), REFUSED | {200})
        else:
            route = chance.choice(asking)
            yield _twisted(route, ids, chance)


def _twisted(route: Route, ids: Mapping[str, str], chance: random.Random) -> Shot:
    fill = ROWS[f"{route.method} {route.path}"].body
    body = dict(fill(ids)) if fill is not None else {}
    name = chance.choice([*body, "x", "role"])
    bad: tuple[object, ...] = (*TEXTS, None, -1, 2**53, 1e308, True, [], {}, [[]] * 50, {"a": {"b": []}}, str(uuid4()))
    body[name] = chance.choice(bad)
    text = json.dumps(body).encode()
    path = route.path.format(**{key: quote(chance.choice([*ids.values()])) for key in route.params})
    return Shot(f"{name} twisted", route.method, path, text, right=REFUSED | {200, 201, 202, 204})
