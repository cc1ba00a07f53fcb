"""The command `python -m server account`: the first accounts of an academy, and help for whoever is locked out."""

import argparse
from typing import Any

from server.base.office import Office
from server.base.work import Work
from server.people import password, roles, roster, secret, store, units
from server.people.roster import Entry, Reason
from server.people.store import Person
from server.people.units import Unit
from server.rules.powers import Role, ScopeKind
from server.rules.refusal import Refusal, unknown
from server.rules.words import Category


async def command(office: Office, arguments: argparse.Namespace) -> dict[str, Any]:
    """Do what the arguments say, as the system; refuses as the verbs do, `field.missing` naming the argument."""
    actions = {"create": _create, "role": _role, "reset": _reset, "stop": _stop}
    return await actions[arguments.action](office, arguments)


async def _create(office: Office, arguments: argparse.Namespace) -> dict[str, Any]:
    for field in ("name", "identity_number", "unit"):
        if not getattr(arguments, field):
            raise Refusal("field.missing", status=422, field=field)
    first = secret.first_password()
    hashed = await secret.hashed(first)
    person = await office.do(office.system, _enrol, arguments, hashed)
    return _shown(person) | {"password": first, "role": arguments.role or Role.LEARNER.value}


async def _role(office: Office, arguments: argparse.Namespace) -> dict[str, Any]:
    person = await office.do(office.system, _give, arguments.staff_number, arguments.role, arguments.unit)
    return _shown(person) | {"role": arguments.role}


async def _reset(office: Office, arguments: argparse.Namespace) -> dict[str, Any]:
    first = secret.first_password()
    hashed = await secret.hashed(first)
    person = await office.do(office.system, _keep, arguments.staff_number, hashed)
    return _shown(person) | {"password": first}


async def _stop(office: Office, arguments: argparse.Namespace) -> dict[str, Any]:
    try:
        reason = Reason(arguments.reason or Reason.OTHER)
    except ValueError as error:
        raise Refusal("field.invalid", status=422, field="reason", known=[each.value for each in Reason]) from error
    return _shown(await office.do(office.system, _stopped, arguments.staff_number, reason))


async def _enrol(work: Work, arguments: argparse.Namespace, hashed: str) -> Person:
    unit = await _unit(work, arguments.unit, make=True)
    entry = Entry(
        name=arguments.name,
        identity_number=arguments.identity_number,
        staff_number=arguments.staff_number,
        unit=unit.id,
        managing_authority=unit.id,
        category=Category.OFFICIALS,
    )
    person = await roster.enrol(work, entry, hashed)
    if arguments.role:
        await _give_to(work, person, arguments.role, unit)
    return person


async def _give(work: Work, staff_number: str, role: str | None, unit: str | None) -> Person:
    person = await _person(work, staff_number)
    await _give_to(work, person, role, await _unit(work, unit) if unit else None)
    return person


async def _give_to(work: Work, person: Person, name: str | None, unit: Unit | None) -> None:
    """A role over the unit's subtree where that is how the role is held, else over all."""
    try:
        role = Role(name or "")
    except ValueError as error:
        known = [each.value for each in Role]
        raise Refusal("field.invalid", status=422, field="role", known=known) from error
    if role is Role.ACADEMY_ADMIN or unit is None:
        await roles.give(work, person.id, role, ScopeKind.ALL, None, None)
    else:
        await roles.give(work, person.id, role, ScopeKind.UNIT, unit.id, None)


async def _keep(work: Work, staff_number: str, hashed: str) -> Person:
    person = await _person(work, staff_number)
    await password.keep(work, person.id, hashed, first=True)
    return person


async def _stopped(work: Work, staff_number: str, reason: Reason) -> Person:
    return await roster.stop(work, (await _person(work, staff_number)).id, reason)


async def _person(work: Work, staff_number: str) -> Person:
    found = await store.by_account(work.tx, staff_number.strip().upper(), b"")
    if found is None:
        raise unknown("person")
    return found


async def _unit(work: Work, text: str, *, make: bool = False) -> Unit:
    """The unit of that name or id; with `make`, the top of an academy that has none yet."""
    found = await units.named(work.tx, text)
    if len(found) == 1:
        return found[0]
    if make and not found and await units.root(work.tx) is None:
        return await units.add(work, text, "province", None, is_sub_centre=True)
    raise Refusal("unit.unknown", status=404, field="unit", found=len(found))


def _shown(person: Person) -> dict[str, Any]:
    return {"id": str(person.id), "staff_number": person.staff_number, "name": person.name, "state": person.state}
