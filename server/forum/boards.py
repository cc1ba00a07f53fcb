"""Boards: opened, changed and closed by the academy; what has been written in a closed one stays readable."""

from typing import Any
from uuid import UUID

from server.base.work import Work
from server.forum import store
from server.forum.store import Board
from server.people import acts
from server.rules.conduct import Mode
from server.rules.refusal import unknown

TITLE = 60
"""Longest title of a board, in characters."""


async def open_board(
    work: Work, title: str, description: str, mode: Mode, position: int, hours: tuple[str, str] = ("00:00", "00:00")
) -> Board:
    """A new board, with its hours of speaking."""
    made = Board(work.id(), title, description, mode, position, True, work.now, *hours)
    await store.add_board(work.tx, made)
    await acts.note(work, "board.open", None, str(made.id))
    return made


async def open_group(work: Work, topic_class: UUID, title: str, unit_path: str) -> Board:
    """The discussion group of a topic class, once; it takes the title that the topic class has now."""
    found = await store.group_of(work.tx, topic_class)
    if found is not None:
        await store.change_board(work.tx, found.id, title=title[:TITLE])
        return found
    made = Board(
        work.id(), title[:TITLE], "", Mode.TRUST, 0, open=True, made_at=work.now,
        topic_class=topic_class, unit_path=unit_path,
    )  # fmt: skip
    await store.add_board(work.tx, made)
    return made


async def change_board(work: Work, board_id: UUID, values: dict[str, Any]) -> Board:
    """Change title, description, mode, position, `open` or the hours of speaking; what is not named stays."""
    if await store.board(work.tx, board_id) is None:
        raise unknown("board")
    if values:
        await store.change_board(work.tx, board_id, **values)
        await acts.note(work, "board.change", None, str(board_id))
    changed = await store.board(work.tx, board_id)
    assert changed is not None
    return changed
