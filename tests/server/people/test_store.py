"""Units, accounts and roles as they come back from the database."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.people import looks, store, units
from server.people import tables as people_tables
from server.rules.powers import Holding, Role, Scope, ScopeKind
from tests.people import a_province


async def test_a_unit_knows_its_nearest_sub_centre(office: Office) -> None:
    town = await a_province(office)
    async with office.read() as tx:
        below = await units.sub_centre_of(tx, town.below.path)
        other = await units.sub_centre_of(tx, town.other.path)
    assert (below, other) == (town.own, town.sibling)


async def test_persons_come_back_with_the_paths_that_powers_need(office: Office) -> None:
    town = await a_province(office)
    one = await town.a_learner(at=town.below, managed_by=town.root)
    two = await town.a_learner()
    async with office.read() as tx:
        found = await store.many(tx, [one.id, two.id, town.root.id])
    assert found == {one.id: one, two.id: two}
    assert (one.unit_path, one.authority_path) == (town.below.path, town.root.path)
    assert one.pseudonym != one.id


async def test_everybody_active_is_a_learner_and_holds_what_was_given(office: Office) -> None:
    town = await a_province(office)
    person = await town.a(Role.MODERATOR, over=town.own, at=town.below)
    async with office.read() as tx:
        held = await store.holdings_of(tx, person)
    learner = Holding(Role.LEARNER, Scope(ScopeKind.SELF, town.below.path))
    assert held == (learner, Holding(Role.MODERATOR, Scope(ScopeKind.UNIT, town.own.path)))


async def test_looks_are_never_changed_or_deleted(office: Office) -> None:
    town = await a_province(office)
    seen, looker = await town.a_learner(), await town.acting(await town.a_learner())
    await office.do(looker, looks.note, [seen.id], "profile")
    table = people_tables.looks
    for statement in (table.update().values(what="nothing"), table.delete()):

        async def change(work: Work, statement: sa.sql.Executable = statement) -> None:
            await work.tx.execute(statement)

        with pytest.raises(DBAPIError, match="append-only"):
            await office.do(SYSTEM, change)
    async with office.read() as tx:
        assert [(each.by, each.what) for each in await looks.at(tx, seen.id, before=None, limit=9)] == [
            (looker.id, "profile")
        ]


async def test_a_look_at_ones_own_record_is_no_look(office: Office) -> None:
    town = await a_province(office)
    me = await town.acting(await town.a_learner())
    assert me.id is not None
    await office.do(me, looks.note, [me.id], "hours")
    async with office.read() as tx:
        assert await looks.at(tx, me.id, before=None, limit=9) == []


async def test_a_mark_is_kept_and_replaced(office: Office) -> None:
    async def keep(work: Work, value: object) -> None:
        await store.set_mark(work.tx, "demo", value)

    values: list[dict[str, list[int]]] = [{"accounts": []}, {"accounts": [1]}]
    for value in values:
        await office.do(SYSTEM, keep, value)
    async with office.read() as tx:
        assert await store.mark(tx, "demo") == {"accounts": [1]}
        assert await store.mark(tx, "nothing") is None
