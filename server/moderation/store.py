"""Posts and decisions in the database: rows in, frozen values out."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import insert_ignoring
from server.moderation.tables import decisions, posts, reports, reviews
from server.rules.conduct import PostState

BETWEEN = 200
"""Posts of a stretch of the media clock that are read at once."""

_NAMED = 500
"""Up to so many authors are named in a query; beyond, all of the group are read."""

REVIEWS = 200
"""Reviews that the desk lists at once."""


@dataclass(frozen=True, slots=True)
class Post:
    """Something said in a place.

    `audience_path`: beginning of the unit paths that the place is meant for; `marks` are `[begin, end]` pairs into
    `text`; `earlier`: the text that was published when it was last changed to one that was not; `topic_class`: in
    whose group it was said.
    """

    id: UUID
    place_kind: str
    place_id: UUID
    place_name: str
    author: UUID
    author_role: str
    unit_path: str
    authority_path: str
    audience_path: str
    draft: UUID
    text: str
    earlier: str | None
    state: PostState
    version: int
    written_at: datetime
    state_at: datetime
    media_ms: int | None
    screened: str
    category: str | None
    marks: list[list[int]]
    release_at: datetime | None
    reports: int
    covered: bool
    claimed_by: UUID | None
    claimed_until: datetime | None
    topic_class: UUID | None = None

    @property
    def public(self) -> str | None:
        """What others read of it.

        While a change waits for a person, or was refused, that is the text before: nobody has decided against it, and
        a waiting correction must not take a thread with all its answers from everybody (rules §7: a decision is about
        the version seen).
        """
        if self.covered:
            return None
        if self.state is PostState.PUBLISHED:
            return self.text
        return self.earlier if self.state in _KEEPS_EARLIER else None


_KEEPS_EARLIER = frozenset({PostState.HELD, PostState.BLOCKED, PostState.REJECTED})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person (or, for a release, the clock: `actor` None) did to a version of a post."""

    id: UUID
    post: UUID
    version: int
    action: str
    was: str
    actor: UUID | None
    at: datetime
    kind: str | None
    basis: str | None
    reason: str | None
    undoes: UUID | None


@dataclass(frozen=True, slots=True)
class Review:
    """A review asked by an author (申请复核) and its outcome."""

    id: UUID
    post: UUID
    decision: UUID
    text: str
    asked_at: datetime
    outcome: str | None
    reason: str | None
    reviewer: UUID | None
    reviewed_at: datetime | None


def _post(row: Any) -> Post:
    return Post(**{**row._mapping, "state": PostState(row.state)})


async def add(tx: AsyncConnection, post: Post) -> bool:
    """Keep a new post; False when this author's draft is here already."""
    row = {name: getattr(post, name) for name in Post.__slots__} | {"state": post.state.value}
    return bool((await tx.execute(insert_ignoring(tx, posts).values(**row))).rowcount)


async def by_id(tx: AsyncConnection, post_id: UUID) -> Post | None:
    row = (await tx.execute(sa.select(posts).where(posts.c.id == post_id))).first()
    return _post(row) if row else None


async def by_ids(tx: AsyncConnection, post_ids: Collection[UUID]) -> dict[UUID, Post]:
    rows = await tx.execute(sa.select(posts).where(posts.c.id.in_(post_ids)))
    return {row.id: _post(row) for row in rows}


async def by_draft(tx: AsyncConnection, author: UUID, draft: UUID) -> Post | None:
    found = await tx.execute(sa.select(posts).where(posts.c.author == author, posts.c.draft == draft))
    row = found.first()
    return _post(row) if row else None


async def change(tx: AsyncConnection, post: Post, **values: Any) -> bool:
    """Change a post as it was seen; False when somebody changed it meanwhile."""
    update = (
        posts.update()
        .where(posts.c.id == post.id, posts.c.version == post.version)
        .values(version=post.version + 1, **values)
    )
    return bool((await tx.execute(update)).rowcount)


async def set_claim(tx: AsyncConnection, post_id: UUID, by: UUID | None, until: datetime | None) -> None:
    await tx.execute(posts.update().where(posts.c.id == post_id).values(claimed_by=by, claimed_until=until))


async def rename_place(tx: AsyncConnection, kind: str, place_id: UUID, name: str) -> None:
    """Let all that was said in a place have its name of now."""
    here = (posts.c.place_kind == kind, posts.c.place_id == place_id, posts.c.place_name != name)
    await tx.execute(posts.update().where(*here).values(place_name=name))


async def published_count(tx: AsyncConnection, author: UUID) -> int:
    """Posts of a learner that have passed, for the mode `trust`."""
    query = sa.select(sa.func.count()).where(posts.c.author == author, posts.c.state == "published")
    return int((await tx.execute(query)).scalar_one())


async def published_in(tx: AsyncConnection, topic_class: UUID, authors: Collection[UUID]) -> dict[UUID, int]:
    """How many published posts these authors have in the group of a topic class; perhaps of others, too."""
    where = [posts.c.topic_class == topic_class, posts.c.state == "published", posts.c.covered.is_(False)]
    if len(authors) <= _NAMED:
        where.append(posts.c.author.in_(list(authors)))
    query = sa.select(posts.c.author, sa.func.count()).where(*where).group_by(posts.c.author)
    return {row[0]: row[1] for row in await tx.execute(query)}


async def counts(tx: AsyncConnection, kind: str, place_id: UUID) -> dict[str, int]:
    """How many posts of a place are in each state."""
    query = sa.select(posts.c.state, sa.func.count()).where(posts.c.place_kind == kind, posts.c.place_id == place_id)
    return {row[0]: row[1] for row in await tx.execute(query.group_by(posts.c.state))}


async def last_written(tx: AsyncConnection, place_id: UUID, author: UUID) -> datetime | None:
    """When this author last wrote in this place, for slow mode."""
    newest = sa.func.max(posts.c.written_at)
    query = sa.select(newest).where(posts.c.author == author, posts.c.place_id == place_id)
    last: datetime | None = await tx.scalar(query)
    return last


async def nth_newest(tx: AsyncConnection, author: UUID, number: int) -> datetime | None:
    """When the newest but `number` - 1 of an author's posts was written; None where there are fewer."""
    query = sa.select(posts.c.written_at).where(posts.c.author == author).order_by(posts.c.id.desc())
    found: datetime | None = await tx.scalar(query.offset(number - 1).limit(1))
    return found


async def in_place(
    tx: AsyncConnection, kind: str, place_id: UUID, viewer: UUID, *, before: UUID | None = None, limit: int = 100
) -> list[Post]:
    """The newest posts of a place as `viewer` sees it (published, and own ones in any state), oldest first."""
    asked = {"kind": kind, "place": place_id, "viewer": viewer, "most": limit}
    if before is None:
        rows = (await tx.execute(_NEWEST, asked)).all()
    else:
        rows = (await tx.execute(_NEWEST.where(posts.c.id < before), asked)).all()
    return [_post(row) for row in reversed(rows)]


_NEWEST = (
    sa.select(posts)
    .where(
        posts.c.place_kind == sa.bindparam("kind"),
        posts.c.place_id == sa.bindparam("place"),
        sa.or_(
            sa.and_(posts.c.state == "published", posts.c.covered.is_(False)),
            sa.and_(posts.c.author == sa.bindparam("viewer"), posts.c.state != "withdrawn"),
        ),
    )
    .order_by(posts.c.id.desc())
    .limit(sa.bindparam("most"))
)


async def said_between(
    tx: AsyncConnection, kind: str, place_id: UUID, from_ms: int, until_ms: int, *, limit: int = BETWEEN
) -> list[Post]:
    """What was said in a place in a stretch of the media clock and is published, oldest first."""
    within = (posts.c.media_ms >= from_ms, posts.c.media_ms < until_ms)
    shown = (posts.c.state == "published", posts.c.covered.is_(False))
    query = sa.select(posts).where(posts.c.place_kind == kind, posts.c.place_id == place_id, *within, *shown)
    rows = await tx.execute(query.order_by(posts.c.media_ms, posts.c.id).limit(limit))
    return [_post(row) for row in rows]


async def of_author(tx: AsyncConnection, author: UUID, *, before: UUID | None, limit: int) -> list[Post]:
    query = sa.select(posts).where(posts.c.author == author)
    if before is not None:
        query = query.where(posts.c.id < before)
    return [_post(row) for row in (await tx.execute(query.order_by(posts.c.id.desc()).limit(limit))).all()]


async def against(tx: AsyncConnection, author: UUID, since: datetime) -> list[Post]:
    """This author's posts that were refused or removed since an instant, the latest first."""
    where = (posts.c.author == author, posts.c.state.in_(["rejected", "removed"]), posts.c.state_at >= since)
    return [_post(row) for row in await tx.execute(sa.select(posts).where(*where).order_by(posts.c.state_at.desc()))]


REPORTED = sa.and_(posts.c.state.in_(["published", "blocked", "rejected"]), posts.c.reports > 0)
WAITING = sa.or_(posts.c.state == "held", REPORTED)


async def queue(
    tx: AsyncConnection, where: Sequence[Any], order: Sequence[Any], *, offset: int, limit: int
) -> tuple[list[Post], int]:
    """Posts for the desk, and how many there are."""
    query = sa.select(posts).where(*where)
    total = (await tx.execute(sa.select(sa.func.count()).select_from(query.subquery()))).scalar_one()
    rows = (await tx.execute(query.order_by(*order, posts.c.id).offset(offset).limit(limit))).all()
    return [_post(row) for row in rows], int(total)


async def oldest_waiting(tx: AsyncConnection) -> datetime | None:
    """Since when the oldest post waits for a person."""
    found: datetime | None = (await tx.execute(sa.select(sa.func.min(posts.c.state_at)).where(WAITING))).scalar_one()
    return found


async def to_release(tx: AsyncConnection, at: datetime, limit: int = 100) -> list[Post]:
    """Clean held posts whose time of waiting is over."""
    query = sa.select(posts).where(posts.c.state == "held", posts.c.release_at <= at, posts.c.reports == 0)
    return [_post(row) for row in (await tx.execute(query.limit(limit))).all()]


async def put_off(tx: AsyncConnection, post: UUID, until: datetime | None) -> None:
    """Let a held post wait longer; None: for a person."""
    await tx.execute(posts.update().where(posts.c.id == post).values(release_at=until))


async def cover(tx: AsyncConnection, kind: str, place_id: UUID, since: datetime) -> None:
    """Take what learners published in a place since an instant from view; nothing else becomes of it."""
    where = (posts.c.place_kind == kind, posts.c.place_id == place_id, posts.c.written_at >= since)
    learners = (posts.c.author_role == "learner", posts.c.state == "published")
    await tx.execute(posts.update().where(*where, *learners).values(covered=True))


async def uncover(tx: AsyncConnection, kind: str, place_id: UUID) -> list[Post]:
    """Show again what was covered in a place; the posts that are seen now, oldest first."""
    where = (posts.c.place_kind == kind, posts.c.place_id == place_id, posts.c.covered)
    found = [_post(row) for row in (await tx.execute(sa.select(posts).where(*where).order_by(posts.c.id))).all()]
    await tx.execute(posts.update().where(*where).values(covered=False))
    return [replace(each, covered=False) for each in found if each.state is PostState.PUBLISHED]


async def report(
    tx: AsyncConnection, id: UUID, post: UUID, reporter: UUID, kind: str, reason: str, at: datetime
) -> bool:
    """Keep a report; False when this person has reported this post before."""
    row = {"id": id, "post": post, "reporter": reporter, "kind": kind, "reason": reason, "at": at}
    added = (await tx.execute(insert_ignoring(tx, reports).values(**row))).rowcount
    if added:
        await tx.execute(posts.update().where(posts.c.id == post).values(reports=posts.c.reports + 1))
    return bool(added)


async def reports_of(tx: AsyncConnection, posts: Collection[UUID]) -> dict[UUID, list[tuple[str, str, datetime]]]:
    """Kind, reason and time of each open report of these posts; who reported is not shown to the desk."""
    query = sa.select(reports).where(reports.c.post.in_(posts), reports.c.settled_at.is_(None)).order_by(reports.c.id)
    found: dict[UUID, list[tuple[str, str, datetime]]] = defaultdict(list)
    for row in await tx.execute(query):
        found[row.post].append((row.kind, row.reason, row.at))
    return found


async def settle_reports(tx: AsyncConnection, post: UUID, at: datetime) -> None:
    """What was reported of a post has been looked at."""
    waiting = (reports.c.post == post, reports.c.settled_at.is_(None))
    await tx.execute(reports.update().where(*waiting).values(settled_at=at))
    await tx.execute(posts.update().where(posts.c.id == post).values(reports=0))


async def reopen_reports(tx: AsyncConnection, post: UUID, settled_at: datetime) -> None:
    """The decision of that moment is taken back: what it had settled waits again."""
    settled = (reports.c.post == post, reports.c.settled_at == settled_at)
    again = (await tx.execute(reports.update().where(*settled).values(settled_at=None))).rowcount
    await tx.execute(posts.update().where(posts.c.id == post).values(reports=posts.c.reports + again))


async def decide(tx: AsyncConnection, decision: Decision) -> None:
    await tx.execute(decisions.insert().values({name: getattr(decision, name) for name in Decision.__slots__}))


async def decision(tx: AsyncConnection, decision_id: UUID) -> Decision | None:
    row = (await tx.execute(sa.select(decisions).where(decisions.c.id == decision_id))).first()
    return Decision(**row._mapping) if row else None


async def decisions_of(tx: AsyncConnection, posts: Collection[UUID]) -> dict[UUID, list[Decision]]:
    """All that was decided about each of these posts, oldest first."""
    found: dict[UUID, list[Decision]] = defaultdict(list)
    for row in await tx.execute(sa.select(decisions).where(decisions.c.post.in_(posts)).order_by(decisions.c.id)):
        found[row.post].append(Decision(**row._mapping))
    return found


async def against_author(tx: AsyncConnection, author: UUID) -> int:
    """How many of this author's posts were refused or removed, for the desk."""
    query = sa.select(sa.func.count()).where(posts.c.author == author, posts.c.state.in_(["rejected", "removed"]))
    return int((await tx.execute(query)).scalar_one())


async def ask_review(tx: AsyncConnection, id: UUID, decision: Decision, text: str, at: datetime) -> bool:
    """Keep the author's wish for a review; False when it was asked before."""
    row = {"id": id, "post": decision.post, "decision": decision.id, "text": text, "asked_at": at}
    return bool((await tx.execute(insert_ignoring(tx, reviews).values(**row))).rowcount)


async def review(tx: AsyncConnection, review_id: UUID) -> Review | None:
    row = (await tx.execute(sa.select(reviews).where(reviews.c.id == review_id))).first()
    return Review(**row._mapping) if row else None


async def reviews_of(tx: AsyncConnection, decisions: Collection[UUID]) -> dict[UUID, Review]:
    """The review of each of these decisions, where one was asked."""
    rows = await tx.execute(sa.select(reviews).where(reviews.c.decision.in_(decisions)))
    return {row.decision: Review(**row._mapping) for row in rows}


OPEN_REVIEWS = reviews.join(posts, posts.c.id == reviews.c.post).join(decisions, decisions.c.id == reviews.c.decision)


async def open_reviews(tx: AsyncConnection, *where: Any) -> list[tuple[Review, Post, Decision]]:
    """The reviews that wait and that `where` leaves, those that have waited longest first; at most `REVIEWS`."""
    waiting = sa.select(reviews).select_from(OPEN_REVIEWS).where(reviews.c.outcome.is_(None), *where)
    found = [Review(**row._mapping) for row in await tx.execute(waiting.order_by(reviews.c.id).limit(REVIEWS))]
    said = await by_ids(tx, {each.post for each in found})
    judged = sa.select(decisions).where(decisions.c.id.in_({each.decision for each in found}))
    taken = {row.id: Decision(**row._mapping) for row in await tx.execute(judged)}
    return [(each, said[each.post], taken[each.decision]) for each in found]


async def settle_review(
    tx: AsyncConnection, review_id: UUID, outcome: str, reason: str, reviewer: UUID, at: datetime
) -> bool:
    """Write the outcome once; False when somebody was faster."""
    update = (
        reviews.update()
        .where(reviews.c.id == review_id, reviews.c.outcome.is_(None))
        .values(outcome=outcome, reason=reason, reviewer=reviewer, reviewed_at=at)
    )
    return bool((await tx.execute(update)).rowcount)
