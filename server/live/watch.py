"""Leave to watch: for a minute, bound to the sign-in and to one stream; who is excluded gets none of a live class."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from media.grants import AWAY_S, VIEW_LIFE_S, Grant, GrantError, verify
from server.base.work import Actor
from server.live.abilities import READY, WITHHELD
from server.live.store import LiveClass
from server.live.streams import stream_of
from server.moderation import sanction
from server.moderation.sanction import Sanction
from server.rules.live import ATTENDED, State
from server.rules.refusal import Article, Refusal


@dataclass(frozen=True, slots=True)
class Viewing:
    """A grant and the playlist that it is for, as a path under the address of media."""

    grant: Grant
    path: str


def let_watch(
    lesson: LiveClass, session: str, grant_id: str, now: datetime, *, replay: bool, rehearsal: bool
) -> Viewing:
    """Leave to watch a class live, its recording, or its rehearsal (which the caller keeps to the staff).

    Who still reads a live playlist when the class ends goes on with it, so that nothing is cut off in
    front of learners who are behind. Refusals: `class.withheld`, `class.not_on_air`, `class.no_recording`,
    `class.no_rehearsal`.
    """
    _check(lesson, replay=replay, rehearsal=rehearsal)
    stream = stream_of(lesson.id, rehearsal=rehearsal)
    grant = Grant("view", stream, session, grant_id, int(now.timestamp()) + VIEW_LIFE_S)
    return Viewing(grant, _path(stream, replay=replay))


def let_watch_on(held: Grant, grant_id: str, now: datetime, *, replay: bool) -> Viewing:
    """Leave to go on watching by a grant that holds, without asking the database, until `AWAY_S` after it was asked.

    Whoever is put out meanwhile, by a process that reaches the database, is known to media by then: it refuses what
    goes on from a grant of before.
    """
    if now.timestamp() > held.given_at + AWAY_S:
        raise Refusal("server.busy", status=503)
    expires_at = int(now.timestamp()) + VIEW_LIFE_S
    grant = replace(held, id=grant_id, expires_at=expires_at, since=held.given_at)
    return Viewing(grant, _path(held.stream, replay=replay))


def held_by(secret: bytes, token: str, class_id: UUID, session: str, now: datetime, *, rehearsal: bool) -> Grant:
    """The grant that a page of this sign-in still holds for the class; refuses `server.busy` when it holds none."""
    try:
        grant = verify(secret, token, "view", stream_of(class_id, rehearsal=rehearsal), now.timestamp())
    except GrantError as error:
        raise Refusal("server.busy", status=503) from error
    if grant.session != session:
        raise Refusal("server.busy", status=503)
    return grant


def _path(stream: str, *, replay: bool) -> str:
    return f"/media/{'vod' if replay else 'live'}/{stream}/index.m3u8"


async def check_admitted(tx: AsyncConnection, actor: Actor, lesson: LiveClass, now: datetime) -> None:
    """Refuse `class.excluded` to who was excluded; an exclusion ends with the class and never touches study."""
    if actor.id is not None and lesson.state is not State.ENDED:
        refuse_excluded(await sanction.of_person(tx, actor.id), lesson, now)


def refuse_excluded(sanctions: Collection[Sanction], lesson: LiveClass, now: datetime) -> None:
    """The same for somebody whose sanctions are known."""
    if lesson.state is not State.ENDED and sanction.excludes(sanctions, lesson.id, now):
        raise Refusal("class.excluded", status=403, basis=Article(12))


def _check(lesson: LiveClass, *, replay: bool, rehearsal: bool) -> None:
    state = lesson.state.value
    if rehearsal:
        if lesson.state is not State.WAITING:
            raise Refusal("class.no_rehearsal", state=state)
    elif lesson.recording == WITHHELD:
        raise Refusal("class.withheld", status=410)
    elif replay:
        if lesson.recording != READY:
            raise Refusal("class.no_recording", state=state)
    elif lesson.state not in ATTENDED:
        raise Refusal("class.not_on_air", state=state)
