"""What the API shows of people; the identity number only ever masked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from server.base.api import View
from server.base.shapes import Named
from server.people.sessions import SignIn
from server.people.store import Person, RoleHeld
from server.people.units import Unit
from server.rules.powers import Role, ScopeKind
from server.rules.words import Category


class Profile(View):
    """What the roster says of a person."""

    id: UUID
    name: str
    identity_masked: str
    staff_number: str
    unit: Named
    managing_authority: Named
    category: Category
    post: str | None
    rank: str | None
    state: str
    version: int


class ProfilePage(View):
    """One page of a list of persons."""

    items: list[Profile]
    total: int
    page: int
    size: int


class Account(View):
    """Who is signed in."""

    id: UUID
    name: str
    staff_number: str
    unit: Named
    category: Category
    post: str | None
    rank: str | None


class RoleView(View):
    """A role with where it holds and until when."""

    id: UUID
    role: Role
    scope_kind: ScopeKind
    scope_id: UUID | None
    scope_name: str | None
    until: datetime | None


class RoleList(View):
    items: list[RoleView]


class SettingsView(View):
    """What a person chose for all devices."""

    answer_time_extended: bool


class DemoAccount(View):
    """`part`: what the account is played for; `role` the same in Chinese."""

    part: str = ""
    role: str
    name: str
    account: str
    password: str


class Demo(View):
    """Accounts that the sign-in page offers; only where the data are demo data."""

    accounts: list[DemoAccount]


class Academy(View):
    """The academy's name, and the telephone of its own sub-centre for who cannot come in."""

    name: str
    telephone: str | None


class SessionView(View):
    """Who asks, and what the pages need from the beginning; `account` None for a visitor."""

    account: Account | None
    roles: list[RoleView]
    powers: list[str]
    csrf: str
    idle_s: int | None
    """Seconds without use (no call, no accepted beat) after which the sign-in ends; None for a visitor."""
    must_change_password: bool
    read_terms: bool
    settings: SettingsView
    server_time: datetime
    academy: Academy
    demo: Demo | None


class Device(View):
    """One sign-in as its owner sees it; `device` is the browser's own description."""

    id: str
    device: str
    address: str | None
    signed_in_at: datetime
    seen_at: datetime
    current: bool


class DeviceList(View):
    items: list[Device]


class Looker(View):
    name: str
    unit: str | None


class LookView(View):
    at: datetime
    by: Looker
    what: str


class LookList(View):
    items: list[LookView]
    next: UUID | None


class UnitView(View):
    id: UUID
    name: str
    parent: UUID | None
    is_sub_centre: bool


class UnitList(View):
    items: list[UnitView]


class Enrolled(View):
    """A new person with the first password, which is shown this once."""

    person: Profile
    password: str


class FirstPassword(View):
    password: str


class FirstPasswordOf(View):
    id: UUID
    name: str
    staff_number: str
    password: str


class FirstPasswords(View):
    items: list[FirstPasswordOf]


def profile(person: Person) -> Profile:
    return Profile(
        id=person.id,
        name=person.name,
        identity_masked=person.identity_masked,
        staff_number=person.staff_number,
        unit=Named(id=person.unit_id, name=person.unit_name),
        managing_authority=Named(id=person.authority_id, name=person.authority_name),
        category=person.category,
        post=person.post or None,
        rank=person.rank or None,
        state=person.state,
        version=person.version,
    )


def account(person: Person) -> Account:
    return Account(
        id=person.id,
        name=person.name,
        staff_number=person.staff_number,
        unit=Named(id=person.unit_id, name=person.unit_name),
        category=person.category,
        post=person.post or None,
        rank=person.rank or None,
    )


def settings(person: Person | None) -> SettingsView:
    return SettingsView(answer_time_extended=bool(person and person.settings.get("answer_time_extended")))


def roles(held: Iterable[RoleHeld]) -> list[RoleView]:
    return [RoleView.model_validate(each) for each in held]


def device(sign_in: SignIn, current: str) -> Device:
    return Device(
        id=sign_in.id,
        device=sign_in.device,
        address=sign_in.address or None,
        signed_in_at=sign_in.signed_in_at,
        seen_at=sign_in.seen_at,
        current=sign_in.id == current,
    )


def unit_list(found: Sequence[Unit]) -> UnitList:
    """Units with their parents as far as these are among them."""
    shown = {each.id for each in found}
    return UnitList(
        items=[
            UnitView(
                id=each.id, name=each.name, parent=each.parent if each.parent in shown else None,
                is_sub_centre=each.is_sub_centre,
            )
            for each in found
        ]
    )  # fmt: skip
