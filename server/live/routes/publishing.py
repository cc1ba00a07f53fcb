"""Endpoints of pictures: leave to publish and to watch, the encoder's key, the prepared video."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from media.grants import Grant, sign
from server.base.api import Ask, Body, Routes, View
from server.base.ids import new_id
from server.base.work import require
from server.live import prepared, publish, publish_store
from server.live.publish import Studio
from server.live.publish_store import PreparedVideo
from server.live.routes.shapes import shown
from server.live.streams import stream_of
from server.live.tables import DEVICE
from server.live.targets import class_target, lesson_of
from server.live.views import ClassView
from server.live.watch import Viewing, check_admitted, held_by, let_watch, let_watch_on
from server.rules.powers import Power
from server.rules.refusal import Refusal

routes = Routes("class")

_RUN = {"power": Power.LIVE_RUN, "target": class_target}
_PIECE = 256 * 1024


class PublishBody(Body):
    """`studio`: an id that the page made when it was opened, by which it is known when its line comes back."""

    source: Literal["browser"] = "browser"
    rehearsal: bool = False
    take_over: bool = False
    studio: UUID | None = None
    device: Annotated[str, Field(max_length=DEVICE)] | None = None


class ViewBody(Body):
    """`held`: the grant that a page has which goes on watching."""

    replay: bool = False
    rehearsal: bool = False
    held: Annotated[str, Field(max_length=2048)] = ""


class Leave(View):
    """An address, the bearer grant for it, and until when it holds (unix seconds)."""

    url: str
    grant: str
    expires_at: int


class ViewingLeave(Leave):
    mode: Literal["low_latency", "stable"]


class KeyView(View):
    """An encoder key, shown this once."""

    key: str
    url: str


class PreparedView(View):
    bytes: int
    state: str


@routes.post("/api/v1/classes/{class_id}/publishing", **_RUN, title="Leave to publish from a studio page")
async def publishing(ask: Ask, class_id: UUID, body: PublishBody) -> Leave:
    device = body.device or ask.request.headers.get("User-Agent") or ""
    studio = Studio(body.studio, device[:DEVICE], _session(ask))
    grant = await ask.do(publish.let_in, class_id, studio, rehearsal=body.rehearsal, take_over=body.take_over)
    return Leave(url=_media(ask, f"/media/whip/{grant.stream}"), **_signed(ask, grant))


@routes.post("/api/v1/classes/{class_id}/encoder-key", **_RUN, status=201, title="A new key for an encoder, shown once")
async def make_key(ask: Ask, class_id: UUID) -> KeyView:
    key = await ask.do(publish.make_key, class_id)
    base = ask.services.settings.media_public_url.rstrip("/") or ask.services.settings.origin
    return KeyView(key=key, url=f"{base}/media/whip/{stream_of(class_id)}")


@routes.delete("/api/v1/classes/{class_id}/encoder-key", **_RUN, title="The encoder's key no longer holds")
async def revoke_key(ask: Ask, class_id: UUID) -> None:
    await ask.do(publish.revoke_key, class_id)


async def watching_on(ask: Ask, class_id: UUID, body: ViewBody) -> ViewingLeave:
    """Who watches goes on while the database is away; nobody begins to."""
    secret = ask.services.media_secret
    held = held_by(secret, body.held, class_id, _session(ask), ask.now, rehearsal=body.rehearsal)
    return _viewing(ask, let_watch_on(held, str(new_id(ask.now)), ask.now, replay=body.replay))


@routes.post(
    "/api/v1/classes/{class_id}/viewing", power=Power.LIVE_SEE, target=class_target, away=watching_on,
    title="Leave to watch for a minute: live, the recording, or the rehearsal",
)  # fmt: skip
async def viewing(ask: Ask, class_id: UUID, body: ViewBody) -> ViewingLeave:
    lesson = lesson_of(ask)
    async with ask.read(near=True) as tx:
        await check_admitted(tx, ask.actor, lesson, ask.now)
    if body.rehearsal:
        require(ask.actor, Power.LIVE_RUN, ask.target, "class", ask.now)
    found = let_watch(
        lesson, _session(ask), str(new_id(ask.now)), ask.now, replay=body.replay, rehearsal=body.rehearsal
    )
    return _viewing(ask, found)


@routes.put(
    "/api/v1/classes/{class_id}/prepared", **_RUN, upload=True, title="Upload a video (MP4) to be played as the class"
)
async def upload(ask: Ask, class_id: UUID) -> PreparedView:
    request, settings = ask.request, ask.services.settings
    if request.content_type != "video/mp4":
        raise Refusal("video.wrong_type", status=415)
    if (request.content_length or 0) > prepared.LIMIT:
        raise Refusal("video.too_large", status=413, limit=prepared.LIMIT)
    kept = await prepared.keep(settings, new_id(ask.now), _pieces(ask))
    try:
        video = await ask.do(prepared.give, class_id, kept)
    except BaseException:
        prepared.path_of(settings, kept.file).unlink(missing_ok=True)
        raise
    return PreparedView(bytes=video.bytes, state=await _first_state(ask, video))


@routes.get("/api/v1/classes/{class_id}/prepared", **_RUN, title="Whether the prepared video can be played")
async def prepared_video(ask: Ask, class_id: UUID) -> PreparedView:
    async with ask.read() as tx:
        video = await publish_store.prepared(tx, class_id)
    if video is None:
        raise Refusal("video.missing", status=404)
    return PreparedView(bytes=video.bytes, state=await prepared.state_of(ask.office, video))


@routes.post("/api/v1/classes/{class_id}/prepared/play", **_RUN, title="Play the prepared video as the class")
async def play(ask: Ask, class_id: UUID) -> ClassView:
    return await shown(ask, await prepared.play(ask.office, ask.actor, class_id))


async def _first_state(ask: Ask, video: PreparedVideo) -> str:
    """The state right after the upload, which has succeeded whether or not media can begin at once."""
    try:
        return await prepared.state_of(ask.office, video)
    except Refusal:
        return "preparing"


def _viewing(ask: Ask, found: Viewing) -> ViewingLeave:
    return ViewingLeave(url=_media(ask, found.path), mode="low_latency", **_signed(ask, found.grant))


def _session(ask: Ask) -> str:
    """What grants die with; the id of a sign-in is no secret."""
    assert ask.session is not None
    return ask.session.id


def _media(ask: Ask, path: str) -> str:
    """An address of media as browsers see it: our own, unless media has another."""
    return ask.services.settings.media_public_url.rstrip("/") + path


def _signed(ask: Ask, grant: Grant) -> dict[str, str | int]:
    return {"grant": sign(ask.services.media_secret, grant), "expires_at": grant.expires_at}


async def _pieces(ask: Ask) -> AsyncIterator[bytes]:
    async for piece in ask.request.content.iter_chunked(_PIECE):
        yield piece
