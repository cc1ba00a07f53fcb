"""Shapes that several routes of live classes share."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.base.api import Ask
from server.live.store import LiveClass
from server.live.tables import REASON
from server.live.views import ClassView, view_of

Reason = Annotated[str, Field(min_length=1, max_length=REASON)]
Basis = Annotated[str, Field(pattern=r"^(art-([1-9]|1\d|20)|policy-[a-z_]{1,40})$")]
People = Annotated[list[UUID], Field(max_length=20)]


async def shown(ask: Ask, lesson: LiveClass) -> ClassView:
    """A class as the one who asks reads it."""
    async with ask.read(near=True) as tx:
        return await view_of(tx, lesson, ask.actor, ask.now, ask.services.policies)
