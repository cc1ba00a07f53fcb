"""Endpoints of the studio's buttons: open, rehearse, start, pause, resume, end; and the cut of a duty holder."""

import asyncio
from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.base.api import Ask, Body, Routes
from server.live import air, store
from server.live.publish_store import sending
from server.live.routes.shapes import Basis, Reason, shown
from server.live.targets import class_target
from server.live.views import ClassView
from server.rules.live import State
from server.rules.powers import Power

routes = Routes("class")

_LINE_WITHIN_S, _LOOK_S = 3.0, 0.1
_NEEDS_LINE = {State.WAITING, State.PAUSED}
_RUN = {"power": Power.LIVE_RUN, "target": class_target}


class PauseBody(Body):
    """After how many minutes the class goes on, where that is known."""

    minutes: Annotated[int, Field(ge=1, le=240)] | None = None


class CutBody(Body):
    basis: Basis
    reason: Reason


@routes.post("/api/v1/classes/{class_id}/open", **_RUN, title="Let learners into the waiting room")
async def open_waiting_room(ask: Ask, class_id: UUID) -> ClassView:
    return await shown(ask, await ask.do(air.open_waiting_room, class_id))


@routes.post("/api/v1/classes/{class_id}/rehearse", **_RUN, title="Rehearse for the staff alone")
async def rehearse(ask: Ask, class_id: UUID) -> ClassView:
    return await shown(ask, await ask.do(air.rehearse, class_id))


@routes.post("/api/v1/classes/{class_id}/start", **_RUN, title="Go on air")
async def start(ask: Ask, class_id: UUID) -> ClassView:
    await _line(ask, class_id)
    return await shown(ask, await ask.do(air.start, class_id))


@routes.post("/api/v1/classes/{class_id}/pause", **_RUN, title="Pause; a pause is no air time")
async def pause(ask: Ask, class_id: UUID, body: PauseBody) -> ClassView:
    return await shown(ask, await ask.do(air.pause, class_id, body.minutes))


@routes.post("/api/v1/classes/{class_id}/resume", **_RUN, title="Go on after a pause")
async def resume(ask: Ask, class_id: UUID) -> ClassView:
    await _line(ask, class_id)
    return await shown(ask, await ask.do(air.resume, class_id))


@routes.post("/api/v1/classes/{class_id}/end", **_RUN, title="End the class for good")
async def end(ask: Ask, class_id: UUID) -> ClassView:
    return await shown(ask, await ask.do(air.end, class_id))


@routes.post(
    "/api/v1/classes/{class_id}/cut", power=Power.LIVE_CUT, target=class_target,
    title="Take the class off the air at once and withhold its recording",
)  # fmt: skip
async def cut(ask: Ask, class_id: UUID, body: CutBody) -> ClassView:
    return await shown(ask, await ask.do(air.cut, class_id, body.basis, body.reason))


async def _line(ask: Ask, class_id: UUID) -> None:
    """Wait a moment for media's word of a publisher that its own page already knows to be connected."""
    for _ in range(round(_LINE_WITHIN_S / _LOOK_S)):
        async with ask.read() as tx:
            lesson = await store.by_id(tx, class_id)
            if lesson is None or lesson.state not in _NEEDS_LINE or await sending(tx, [class_id], ask.now):
                return
        await asyncio.sleep(_LOOK_S)
