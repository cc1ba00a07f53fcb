"""One field that searches live classes, topic classes and posts, and finds nothing that is hidden from me."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import SIGNED_IN, Ask, Query, Routes, View
from server.base.fulltext import LONGEST_SEARCH, terms_of
from server.forum import search as forum
from server.forum.reader import reader
from server.forum.views import FoundView, found_views
from server.live import lists
from server.live.store import LiveClass
from server.people import store as people
from server.topic_classes import search as topics
from server.topic_classes.store import TopicClass, TopicState

routes = Routes("search")

FEW = 5
"""Of each kind on the page of all kinds."""

PAGE = 30


class SearchQuery(Query):
    """`q`: at most ten words of at most 64 characters; `kind`: of this kind only, `before` the cursor of its page."""

    q: Annotated[str, Field(min_length=1, max_length=LONGEST_SEARCH)]
    kind: Literal["classes", "topics", "posts"] | None = None
    before: Annotated[int, Field(ge=1, lt=2**31)] | None = None


class FoundClassView(View):
    id: UUID
    title: str
    lecturer: str
    starts_at: datetime
    state: str
    recording: str


class FoundTopicView(View):
    id: UUID
    title: str
    about: str
    begins_at: datetime
    ends_at: datetime
    state: TopicState


class FoundClasses(View):
    items: list[FoundClassView]
    next: int | None


class FoundTopics(View):
    items: list[FoundTopicView]
    next: int | None


class FoundPosts(View):
    items: list[FoundView]
    next: int | None


class SearchView(View):
    """What was found of each kind, newest first; null for a kind that was not asked for.

    `next` is the `before` of the next page of that kind: of all kinds at once only the first few are shown.
    """

    classes: FoundClasses | None
    topics: FoundTopics | None
    posts: FoundPosts | None


@routes.get("/api/v1/search", power=SIGNED_IN, title="What I may see that has all the words asked for")
async def search(ask: Ask, query: SearchQuery) -> SearchView:
    terms = terms_of(query.q)
    kinds = [query.kind] if query.kind else ["classes", "topics", "posts"]
    limit = PAGE if query.kind else FEW
    async with ask.read() as tx:
        return SearchView(
            classes=await _classes(tx, ask, terms, query.before, limit) if "classes" in kinds else None,
            topics=await _topics(tx, ask, terms, query.before, limit) if "topics" in kinds else None,
            posts=await _posts(tx, ask, terms, query.before, limit) if "posts" in kinds else None,
        )


async def _classes(tx: AsyncConnection, ask: Ask, terms: Sequence[str], before: int | None, limit: int) -> FoundClasses:
    found, later = await lists.found(tx, ask.actor, ask.now, terms, before=before, limit=limit)
    lecturers = await people.many(tx, {each.lecturers[0] for each in found})
    return FoundClasses(items=[_class(each, lecturers) for each in found], next=later)


def _class(lesson: LiveClass, lecturers: dict[UUID, people.Person]) -> FoundClassView:
    lecturer = lecturers.get(lesson.lecturers[0])
    return FoundClassView(
        id=lesson.id, title=lesson.title, lecturer=lecturer.name if lecturer else "", starts_at=lesson.starts_at,
        state=lesson.state.value, recording=lesson.recording,
    )  # fmt: skip


async def _topics(tx: AsyncConnection, ask: Ask, terms: Sequence[str], before: int | None, limit: int) -> FoundTopics:
    found, later = await topics.search(tx, ask.actor, ask.now, terms, before=before, limit=limit)
    return FoundTopics(items=[_topic(each) for each in found], next=later)


def _topic(found: TopicClass) -> FoundTopicView:
    return FoundTopicView(
        id=found.id, title=found.title, about=found.about, begins_at=found.begins_at, ends_at=found.ends_at,
        state=found.state,
    )  # fmt: skip


async def _posts(tx: AsyncConnection, ask: Ask, terms: Sequence[str], before: int | None, limit: int) -> FoundPosts:
    found, later = await forum.search(tx, terms, reader(ask.actor, ask.now), before=before, limit=limit)
    return FoundPosts(items=await found_views(tx, found), next=later)
