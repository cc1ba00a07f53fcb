"""Signing in: the same answer, after the same time, whether or not there is such an account."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.base.office import Office
from server.base.outbox import Event
from server.base.work import VISITOR, Work
from server.people import acts, identity, secret, sessions, sign_out, store, units
from server.people.limit import Limiter
from server.people.password import rules_at
from server.people.sessions import SignIn
from server.people.store import Person
from server.rules.passwords import PasswordRules
from server.rules.powers import Holding, Role
from server.rules.refusal import Article, Refusal

DEVICES = 10
"""Sign-ins that one account may have at a time; a further one ends the oldest."""

SLACK = 15
"""`seen_at` is written when it is older than one part in so many of the idle time."""

NOBODY = UUID(int=0)
"""Asked for in the place of an account that does not exist, so that the answer takes as long."""

_STUDY = {Role.LEARNER, Role.LECTURER, Role.ASSISTANT}


@dataclass(frozen=True, slots=True)
class Knock:
    """What somebody brings to the door: `account` is a staff or identity number."""

    account: str
    password: str
    address: str
    device: str = ""


async def find(office: Office, account: str) -> tuple[Person | None, str]:
    """The person whom the typed account means, and the key under which the limiter counts."""
    typed = tidy(account)
    async with office.read() as tx:
        person = await store.by_account(tx, typed, identity.keyed_hash(typed, office.services.identity_key))
    return person, str(person.id) if person else f"typed {typed}"


async def sign_in(office: Office, limiter: Limiter, knock: Knock, before: SignIn | None = None) -> tuple[str, SignIn]:
    """A new sign-in and its token; `before` is the one that this browser had.

    Refuses `sign_in.later` (429), `sign_in.wrong` (401, `left` tries) and, only after the right
    password, `sign_in.left` (403) for an account that is stopped.
    """
    person, key = await find(office, knock.account)
    async with limiter.attempt(key, knock.address, rules_at(office.services, office.clock.now())) as attempt:
        async with office.read() as tx:
            stored = await store.password_of(tx, person.id if person else NOBODY)
        if not await secret.matches(stored, knock.password) or person is None:
            left = await attempt.failed()
            await office.do(VISITOR, acts.note, "session.open", person.id if person else None, "wrong")
            raise Refusal("sign_in.wrong", status=401, left=left)
        await attempt.passed()
    token = secrets.token_urlsafe(32)
    made = await office.do(VISITOR, enter, person, stored, token, knock, before)
    await _look_round(office, made)
    return token, made


async def _look_round(office: Office, made: SignIn) -> None:
    """End what is too much, and say when somebody comes with a device that was never there before."""
    # Apart from the sign-in: reading there what all who come at that moment write would make them collide.
    async with office.read() as tx:
        number = len(await sessions.open_of(tx, made.account))
        strange = await sessions.is_strange(tx, made)
    if number > DEVICES:
        await office.do(office.system, sign_out.surplus, made.account, DEVICES)
    if strange:
        await office.do(office.system, _tell_strange, made)


async def _tell_strange(work: Work, made: SignIn) -> None:
    told = {"account": str(made.account), "device": made.device, "address": made.address}
    work.emit(Event("device.added", made.id, told))


async def enter(
    work: Work, person: Person, stored: str | None, token: str, knock: Knock, before: SignIn | None
) -> SignIn:
    """Write the sign-in of somebody whose password was right, unless that has changed meanwhile."""
    now = await store.person(work.tx, person.id)
    if now is None or await store.password_of(work.tx, person.id) != stored:
        raise Refusal("sign_in.wrong", status=401)
    if not now.active:
        centre = await units.sub_centre_of(work.tx, now.unit_path)
        whom = {"centre": centre.name, "telephone": centre.telephone} if centre else {}
        raise Refusal("sign_in.left", basis=Article(8), status=403, **whom)
    if before is not None:
        await sign_out.one(work, before.account, before.id)
    made = await _made(work, now, token, knock)
    await sessions.add(work.tx, made, sessions.token_hash(token))
    await acts.note(work, "session.open", now.id)
    return made


async def _made(work: Work, person: Person, token: str, knock: Knock) -> SignIn:
    rules = rules_at(work.services, work.now)
    idle = idle_of(await store.holdings_of(work.tx, person), rules)
    return SignIn(
        id=sessions.token_hash(token).hex()[:32],
        account=person.id,
        csrf=secrets.token_urlsafe(24),
        device="".join(filter(str.isprintable, knock.device))[:300],
        address=knock.address[:64],
        signed_in_at=work.now,
        seen_at=work.now,
        until=latest(work.now, work.now, idle, rules),
    )


def tidy(account: str) -> str:
    """What was typed as an account, with full-width and lower-case characters made plain."""
    return unicodedata.normalize("NFKC", account).strip().upper()


def idle_of(holdings: tuple[Holding, ...], rules: PasswordRules) -> timedelta:
    """How long a sign-in lives without being used: long for study, short for the desks."""
    if all(each.role in _STUDY for each in holdings):
        return timedelta(hours=rules.idle_learner_hours)
    return timedelta(minutes=rules.idle_desk_minutes)


def latest(signed_in_at: datetime, seen_at: datetime, idle: timedelta, rules: PasswordRules) -> datetime:
    """The moment at which a sign-in last seen then is surely over, `seen_at` being late by the slack."""
    return min(seen_at + idle + idle / SLACK, signed_in_at + timedelta(hours=rules.absolute_hours))
