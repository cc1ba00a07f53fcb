"""How long a thread of a large forum takes to open, and a search in it, beside a plain read of one row.

`python -m tests.load.forum [--posts 1000000] [--times 200] [--postgres] [--json]`. One server process on the first
core, asked one thing at a time from the second. The limit is the answer to `/me/profile`, which reads one person, of
the same server in the same run; a busy machine makes every time worse, the ratios hold better.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import aiohttp
import sqlalchemy as sa

from server.people.tables import accounts
from tests.load.crowd import gather, office_of
from tests.load.forum_posts import APART, COMMON, NEVER, RARE, Forum, write_forum
from tests.load.process import ASKING, server, stay_on
from tests.load.report import Figures, percentile_ms, show
from tests.postgres import a_cluster

READERS = 50
OPEN_MS, SEARCH_MS = 60.0, 80.0
PAGE = 50


@contextlib.contextmanager
def database(*, postgres: bool) -> Iterator[str]:
    """The URL of an empty database; empty text for SQLite."""
    if not postgres:
        yield ""
        return
    with a_cluster(durable=True) as cluster:
        yield cluster.url("forum")


def asked_of(forum: Forum) -> dict[str, tuple[str, float]]:
    """What is asked, and within how many ms 95 of 100 are to be answered."""

    def page(thread: UUID, after: int) -> tuple[str, float]:
        return f"/forum/threads/{thread}/posts?after={after}", OPEN_MS

    def search(words: str) -> tuple[str, float]:
        return f"/forum/search?q={quote(words)}", SEARCH_MS

    return {
        f"thread of {forum.long_posts} posts, first page": page(forum.long, 0),
        f"thread of {forum.long_posts} posts, middle": page(forum.long, forum.long_posts // 2),
        f"thread of {forum.long_posts} posts, last page": page(forum.long, max(0, forum.long_posts - PAGE)),
        f"thread of {forum.usual_posts} posts": page(forum.usual, 0),
        "search, a common word": search(COMMON),
        "search, a rare word": search(RARE),
        "search, two words": search(f"{COMMON} 垃圾分类"),
        "search, two common words never together": search(f"{COMMON} {APART}"),
        "search, a common and a rare word": search(f"{COMMON} {RARE}"),
        "search, nothing found": search(NEVER),
    }


async def times_of(http: aiohttp.ClientSession, path: str, times: int) -> list[float]:
    """Seconds of each answer, one after the other; the first, which warms up, is left out."""
    found = []
    for _ in range(times + 1):
        began = time.perf_counter()
        async with http.get(f"/api/v1{path}") as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")
        found.append(time.perf_counter() - began)
    return found[1:]


async def measure(posts: int, times: int, *, postgres: bool) -> Figures:
    """Fill a forum, then ask."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder, database(postgres=postgres) as url:
        crowd = await gather(Path(folder), READERS, url)
        began = time.monotonic()
        async with office_of(crowd.settings) as office:
            async with office.read() as tx:
                authors = list((await tx.execute(sa.select(accounts.c.id))).scalars())
            forum = await write_forum(office.db, authors, posts)
        figures["forum"] = {"posts": posts, "written in s": time.monotonic() - began}
        stay_on(ASKING)
        cookies = {"session": crowd.tokens[0]}
        base = f"http://127.0.0.1:{crowd.settings.port}"
        async with server(crowd.settings), aiohttp.ClientSession(base, cookies=cookies) as http:
            plain = await times_of(http, "/me/profile", times)
            figures["one row"] = _spread(plain)
            for name, (path, target) in asked_of(forum).items():
                found = await times_of(http, path, times)
                more = {"target p95 ms": target, "p50 to one row": statistics.median(found) / statistics.median(plain)}
                figures[name] = _spread(found) | more
    return figures | {"load of the machine": {"1 min": os.getloadavg()[0]}}


def _spread(found: list[float]) -> dict[str, float]:
    return {f"p{at} ms": percentile_ms(found, at) for at in (50, 95)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    show(asyncio.run(measure(options.posts, options.times, postgres=options.postgres)), as_json=options.json)


if __name__ == "__main__":
    main()
