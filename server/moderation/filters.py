"""What the desk's list can be narrowed to: a kind of place, a place, a sub-centre, each with what waits there."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.moderation.tables import posts
from server.people import units

MOST_PLACES = 50
_KIND = sa.case((posts.c.topic_class.is_not(None), "discussion"), else_=posts.c.place_kind)
"""What a moderator calls the kind of place: threads of a topic class's own group are its discussion."""


def of_kind(kind: str) -> Any:
    """The posts of a kind of place."""
    return sa.literal(kind) == _KIND


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, and how many posts it would leave in the list."""

    kind: str
    id: UUID
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """`kinds`: posts by kind of place; `places`: the fullest first; `centres`: in the order of the tree."""

    kinds: dict[str, int]
    places: list[Choice]
    centres: list[Choice]


async def choices(tx: AsyncConnection, where: Any) -> Choices:
    """What the posts that `where` leaves could be narrowed to."""
    by = (_KIND.label("kind"), posts.c.place_id, posts.c.place_name, posts.c.unit_path)
    rows = (await tx.execute(sa.select(*by, sa.func.count().label("number")).where(where).group_by(*by))).all()
    kinds: Counter[str] = Counter()
    places: Counter[tuple[str, UUID]] = Counter()
    paths: Counter[str] = Counter()
    names: dict[UUID, str] = {}
    for row in rows:
        kinds[row.kind] += row.number
        places[row.kind, row.place_id] += row.number
        paths[row.unit_path] += row.number
        names[row.place_id] = row.place_name
    chosen = [Choice(kind, id, names[id], number) for (kind, id), number in places.most_common(MOST_PLACES)]
    return Choices(dict(kinds), chosen, await _centres(tx, paths))


async def _centres(tx: AsyncConnection, paths: Counter[str]) -> list[Choice]:
    found = []
    for centre in await units.sub_centres(tx):
        number = sum(count for path, count in paths.items() if path.startswith(centre.path))
        if number:
            found.append(Choice("centre", centre.id, centre.name, number))
    return found
