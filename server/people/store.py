"""Accounts and roles in the database: rows in, frozen values out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.db import insert_ignoring
from server.people.tables import accounts, holdings, marks, old_passwords, units
from server.rules.powers import Holding, Role, Scope, ScopeKind
from server.rules.words import Category, Pseudonym


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is; never carries the identity number."""

    id: UUID
    pseudonym: Pseudonym
    staff_number: str
    identity_masked: str
    name: str
    unit_id: UUID
    unit_name: str
    unit_path: str
    authority_id: UUID
    authority_name: str
    authority_path: str
    category: Category
    post: str
    rank: str
    state: str
    joined_at: datetime
    left_at: datetime | None
    must_change: bool
    password_at: datetime
    terms_at: datetime | None
    settings: dict[str, Any]
    version: int

    @property
    def active(self) -> bool:
        return self.state == "active"


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role as the roster shows it; `taken_at` None while it is held."""

    id: UUID
    account: UUID
    role: Role
    scope_kind: ScopeKind
    scope_id: UUID | None
    scope_name: str | None
    until: datetime | None


AUTHORITY = units.alias("authority_unit")
_PERSON = (
    sa.select(
        accounts,
        units.c.name.label("unit_name"),
        units.c.path.label("unit_path"),
        AUTHORITY.c.name.label("authority_name"),
        AUTHORITY.c.path.label("authority_path"),
    )
    .join(units, units.c.id == accounts.c.unit)
    .join(AUTHORITY, AUTHORITY.c.id == accounts.c.authority)
)
_PERSONS = _PERSON.where(accounts.c.id.in_(sa.bindparam("accounts", expanding=True)))
_PERSON_BY_ID = _PERSON.where(accounts.c.id == sa.bindparam("account"))


def _person(row: Any) -> Person:
    return Person(
        id=row.id, pseudonym=Pseudonym(row.pseudonym), staff_number=row.staff_number,
        identity_masked=row.identity_masked, name=row.name, unit_id=row.unit, unit_name=row.unit_name,
        unit_path=row.unit_path, authority_id=row.authority, authority_name=row.authority_name,
        authority_path=row.authority_path, category=Category(row.category), post=row.post, rank=row.rank,
        state=row.state, joined_at=row.joined_at, left_at=row.left_at, must_change=row.must_change,
        password_at=row.password_at, terms_at=row.terms_at, settings=row.settings, version=row.version,
    )  # fmt: skip


async def person(tx: AsyncConnection, account: UUID) -> Person | None:
    """The person of an account; None when there is none."""
    row = (await tx.execute(_PERSON_BY_ID, {"account": account})).first()
    return _person(row) if row else None


async def many(tx: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Person]:
    """The persons of several accounts by id; unknown ids are left out."""
    found: dict[UUID, Person] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        rows = await tx.execute(_PERSONS, {"accounts": wanted[start : start + 500]})
        found |= {row.id: _person(row) for row in rows}
    return found


async def by_pseudonym(tx: AsyncConnection, pseudonym: Pseudonym) -> Person | None:
    """The person of a ledger chain; None once the person has been erased."""
    row = (await tx.execute(_PERSON.where(accounts.c.pseudonym == pseudonym))).first()
    return _person(row) if row else None


async def by_account(tx: AsyncConnection, staff_number: str, identity_hash: bytes) -> Person | None:
    """The person who signs in with a staff number or an identity number."""
    where = sa.or_(accounts.c.staff_number == staff_number, accounts.c.identity_hash == identity_hash)
    rows = (await tx.execute(_PERSON.where(where))).all()
    return _person(rows[0]) if len(rows) == 1 else None


async def by_identity(tx: AsyncConnection, identity_hash: bytes) -> Person | None:
    row = (await tx.execute(_PERSON.where(accounts.c.identity_hash == identity_hash))).first()
    return _person(row) if row else None


async def listed(
    tx: AsyncConnection, where: Sequence[Any], order: Sequence[Any], *, offset: int, limit: int
) -> tuple[list[Person], int]:
    """Persons that fulfil all of `where`, and how many they are in all."""
    query = _PERSON.where(*where)
    total = (await tx.execute(sa.select(sa.func.count()).select_from(query.subquery()))).scalar_one()
    rows = await tx.execute(query.order_by(*order, accounts.c.id).offset(offset).limit(limit))
    return [_person(row) for row in rows], int(total)


async def count(tx: AsyncConnection) -> int:
    return int((await tx.execute(sa.select(sa.func.count()).select_from(accounts))).scalar_one())


async def add(tx: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """New accounts, as rows of the table."""
    await tx.execute(accounts.insert(), list(rows))


async def add_one(tx: AsyncConnection, row: dict[str, Any]) -> bool:
    """A new account; False when one with this staff number or identity number is there already."""
    return bool((await tx.execute(insert_ignoring(tx, accounts).values(row))).rowcount)


async def change(tx: AsyncConnection, account: UUID, version: int | None = None, **values: Any) -> bool:
    """Change an account, at the `version` that was seen where one is given; False when it has moved on."""
    update = accounts.update().where(accounts.c.id == account)
    if version is not None:
        update = update.where(accounts.c.version == version)
    return bool((await tx.execute(update.values(version=accounts.c.version + 1, **values))).rowcount)


async def password_of(tx: AsyncConnection, account: UUID) -> str | None:
    """The stored argon2id hash; None when there is no such account."""
    found: str | None = await tx.scalar(sa.select(accounts.c.password).where(accounts.c.id == account))
    return found


async def old_passwords_of(tx: AsyncConnection, account: UUID, number: int) -> list[str]:
    """Hashes of the last passwords, newest first."""
    query = sa.select(old_passwords.c.password).where(old_passwords.c.account == account)
    return list((await tx.execute(query.order_by(old_passwords.c.id.desc()).limit(number))).scalars())


async def remember_password(tx: AsyncConnection, id: UUID, account: UUID, password: str) -> None:
    await tx.execute(old_passwords.insert().values(id=id, account=account, password=password))


async def identity_cipher(tx: AsyncConnection, account: UUID) -> bytes:
    return bytes((await tx.execute(sa.select(accounts.c.identity_cipher).where(accounts.c.id == account))).scalar_one())


# --- roles ---------------------------------------------------------------------------------------


async def roles_of(tx: AsyncConnection, account: UUID) -> list[RoleHeld]:
    """The roles a person holds, oldest first, without those over single classes, which rosters give."""
    return [
        RoleHeld(
            row.id, row.account, Role(row.role), ScopeKind(row.scope_kind), row.scope_id, row.scope_name, row.until
        )
        for row in await tx.execute(_ROLES, {"account": account})
    ]


_ROLES = (
    sa.select(holdings, units.c.name.label("scope_name"))
    .outerjoin(units, units.c.id == holdings.c.scope_id)
    .where(
        holdings.c.account == sa.bindparam("account"), holdings.c.taken_at.is_(None),
        holdings.c.scope_kind != ScopeKind.CLASS.value,
    )
    .order_by(holdings.c.id)
)  # fmt: skip


async def holdings_of(tx: AsyncConnection, who: Person) -> tuple[Holding, ...]:
    """What a person may do: every active person is a learner, and holds the roles given on top."""
    if not who.active:
        return ()
    learner = Holding(Role.LEARNER, Scope(ScopeKind.SELF, who.unit_path))
    given = tuple(_holding(row) for row in await tx.execute(_HELD, {"account": who.id}))
    return (learner, *given)


_HELD = (
    sa.select(holdings, units.c.path)
    .outerjoin(units, units.c.id == holdings.c.scope_id)
    .where(holdings.c.account == sa.bindparam("account"), holdings.c.taken_at.is_(None))
    .order_by(holdings.c.id)
)


def _holding(row: Any) -> Holding:
    kind = ScopeKind(row.scope_kind)
    class_id = row.scope_id if kind is ScopeKind.CLASS else None
    return Holding(Role(row.role), Scope(kind, row.path or "", class_id), row.until)


async def give_roles(tx: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    await tx.execute(holdings.insert(), list(rows))


async def take_role(tx: AsyncConnection, role_id: UUID, account: UUID, by: UUID | None, at: datetime) -> bool:
    update = (
        holdings.update()
        .where(holdings.c.id == role_id, holdings.c.account == account, holdings.c.taken_at.is_(None))
        .values(taken_by=by, taken_at=at)
    )
    return bool((await tx.execute(update)).rowcount)


async def take_roles_over(
    tx: AsyncConnection, role: Role, accounts: Collection[UUID], over: Collection[UUID], by: UUID | None, at: datetime
) -> None:
    """Take a role over single classes from all who hold it there by name."""
    wanted = list(accounts)
    for start in range(0, len(wanted), 500):
        where = (
            holdings.c.account.in_(wanted[start : start + 500]), holdings.c.role == role.value,
            holdings.c.scope_kind == ScopeKind.CLASS.value, holdings.c.scope_id.in_(list(over)),
            holdings.c.taken_at.is_(None),
        )  # fmt: skip
        await tx.execute(holdings.update().where(*where).values(taken_by=by, taken_at=at))


# --- marks --------------------------------------------------------------------------------------


async def mark(tx: AsyncConnection, name: str) -> Any:
    """The value kept under `name`, e.g. `demo`; None when there is none."""
    return (await tx.execute(_MARK, {"mark": name})).scalar_one_or_none()


_MARK = sa.select(marks.c.value).where(marks.c.name == sa.bindparam("mark"))


async def set_mark(tx: AsyncConnection, name: str, value: Any) -> None:
    if not (await tx.execute(insert_ignoring(tx, marks).values(name=name, value=value))).rowcount:
        await tx.execute(marks.update().where(marks.c.name == name).values(value=value))
