"""Leave to publish a class: from a studio page once and for a minute, from an encoder by the class's own key.

A second studio page gets no leave while another one publishes, unless it takes over by choice; media
then hangs up on the first. An encoder's key is 32 random bytes of which only the SHA-256 is kept.
"""

import base64
import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from media.grants import PUBLISH_LIFE_S, Grant
from media.orders import RevokeSession
from server.base.clock import rfc3339
from server.base.office import Office
from server.base.outbox import Event, outside
from server.base.work import Work
from server.live import publish_store, store
from server.live.abilities import OVER
from server.live.publish_store import BROWSER, EncoderKey, Publisher
from server.live.state import load, note
from server.live.steer import give
from server.live.store import LiveClass
from server.live.streams import class_of, stream_of
from server.people import sessions
from server.rules.live import LIVE, State
from server.rules.refusal import Refusal

KEY_PREFIX = "jt_enc_"
START_KBPS, MIN_KBPS, MAX_KBPS = 2000, 600, 3000
_SENDS = LIVE | {State.WAITING}


@dataclass(frozen=True, slots=True)
class Studio:
    """The page that asks: `page` is an id it made when it was opened, `session` its sign-in."""

    page: UUID | None
    device: str
    session: str


async def let_in(work: Work, class_id: UUID, studio: Studio, *, rehearsal: bool, take_over: bool) -> Grant:
    """Leave to publish once within a minute; `class.publisher_elsewhere` while another page does."""
    lesson = await load(work, class_id)
    if lesson.state not in ({State.WAITING} if rehearsal else _SENDS):
        raise Refusal("class.wrong_state", state=lesson.state.value, action="publish")
    stream = stream_of(class_id, rehearsal=rehearsal)
    before = await publish_store.publisher(work.tx, stream)
    if before is not None and before.connected_at is not None and before.sends(work.now):
        if not take_over and not _is_same(before, studio):
            raise Refusal("class.publisher_elsewhere", device=before.device, since=rfc3339(before.connected_at))
        if take_over:
            await note(work, lesson, "take_over", device=studio.device)
    await publish_store.keep_publisher(work.tx, _coming(work, stream, lesson, studio, before))
    await work.fail("publish.after_publisher")
    return Grant(
        purpose="publish", stream=stream, session=studio.session, id=str(work.id()),
        expires_at=int(work.now.timestamp()) + PUBLISH_LIFE_S,
        start_kbps=START_KBPS, min_kbps=lesson.min_kbps or MIN_KBPS, max_kbps=MAX_KBPS,
    )  # fmt: skip


async def make_key(work: Work, class_id: UUID) -> str:
    """A new encoder key of the class, told this once; the one before no longer holds."""
    lesson = await load(work, class_id)
    if lesson.state in OVER:
        raise Refusal("class.wrong_state", state=lesson.state.value, action="encoder_key")
    assert work.actor.id is not None
    await _revoke(work, lesson)
    key = KEY_PREFIX + base64.urlsafe_b64encode(work.chance.randbytes(32)).rstrip(b"=").decode()
    row = EncoderKey(work.id(), class_id, sha256(key), work.actor.id, work.now, revoked_by=None, revoked_at=None)
    await publish_store.add_key(work.tx, row)
    await note(work, lesson, "encoder_key", key=str(row.id))
    await work.fail("publish.after_key")
    return key


async def revoke_key(work: Work, class_id: UUID) -> None:
    """The class's encoder key no longer holds, its publisher is hung up on."""
    await _revoke(work, await load(work, class_id))


async def holder(tx: AsyncConnection, stream: str, digest: bytes) -> UUID | None:
    """The id of the key with that SHA-256 if it is leave to publish `stream` now.

    Asked by media for every encoder that comes. There is no limit on wrong keys: 256 random bits can't be
    guessed, and a limit would let anybody who knows the class keep its own encoder out.
    """
    key, found = await publish_store.key_by_sha256(tx, digest), class_of(stream)
    if key is None or found is None or key.class_id != found[0]:
        return None
    lesson = await store.by_id(tx, key.class_id)
    return key.id if lesson is not None and lesson.state in _SENDS else None


def sha256(key: str) -> bytes:
    """What is kept of a key to know it again."""
    return hashlib.sha256(key.encode()).digest()


@outside
async def take_key_away(office: Office, event: Event) -> None:
    """Reaction to `encoder_key.revoked`: whoever publishes by it is hung up on."""
    await give(office.services.orders, RevokeSession(session=event.subject))


@outside
async def session_ended(office: Office, event: Event) -> None:
    """Reaction to `session.ended`: nobody publishes or watches by a sign-in that is over."""
    await give(office.services.orders, RevokeSession(session=event.subject))


@outside
async def shut_out(office: Office, event: Event) -> None:
    """Reaction to `class.shut_out`: who may no longer be in these classes watches none of them, wherever signed in."""
    async with office.read() as tx:
        found = await sessions.open_of(tx, UUID(event.data["account"]))
    for stream in event.data["classes"]:
        for each in found:
            await give(office.services.orders, RevokeSession(session=each.id, stream=stream))


async def _revoke(work: Work, lesson: LiveClass) -> None:
    key = await publish_store.key_of(work.tx, lesson.id)
    if key is not None:
        await publish_store.revoke_key(work.tx, key.id, work.actor.id, work.now)
        await note(work, lesson, "encoder_key_revoked", key=str(key.id))
        work.emit(Event("encoder_key.revoked", str(key.id), {"class": str(lesson.id)}))


def _is_same(before: Publisher, studio: Studio) -> bool:
    """Whether the page comes back whose line media has not yet found lost."""
    return before.source == BROWSER and before.studio is not None and before.studio == studio.page


def _coming(work: Work, stream: str, lesson: LiveClass, studio: Studio, before: Publisher | None) -> Publisher:
    """The page that was let in; until it is connected, media goes on with who was before."""
    return Publisher(
        stream, lesson.id, BROWSER, account=work.actor.id, studio=studio.page, device=studio.device,
        asked_at=work.now, run=before.run if before else None,
        connected_at=before.connected_at if before else None, heard_at=before.heard_at if before else None,
    )  # fmt: skip
