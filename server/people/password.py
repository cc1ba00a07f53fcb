"""Passwords under the rules of the policy's profile: changed by their owner, set anew by those who may."""

from datetime import datetime, timedelta
from uuid import UUID

from server.base.office import Office
from server.base.outbox import Event
from server.base.services import Services
from server.base.work import Actor, Work
from server.people import acts, identity, news, secret, sign_out, store
from server.people.limit import Limiter
from server.people.store import Person
from server.rules.passwords import PasswordRules, password_rules, weaknesses
from server.rules.refusal import Clause, Refusal

BASIS = Clause("password_profile")


def rules_at(services: Services, at: datetime) -> PasswordRules:
    """The rules of the profile that the policy in force names."""
    return password_rules(services.policies.in_force(at).password_profile)


def must_change(person: Person, rules: PasswordRules, at: datetime) -> bool:
    """Whether the password is a first one or has grown too old."""
    if person.must_change:
        return True
    return bool(rules.max_age_days) and at - person.password_at >= timedelta(days=rules.max_age_days)


async def change(
    office: Office, limiter: Limiter, actor: Actor, person: Person, old: str, new: str, address: str
) -> None:
    """The owner's own change: every other device is signed out.

    Refuses `password.wrong` (field `old`), counted like a wrong password at the door, `password.weak`
    with `why`, `password.repeated`.
    """
    async with office.read() as tx:
        stored = await store.password_of(tx, person.id)
    async with limiter.attempt(str(person.id), address, rules_at(office.services, office.clock.now())) as attempt:
        if not await secret.matches(stored, old):
            await attempt.failed()
            raise Refusal("password.wrong", status=422, field="old")
        await attempt.passed()
    await check_new(office, person, new, "new")
    hashed = await secret.hashed(new)
    await office.do(actor, keep, person.id, hashed, expected=stored, but=actor.session)


async def check_new(office: Office, person: Person, new: str, field: str) -> None:
    """Refuse a password that is weak or that the person has used of late."""
    rules = rules_at(office.services, office.clock.now())
    async with office.read() as tx:
        number = identity.unseal(await store.identity_cipher(tx, person.id), office.services.identity_key)
        used = [await store.password_of(tx, person.id) or ""]
        used += await store.old_passwords_of(tx, person.id, max(0, rules.remembered - 1))
    personal = (person.name, person.staff_number, number[6:14], number[-6:])
    if why := weaknesses(new, rules, personal):
        raise Refusal("password.weak", basis=BASIS, status=422, field=field, why=list(why))
    for each in used[: rules.remembered]:
        if await secret.matches(each, new):
            raise Refusal("password.repeated", basis=BASIS, status=422, field=field)


async def keep(
    work: Work, account: UUID, hashed: str, *, expected: str | None = None, first: bool = False, but: str = ""
) -> None:
    """Keep a new hash and end the account's sign-ins except `but`; `first`: to be changed at the next sign-in.

    With `expected`, refuses `save.conflict` when the stored hash is no longer that one.
    """
    stored = await store.password_of(work.tx, account)
    if stored is None or expected not in (None, stored):
        raise Refusal("save.conflict", status=412)
    await store.remember_password(work.tx, work.id(), account, stored)
    await store.change(work.tx, account, password=hashed, password_at=work.now, must_change=first)
    await sign_out.everywhere(work, account, "password", but=but)
    work.emit(Event("password.changed", str(account), {"own": work.actor.id == account}))
    await acts.note(work, "password.first" if first else "password.change", account)
    news.person_changed(work, account)
