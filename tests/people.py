"""People for tests, in sentences: `town = await a_province(office)`, `await town.a(Role.MODERATOR, over=town.own)`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from argon2 import PasswordHasher

from server.base.office import Office
from server.base.work import SYSTEM, Actor, Work
from server.people import identity, store, units
from server.people.store import Person
from server.people.units import Unit
from server.rules.powers import Role, ScopeKind
from server.rules.words import Category

PASSWORD = "Lesson-2026"
"""Everybody's password."""

_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_NAMES = ("王芳", "张伟", "李娜", "刘洋", "陈静", "杨帆", "赵磊", "黄敏", "周涛", "吴霞")


def an_identity_number(number: int) -> str:
    """A number with a right check digit, of a division that does not exist (990000 and on)."""
    first = f"{990000 + number // 20_000}{1960 + number % 40}{number % 12 + 1:02}{number % 28 + 1:02}{number % 1000:03}"
    return first + identity.check_digit(first)


@dataclass(slots=True)
class Province:
    """A tree with two cities: `own` is the one that the test is about, all others are seen from there.

    root ─ parent (the province itself) ─ own (city, sub-centre) ─ below (county)
                                        ├ sibling (city, sub-centre)
    other: a unit of the sibling city.
    """

    office: Office
    root: Unit
    own: Unit
    below: Unit
    sibling: Unit
    other: Unit
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def parent(self) -> Unit:
        return self.root

    async def a_learner(
        self,
        name: str = "",
        *,
        at: Unit | None = None,
        managed_by: Unit | None = None,
        category: Category = Category.OFFICIALS,
        joined: timedelta = timedelta(days=700),
        first: bool = False,
    ) -> Person:
        """Somebody on the roster, ready to study; `first`: has yet to change the first password and read the terms."""
        unit = at or self.own
        return await self.office.do(
            SYSTEM, _enrol, next(self.numbers), name, unit, managed_by or unit, category, joined, first
        )

    async def a(
        self,
        role: Role,
        *,
        over: Unit | None = None,
        at: Unit | None = None,
        until: datetime | None = None,
        name: str = "",
        managed_by: Unit | None = None,
    ) -> Person:
        """Somebody with a role over a unit's subtree, or over all; works `at` that unit if nothing else is said."""
        person = await self.a_learner(name, at=at or over, managed_by=managed_by)
        await self.gives(person, role, over=over, until=until)
        return person

    async def gives(
        self, person: Person, role: Role, *, over: Unit | None = None, until: datetime | None = None
    ) -> UUID:
        """The role as a row, past all rules; the id of the row."""
        return await self.office.do(SYSTEM, _give, person.id, role, over, until)

    async def acting(self, person: Person) -> Actor:
        """The person as the one who acts, with the roles held now."""
        async with self.office.read() as tx:
            now = await store.person(tx, person.id)
            assert now is not None
            return Actor(now.id, await store.holdings_of(tx, now), f"session-of-{now.staff_number}")

    async def again(self, person: Person) -> Person:
        """The person as the database knows it now."""
        async with self.office.read() as tx:
            found = await store.person(tx, person.id)
        assert found is not None
        return found


async def a_province(office: Office) -> Province:
    """A province with two cities, a county and a bureau."""
    return await office.do(SYSTEM, _plant, office)


async def _plant(work: Work, office: Office) -> Province:
    root = await units.add(work, "安徽省", "province", None, is_sub_centre=True, telephone="0551-1000000")
    own = await units.add(work, "合肥市", "city", root, is_sub_centre=True, telephone="0551-2000000")
    below = await units.add(work, "肥东县", "county", own)
    sibling = await units.add(work, "芜湖市", "city", root, is_sub_centre=True)
    other = await units.add(work, "芜湖市教育局", "unit", sibling)
    return Province(office, root, own, below, sibling, other)


async def _enrol(
    work: Work, number: int, name: str, unit: Unit, authority: Unit, category: Category, joined: timedelta, first: bool
) -> Person:
    sealed = identity.seal(an_identity_number(number), work.services.identity_key)
    row = {
        "id": work.id(), "pseudonym": uuid4(), "staff_number": f"X{number:05}", "identity_hash": sealed.hash,
        "identity_cipher": sealed.cipher, "identity_masked": sealed.masked,
        "name": name or _NAMES[number % len(_NAMES)], "unit": unit.id, "authority": authority.id,
        "category": category.value, "post": "科员", "rank": "一级科员", "state": "active", "left_reason": None,
        "joined_at": work.now - joined, "left_at": None, "password": _HASH, "password_at": work.now,
        "must_change": first, "terms_at": None if first else work.now, "settings": {}, "version": 1,
    }  # fmt: skip
    await store.add(work.tx, [row])
    found = await store.person(work.tx, row["id"])  # type: ignore[arg-type]
    assert found is not None
    return found


async def _give(work: Work, account: UUID, role: Role, over: Unit | None, until: datetime | None) -> UUID:
    id = work.id()
    kind = ScopeKind.UNIT if over else ScopeKind.ALL
    row = {
        "id": id, "account": account, "role": role.value, "scope_kind": kind.value,
        "scope_id": over.id if over else None, "until": until, "given_by": None, "given_at": work.now,
    }  # fmt: skip
    await store.give_roles(work.tx, [row])
    return id
