"""A forgotten password: set anew by the sub-centre, or by its owner with a code; nobody learns who exists."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from server.base.office import Office
from server.base.outbox import Event, outside
from server.base.work import VISITOR, Actor, Work
from server.people import acts, channel, codes, password, secret, store, targets
from server.people.limit import Limiter
from server.people.password import rules_at
from server.people.sign_in import NOBODY, find
from server.people.store import Person
from server.rules.powers import Power
from server.rules.refusal import Refusal, unknown

CODE_LIVES = timedelta(minutes=10)
CODES_AN_HOUR = 3

TEXT = "【{academy}】您正在重置登录密码，验证码 {code}，10 分钟内有效。如非本人操作，请联系所在分中心。"


# --- by the sub-centre ---------------------------------------------------------------------------


async def by_administrator(office: Office, actor: Actor, people: Sequence[UUID]) -> dict[UUID, str]:
    """New first passwords, to be shown once; all of the people or, where one may not be reset, none."""
    made = {person: secret.first_password() for person in people}
    hashes = {person: await secret.hashed(made[person]) for person in made}
    await office.do(actor, give_first, hashes)
    return made


async def give_first(work: Work, hashes: dict[UUID, str]) -> None:
    """Keep a first password (its hash) for each person; the power is asked for every one of them."""
    for person_id, hashed in hashes.items():
        found = await store.person(work.tx, person_id)
        if found is None:
            raise unknown("person")
        work.require(Power.PEOPLE_RESET, targets.of_person(found), "person")
        await password.keep(work, person_id, hashed, first=True)


# --- by the person -------------------------------------------------------------------------------


async def ask(office: Office, limiter: Limiter, account: str, address: str) -> None:
    """Ask for a code. What happens here is the same for every account; the code is made and sent afterwards."""
    person, key = await find(office, account)
    allowed = await limiter.code(key, address)
    await office.do(VISITOR, note_asked, person.id if person and allowed else None)


async def note_asked(work: Work, account: UUID | None) -> None:
    """Write that a code was asked for; `None` when none is to be sent."""
    work.emit(Event("reset.asked", str(account or ""), {}))
    await acts.note(work, "reset.ask", account)


@outside
async def send_code(office: Office, event: Event) -> None:
    """Reaction to `reset.asked`: make the code, keep its hash, send it."""
    if not event.subject or event.id is None:
        return
    code = secret.code()
    person = await office.do(office.system, keep_code, UUID(event.subject), code)
    if person is not None:
        text = TEXT.format(academy=office.services.settings.academy, code=code)
        adapter = channel.channel_of(office.services.settings)
        await adapter.send(event.id, person.staff_number, person.name, text)


async def keep_code(work: Work, account: UUID, code: str) -> Person | None:
    """Keep a code's hash; None for a stopped person or when there were enough codes within the hour."""
    person = await store.person(work.tx, account)
    made = await codes.number_since(work.tx, account, work.now - timedelta(hours=1))
    if person is None or not person.active or made >= CODES_AN_HOUR:
        return None
    hash = codes.code_hash(code, account, work.services.identity_key)
    await codes.add(work.tx, work.id(), account, hash, work.now)
    return person


async def confirm(office: Office, limiter: Limiter, account: str, code: str, new: str, address: str) -> None:
    """Set a new password with a code, counted by the same limiter as signing in.

    Refuses `sign_in.later` (429), `reset.wrong` (422) whatever is wrong with account or code, and only
    with a good code what `password.check_new` refuses; such a refusal does not spend the code.
    """
    person, key = await find(office, account)
    async with limiter.attempt(key, address, rules_at(office.services, office.clock.now())) as attempt:
        good = await _is_good(office, person.id if person else NOBODY, code)
        if person is None or not good:
            await attempt.failed()
            raise Refusal("reset.wrong", status=422, field="code")
        await password.check_new(office, person, new, "password")
        hashed = await secret.hashed(new)
        await office.do(VISITOR, _spend, person, code, hashed)
        await attempt.passed()


async def _is_good(office: Office, account: UUID, code: str) -> bool:
    hash = codes.code_hash(code, account, office.services.identity_key)
    async with office.read() as tx:
        return await codes.good(tx, account, hash, office.clock.now() - CODE_LIVES)


async def _spend(work: Work, person: Person, code: str, hashed: str) -> None:
    hash = codes.code_hash(code, person.id, work.services.identity_key)
    if not await codes.good(work.tx, person.id, hash, work.now - CODE_LIVES):
        raise Refusal("reset.wrong", status=422, field="code")
    await codes.use(work.tx, person.id, work.now)
    await password.keep(work, person.id, hashed)
