"""Who is signed in: asked with every request and message, so held in memory and forgotten at once on news.

Theory of operation. A token's sign-in is read once, with the powers of its person; news of an ended
sign-in or a changed person drops it, and it is read anew after `FRESH_S` in any case. Being used moves
the idle time-out in memory, and only what a person does, or what plays, is use; the database hears of
it in batches, often enough for the slack that `sign_in.latest` allows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from media.grants import AWAY_S
from server.base.api import Ask, Session
from server.base.bus import Message
from server.base.db import DatabaseAway, soon
from server.base.observe import log
from server.base.office import Office
from server.base.problem import is_away
from server.base.work import SYSTEM, Actor, Work
from server.people import looks, news, sessions, sign_out, store
from server.people.limit import Limiter
from server.people.password import must_change, rules_at
from server.people.sessions import SignIn
from server.people.sign_in import SLACK, idle_of, latest

FRESH_S = 300.0
"""Seconds after which a sign-in is read anew though there was no news."""

CUT_OFF_S = 5.0
"""The same while news of other processes may not reach this one."""

WRITE_S = 60.0
"""Seconds after which it is looked whose `seen_at` has to be written."""

HELD_S = FRESH_S + AWAY_S
"""Age to which a sign-in counts while the database can't be asked: that of who goes on watching."""

_BATCH = 500
"""Rows that one request at most writes for all of them."""

_LONGEST_TOKEN = 64

_log = log("people")


@dataclass(slots=True)
class _Known:
    sign_in: SignIn
    session: Session
    idle: timedelta
    absolute: datetime
    seen: datetime
    written: datetime
    read_at: float

    def over(self, now: datetime) -> str | None:
        """Why the sign-in is over at `now`; None while it is not."""
        if now >= self.absolute:
            return "too_long"
        return "idle" if now >= self.seen + self.idle else None


class Doorkeeper:
    """Knows sign-ins and keeps the log of looks (`server.base.api.Doorkeeper`)."""

    def __init__(self, office: Office, limiter: Limiter | None = None) -> None:
        self.limiter = limiter or Limiter(
            office.clock, office.services.settings.exempt_addresses, office.services.settings.redis_url
        )
        self._office = office
        self._known: dict[bytes, _Known] = {}
        self._tokens: dict[str, bytes] = {}
        self._news = 0
        self._written_at = office.clock.monotonic()
        self._due: list[_Known] = []
        office.bus.listen(news.SESSION, self._session_ended)
        office.bus.listen(news.PEOPLE, self._person_changed)
        office.bus.when_missed(self._missed)

    async def session(self, token: str | None, *, used: bool = True) -> Session | None:
        """The sign-in of a token; it lives on where it is `used`, not where a page asks by itself."""
        if not token or len(token) > _LONGEST_TOKEN:
            return None
        key = sessions.token_hash(token)
        known = await self._find(key)
        if known is None:
            return None
        now = self._office.clock.now()
        if reason := known.over(now):
            await self._office.do(SYSTEM, sign_out.one, known.sign_in.account, known.sign_in.id, reason)
            return None
        if used:
            known.seen = now
        await self._write()
        return known.session

    async def sign_in(self, token: str | None) -> SignIn | None:
        """What is kept of the sign-in of a token; does not count as using it."""
        if not token or len(token) > _LONGEST_TOKEN:
            return None
        known = await self._find(sessions.token_hash(token))
        return known.sign_in if known else None

    async def looked(self, actor: Actor, person: UUID, what: str) -> None:
        """Log a look before the record is shown."""
        await self._office.do(actor, looks.note, [person], what)

    def attended(self, session_id: str) -> None:
        """Being attended keeps a session."""
        known = self._known.get(self._tokens.get(session_id, b""))
        if known is not None:
            known.seen = self._office.clock.now()

    # --- what is known ------------------------------------------------------------------------

    async def _find(self, key: bytes) -> _Known | None:
        known = self._known.get(key)
        fresh_s = FRESH_S if self._office.bus.whole else CUT_OFF_S
        if known is not None and self._office.clock.monotonic() - known.read_at < fresh_s:
            return known
        heard = self._news
        try:
            async with soon():
                fresh = await self._read(key)
        except Exception as error:
            if known is None or not is_away(error) or heard != self._news or not self._holds(known):
                raise
            return known
        if fresh is None:
            self._forget(key)
        elif heard == self._news:  # news that came while reading may be about this very sign-in: do not keep it
            if known is not None:
                fresh.seen = max(fresh.seen, known.seen)
            self._known[key] = fresh
            self._tokens[fresh.sign_in.id] = key
        return fresh

    def _holds(self, known: _Known) -> bool:
        """Whether what was known goes on counting while nobody can be asked: there was no news, and would have been."""
        return self._office.bus.whole and self._office.clock.monotonic() - known.read_at <= HELD_S

    async def _read(self, key: bytes) -> _Known | None:
        now = self._office.clock.now()
        async with self._office.read(near=True) as tx:
            found = await sessions.by_token(tx, key)
            person = await store.person(tx, found.account) if found else None
            if found is None or person is None or not person.active:
                return None
            holdings = await store.holdings_of(tx, person)
        rules = rules_at(self._office.services, now)
        restricted = person.terms_at is None or must_change(person, rules, now)
        return _Known(
            sign_in=found,
            session=Session(found.id, Actor(person.id, holdings, found.id), found.csrf, restricted),
            idle=idle_of(holdings, rules),
            absolute=found.signed_in_at + timedelta(hours=rules.absolute_hours),
            seen=found.seen_at,
            written=found.seen_at,
            read_at=self._office.clock.monotonic(),
        )

    def _forget(self, key: bytes) -> None:
        known = self._known.pop(key, None)
        if known is not None:
            self._tokens.pop(known.sign_in.id, None)

    def _session_ended(self, message: Message) -> None:
        self._news += 1
        self._forget(self._tokens.get(message.topic.removeprefix(news.SESSION), b""))

    def _person_changed(self, message: Message) -> None:
        self._news += 1
        for known in self._known.values():
            if str(known.sign_in.account) == message.data["account"]:
                known.read_at = float("-inf")

    def _missed(self) -> None:
        self._news += 1
        for known in self._known.values():
            known.read_at = float("-inf")

    # --- what the database hears ----------------------------------------------------------------

    async def _write(self) -> None:
        monotonic = self._office.clock.monotonic()
        if monotonic - self._written_at >= WRITE_S:
            self._written_at = monotonic
            self._due = [each for each in self._known.values() if each.seen - each.written > each.idle / SLACK]
        if self._due:
            some, self._due = self._due[:_BATCH], self._due[_BATCH:]
            await self._write_some(some)

    async def _write_some(self, due: list[_Known]) -> None:
        rules = rules_at(self._office.services, self._office.clock.now())
        rows = [
            (each.sign_in.id, each.seen, latest(each.sign_in.signed_in_at, each.seen, each.idle, rules)) for each in due
        ]
        try:
            await self._office.do(SYSTEM, _touch, rows)
        except (DBAPIError, DatabaseAway) as error:
            # Reading goes on when the disk is full; the next batch tries again.
            _log.warning("when sign-ins were last seen could not be written", exc_info=error)
            return
        for each, (_, seen, _until) in zip(due, rows, strict=True):
            each.written = seen


async def _touch(work: Work, rows: list[tuple[str, datetime, datetime]]) -> None:
    await sessions.touch(work.tx, rows)


def keeper(ask: Ask) -> Doorkeeper:
    """The doorkeeper of the process that answers; its `limiter` serves every way in."""
    assert isinstance(ask.doorkeeper, Doorkeeper)
    return ask.doorkeeper
