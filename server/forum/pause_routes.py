"""Endpoints for pausing all speaking in a board or in a thread."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import Ask, Body, Routes
from server.base.shapes import Moment
from server.base.work import require
from server.forum import store
from server.forum.read import THREAD
from server.forum.reader import target_of
from server.moderation import pause
from server.moderation import store as posts
from server.moderation.routes.shapes import Basis, Reason
from server.people import units
from server.rules.powers import Power, Target, TargetKind
from server.rules.refusal import unknown

routes = Routes("forum")

BOARD = "board"


class PlacePauseBody(Body):
    """`until` None: until somebody ends it."""

    until: Moment | None = None
    basis: Basis = "art-12"
    reason: Annotated[Reason, Field()]


@routes.put("/api/v1/forum/boards/{board_id}/pause", power=Power.FORUM_PAUSE, title="Pause all speaking in a board")
async def pause_board(ask: Ask, board_id: UUID, body: PlacePauseBody) -> None:
    await _admit_board(ask, board_id)
    await ask.do(pause.begin, BOARD, board_id, body.until, body.basis, body.reason)


@routes.delete("/api/v1/forum/boards/{board_id}/pause", power=Power.FORUM_PAUSE, title="Let a board speak again")
async def resume_board(ask: Ask, board_id: UUID) -> None:
    await _admit_board(ask, board_id)
    await ask.do(pause.end, BOARD, board_id)


@routes.put("/api/v1/forum/threads/{thread_id}/pause", power=Power.FORUM_PAUSE, title="Pause all speaking in a thread")
async def pause_thread(ask: Ask, thread_id: UUID, body: PlacePauseBody) -> None:
    await _admit_thread(ask, thread_id)
    await ask.do(pause.begin, THREAD, thread_id, body.until, body.basis, body.reason)


@routes.delete("/api/v1/forum/threads/{thread_id}/pause", power=Power.FORUM_PAUSE, title="Let a thread speak again")
async def resume_thread(ask: Ask, thread_id: UUID) -> None:
    await _admit_thread(ask, thread_id)
    await ask.do(pause.end, THREAD, thread_id)


async def _admit_board(ask: Ask, board_id: UUID) -> None:
    """An open board is everybody's, so who pauses it has the power over all; a group is its topic class's."""
    async with ask.read() as tx:
        found, top = await store.board(tx, board_id), await units.root(tx)
    if found is None:
        raise unknown("board")
    target = target_of(found) if found.topic_class else _target(top.path if top else "")
    require(ask.actor, Power.FORUM_PAUSE, target, "board", ask.now)


async def _admit_thread(ask: Ask, thread_id: UUID) -> None:
    """A thread is paused by who moderates those of its author's unit, as its first post is."""
    async with ask.read() as tx:
        path, thread = await _opened_in(tx, thread_id), await store.thread(tx, thread_id)
        board = await store.board(tx, thread.board) if thread else None
    if path is None or board is None:
        raise unknown("thread")
    target = target_of(board) if board.topic_class else _target(path)
    require(ask.actor, Power.FORUM_PAUSE, target, "thread", ask.now)


async def _opened_in(tx: AsyncConnection, thread_id: UUID) -> str | None:
    first = (await store.openings(tx, [thread_id])).get(thread_id)
    opening = await posts.by_id(tx, first) if first else None
    return opening.unit_path if opening and opening.public is not None else None


def _target(unit_path: str) -> Target:
    return Target(TargetKind.BOARD, unit_path=unit_path)
