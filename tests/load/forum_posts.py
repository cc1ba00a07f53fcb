"""A forum of many posts, written in bulk through the forum's own tables: made-up talk, the same for the same number."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import Database
from server.base.fulltext import words_of
from server.base.ids import new_id
from server.forum.read import THREAD
from server.forum.tables import boards, thread_posts, threads, words
from server.moderation.tables import posts
from server.rules.conduct import Mode

BATCH = 5_000
BOARDS = 8
IN_A_THREAD = 50
"""Posts of a thread on average."""

LONG_EVERY = 200
"""Of so many posts one is in the one long thread."""

OPEN_AT_ONCE = 200
"""Threads in which people write at the same time."""

COMMON, APART, RARE, NEVER = "社区", "物业", "飞檐走壁", "量子纠缠"
"""In a fifth of the posts; in another fifth, never together with the first; in one of 50,000; in none."""

_WHO = [
    "我们县里",
    "街道办",
    "村党支部",
    "镇上的同志",
    "老师",
    "同学们",
    "驻村工作队",
    "窗口的同事",
    "机关食堂",
    "小组",
]
_WHAT = ["梳理了", "讨论过", "试行了", "总结出", "推进着", "学习了", "公开了", "走访时看到", "记录了", "提出了"]
_WHICH = [
    "基层治理",
    "乡村振兴",
    "数字政府",
    "营商环境",
    "老旧小区改造",
    "垃圾分类",
    "防汛",
    "秸秆禁烧",
    "政务服务",
    "调研",
]
_HOW = ["的台账", "的难点", "的经验", "的清单", "的办法", "的做法", "的问题", "的案例", "的进度", "的体会"]
_FIRST = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Forum:
    """What was written: the long thread, one of usual length, how many posts each has."""

    long: UUID
    long_posts: int
    usual: UUID
    usual_posts: int


class _Talk:
    """Sentences with their words, cut once."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._said = [self._cut("".join(map(chance.choice, (_WHO, _WHAT, _WHICH, _HOW)))) for _ in range(4000)]
        self._asides = {word: self._cut(f"{word}里也是这样") for word in (COMMON, APART, RARE)}

    def post(self, number: int) -> tuple[str, str]:
        """The text of a post and its words."""
        parts = self._chance.sample(self._said, self._chance.randint(2, 5))
        if number % 5 in (1, 2):
            parts.append(self._asides[COMMON if number % 5 == 1 else APART])
        if number % 50_000 == 777:
            parts.append(self._asides[RARE])
        return "。".join(text for text, _ in parts), " ".join(cut for _, cut in parts)

    @staticmethod
    def _cut(text: str) -> tuple[str, str]:
        return text, " ".join(words_of(text))


def _threads_of(number: int, chance: random.Random) -> list[int]:
    """In which thread each post is: 0 is the long one; a thread's first post comes when its turn has come."""
    found = []
    opened = 0
    for post in range(number):
        if post == 0 or post % LONG_EVERY == 0:
            found.append(0)
        elif post >= opened * IN_A_THREAD:
            opened += 1
            found.append(opened)
        else:
            found.append(chance.randint(max(1, opened - OPEN_AT_ONCE), opened))
    return found


async def write_forum(db: Database, authors: Sequence[UUID], number: int) -> Forum:
    """Fill an empty forum with `number` posts and let the database count what it has."""
    chance = random.Random(4)
    places = _threads_of(number, chance)
    counts = Counter(places)
    ids = [new_id(_FIRST, each) for each in range(len(counts))]
    await db.write(lambda tx: _open(tx, places, counts, ids, authors))
    rows = _rows(places, ids, authors, _Talk(chance), chance)
    while batch := [each for _, each in zip(range(BATCH), rows, strict=False)]:
        await db.write(lambda tx, batch=batch: _put(tx, batch))  # type: ignore[misc]
    await _count(db)
    usual = len(ids) // 2
    return Forum(ids[0], counts[0], ids[usual], counts[usual])


def _at(post: int) -> datetime:
    return _FIRST + timedelta(seconds=post * 30)


async def _open(
    tx: AsyncConnection, places: list[int], counts: Counter[int], ids: list[UUID], authors: Sequence[UUID]
) -> None:
    last = {place: post for post, place in enumerate(places)}
    made = [uuid4() for _ in range(BOARDS)]
    await tx.execute(
        boards.insert(),
        [
            {"id": id, "title": f"版块{place}", "description": "", "mode": Mode.AFTER.value, "position": place,
             "open": True, "made_at": _FIRST}
            for place, id in enumerate(made)
        ],
    )  # fmt: skip
    rows = [
        {"id": id, "board": made[place % BOARDS], "title": f"第{place}个话题", "author": authors[place % len(authors)],
         "opening": id, "opened_at": _FIRST, "last_at": _at(last[place]), "last_number": counts[place]}
        for place, id in enumerate(ids)
    ]  # fmt: skip
    for start in range(0, len(rows), BATCH):
        await tx.execute(threads.insert(), rows[start : start + BATCH])


def _rows(
    places: list[int], ids: list[UUID], authors: Sequence[UUID], talk: _Talk, chance: random.Random
) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Of each post its row, its place in the thread, its words."""
    numbers: Counter[int] = Counter()
    for post, place in enumerate(places):
        numbers[place] += 1
        opening = numbers[place] == 1
        text, cut = talk.post(post)
        id = new_id(_at(post), post % 1000)
        row = _row(id, ids[place], authors[(place if opening else post) % len(authors)], _at(post))
        row["draft"] = ids[place] if opening else id
        row["text"] = f"第{place}个话题\n{text}" if opening else text
        if not opening and chance.random() < 0.02:
            row["state"] = chance.choice(["removed", "withdrawn", "held"])
        at = {"thread": ids[place], "number": numbers[place], "post": id, "quotes": None}
        yield row, at, {"subject": id, "words": cut}


def _row(id: UUID, thread: UUID, author: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": id, "place_kind": THREAD, "place_id": thread, "place_name": "话题", "author": author,
        "author_role": "learner", "unit_path": "1/", "authority_path": "1/", "audience_path": "", "state": "published",
        "version": 1, "written_at": at, "state_at": at, "media_ms": None, "screened": "pass", "category": None,
        "marks": [], "release_at": None, "reports": 0, "covered": False, "claimed_by": None, "claimed_until": None,
    }  # fmt: skip


async def _put(tx: AsyncConnection, batch: list[tuple[dict[str, Any], ...]]) -> None:
    for table, rows in zip((posts, thread_posts, words.table), zip(*batch, strict=True), strict=True):
        await tx.execute(table.insert(), list(rows))


async def _count(db: Database) -> None:
    """What PostgreSQL does by itself after a while."""
    if not db.lite:
        async with db.engine.connect() as tx:
            await (await tx.execution_options(isolation_level="AUTOCOMMIT")).execute(sa.text("VACUUM ANALYZE"))
