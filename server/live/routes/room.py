"""The room: its snapshot, what was said before, how one speaks; the messages and topics of its socket."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import SIGNED_IN, Ask, Body, Query, Routes, View
from server.live import chat, room
from server.live.audience import Audience, audience_of
from server.live.chat import CLASS, Settings
from server.live.routes.shapes import shown
from server.live.targets import class_target, lesson_of, topic_target
from server.live.views import ClassView, view_of
from server.live.watch import check_admitted
from server.moderation import store as posts
from server.moderation import tell, write
from server.moderation.views import PostView
from server.rules.conduct import Mode
from server.rules.powers import Power, Target
from server.rules.refusal import Refusal

routes = Routes("class")

LONGEST_POST = 300
POST_WEIGHT = 9.0
"""Two posts a second on the long run, six at once: more than a person types."""

PAGE = 100


class MeView(View):
    """`muted_until`: until when my speaking is paused here."""

    muted_until: datetime | None


class RoomView(View):
    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    lesson: ClassView = Field(alias="class")
    me: MeView
    posts: list[PostView]
    audience: Audience
    source: Literal["browser", "encoder", "prepared"] | None


class PostsQuery(Query):
    """Posts before another one, or of a stretch of the media clock (for the replay)."""

    before: UUID | None = None
    from_ms: Annotated[int, Field(ge=0)] | None = None
    until_ms: Annotated[int, Field(ge=0)] | None = None


class PostList(View):
    """Posts, oldest first; `next` asks for those before (`before`) or after (`from_ms`) these."""

    items: list[PostView]
    next: str | None


class SpeakingBody(Body):
    mode: Mode | None = None
    slow_s: Annotated[int, Field(ge=0, le=300)] | None = None
    frozen: bool | None = None
    cover_minutes: Annotated[int, Field(ge=0, le=30)] = 0


class ClassPlace(Body):
    kind: Literal["class"]
    id: UUID


class WriteBody(Body):
    place: ClassPlace
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_POST)]
    draft: UUID


class WithdrawBody(Body):
    post: UUID


class Written(View):
    """Where the post stands, with the passages that screening marked."""

    post: UUID
    state: str
    written_at: datetime
    marks: list[list[int]]
    category: str | None


async def place_target(tx: AsyncConnection, body: WriteBody) -> Target | None:
    """The class in which somebody wants to speak."""
    return await class_target(tx, class_id=body.place.id)


@routes.get("/api/v1/classes/{class_id}/room", power=Power.LIVE_SEE, target=class_target, title="The room as it is now")
async def enter(ask: Ask, class_id: UUID) -> RoomView:
    async with ask.read(near=True) as tx:
        found = await room.enter(tx, ask.actor, lesson_of(ask), ask.now)
        lesson = await view_of(tx, lesson_of(ask), ask.actor, ask.now, ask.services.policies)
    return RoomView(
        lesson=lesson, me=MeView(muted_until=found.muted_until),
        posts=[PostView(**each) for each in found.posts], audience=audience_of(ask.request.app, class_id),
        source=found.source,
    )  # fmt: skip


async def not_excluded(ask: Ask, id: UUID) -> None:
    """Who is excluded from a class hears nothing of it while it lasts."""
    async with ask.read(near=True) as tx:
        await check_admitted(tx, ask.actor, lesson_of(ask), ask.now)


@routes.get(
    "/api/v1/classes/{class_id}/posts", power=Power.LIVE_SEE, target=class_target, title="What was said in class"
)
async def said(ask: Ask, class_id: UUID, query: PostsQuery) -> PostList:
    if (query.from_ms is None) != (query.until_ms is None):
        raise Refusal("field.invalid", status=422, field="until_ms")
    await not_excluded(ask, class_id)
    async with ask.read() as tx:
        if query.from_ms is not None and query.until_ms is not None:
            found = await posts.said_between(tx, CLASS, class_id, query.from_ms, query.until_ms)
            later = str(found[-1].media_ms) if len(found) == posts.BETWEEN else None
        else:
            found = await posts.in_place(tx, CLASS, class_id, ask.me, before=query.before, limit=PAGE)
            later = str(found[0].id) if len(found) == PAGE else None
        views = await tell.shown(tx, found, ask.me)
    return PostList(items=[PostView(**each) for each in views], next=later)


@routes.patch(
    "/api/v1/classes/{class_id}/speaking", power=Power.LIVE_SPEAKING, target=class_target,
    title="How one speaks: mode, slow mode, pause for all",
)  # fmt: skip
async def speaking(ask: Ask, class_id: UUID, body: SpeakingBody) -> ClassView:
    return await shown(ask, await ask.do(chat.regulate, class_id, Settings(**body.model_dump())))


@routes.message(
    "post.write", power=Power.SPEAK, target=place_target, weight=POST_WEIGHT, title="Say something in class"
)
async def say(ask: Ask, body: WriteBody) -> Written:
    post = await ask.do(chat.say, body.place.id, body.text, body.draft)
    return Written(
        post=post.id, state=post.state.value, written_at=post.written_at, marks=post.marks, category=post.category
    )


@routes.message("post.withdraw", power=SIGNED_IN, title="Take an own post back")
async def withdraw(ask: Ask, body: WithdrawBody) -> None:
    await ask.do(write.withdraw, body.post)


routes.topic("class", power=Power.LIVE_SEE, target=topic_target, check=not_excluded)
routes.topic("class:staff", power=Power.LIVE_AUDIENCE, target=topic_target)
