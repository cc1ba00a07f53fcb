"""Endpoints of notices: my own, and up to when I have read them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.base.api import SIGNED_IN, Ask, Body, Query, Routes
from server.base.shapes import Moment
from server.base.work import Work
from server.forum import reader as forum
from server.notices import store
from server.notices.soon import about_to_begin
from server.notices.store import Notice, Reader
from server.notices.threads import as_read, followed
from server.notices.views import NoticePage, view_of
from server.people import store as people
from server.rules.refusal import unknown

routes = Routes("notice")


class NoticeQuery(Query):
    """`before`: the cursor of an earlier page."""

    before: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class ReadBody(Body):
    """`until`: the `at` of the newest notice that was seen; all up to it are read."""

    until: Moment


@routes.get("/api/v1/me/notices", power=SIGNED_IN, title="What I have been told, newest first")
async def notices(ask: Ask, query: NoticeQuery) -> NoticePage:
    async with ask.read(near=True) as tx:
        person = await people.person(tx, ask.me)
        if person is None:
            raise unknown("person")
        reader = Reader(person.id, person.unit_path, person.joined_at)
        until = await store.read_until(tx, ask.me)
        looked_up = await about_to_begin(tx, ask.actor, person.unit_path, ask.now)
        looked_up += await followed(tx, forum.reader(ask.actor, ask.now))
        found = await store.of_reader(tx, reader, before=query.before, limit=query.limit + 1)
        number = await store.unread(tx, reader, until) + len(_unread(looked_up, until))
        shown = await as_read(tx, found[: query.limit], forum.reader(ask.actor, ask.now))
    number -= len(_unread(found[: query.limit], until)) - len(_unread(shown, until))
    if query.before is None:
        shown = sorted([*looked_up, *shown], key=lambda each: each.at, reverse=True)
    return NoticePage(
        items=[view_of(each, until) for each in shown],
        unread=min(number, store.COUNTED),
        next=found[query.limit - 1].id if len(found) > query.limit else None,
    )


@routes.post("/api/v1/me/notices/read", power=SIGNED_IN, title="I have read my notices up to a moment")
async def read(ask: Ask, body: ReadBody) -> None:
    await ask.do(_read, ask.me, min(body.until, ask.now))


async def _read(work: Work, account: UUID, until: datetime) -> None:
    await store.mark_read(work.tx, account, until)
    work.push(f"person:{account}", "notice.changed", {})


def _unread(found: list[Notice], until: datetime | None) -> list[Notice]:
    return [each for each in found if until is None or each.at > until]
