"""Endpoint that shows a picture to whoever may read its post, and to nobody else."""

from uuid import UUID

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import Ask, Routes
from server.base.files import NoFile
from server.forum import store
from server.forum.read import check_seen, sees
from server.forum.reader import Reader, reader
from server.moderation import pictures
from server.moderation import store as posts
from server.moderation.pictures import Kept
from server.moderation.store import Post
from server.moderation.targets import target_of
from server.rules.powers import Power, may
from server.rules.refusal import Refusal, unknown

routes = Routes("picture")

_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""Kept by the browser alone, which asks each time whether it may still show it."""


@routes.get("/api/v1/forum/pictures/{picture_id}", power=Power.FORUM_READ, title="A picture of a post (WebP)")
async def show(ask: Ask, picture_id: UUID) -> web.Response:
    async with ask.read() as tx:
        kept = await pictures.by_id(tx, picture_id)
        if kept is None or kept.bytes is None or not await _shown(tx, ask, kept):
            raise unknown("picture")
    tag = f'"{kept.id.hex}"'
    if ask.request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers=_HEADERS | {"ETag": tag})
    try:
        data = await ask.services.files.get(kept.key)
    except NoFile as error:
        raise unknown("picture") from error
    return web.Response(body=data, content_type="image/webp", headers=_HEADERS | {"ETag": tag})


async def _shown(tx: AsyncConnection, ask: Ask, kept: Kept) -> bool:
    if kept.post is None:
        return kept.owner == ask.me
    post = await posts.by_id(tx, kept.post)
    if post is None:
        return False
    if post.author != ask.me and may(ask.actor.holdings, Power.DESK_SEE, target_of(post), ask.now, ask.me):
        return True
    return sees(post, ask.me) and await _thread_seen(tx, post, reader(ask.actor, ask.now))


async def _thread_seen(tx: AsyncConnection, post: Post, viewer: Reader) -> bool:
    at = await store.place_of(tx, post.id)
    try:
        return at is not None and await check_seen(tx, at.thread, viewer) is not None
    except Refusal:
        return False
