"""How many are in a class: counted by attendance, which stands above, and shown in the room."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from server.base.api import View


class Audience(View):
    """How many are here, earn, have a presence check open."""

    here: int = 0
    earning: int = 0
    waiting_check: int = 0


@dataclass(frozen=True, slots=True)
class Counter:
    """What counts the audience of a class in this application; attendance sets it."""

    count: Callable[[UUID], Audience]


COUNTER: web.AppKey[Counter] = web.AppKey("audience counter", Counter)


def audience_of(app: web.Application, class_id: UUID) -> Audience:
    """The audience now; nobody where nothing counts."""
    counter = app.get(COUNTER)
    return counter.count(class_id) if counter is not None else Audience()
