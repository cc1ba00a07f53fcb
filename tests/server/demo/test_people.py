"""The persons of the demo academy: enough of each kind, fictional, and nobody's real identity number."""

from collections import Counter

import pytest
import sqlalchemy as sa

from server.base.office import Office
from server.base.work import SYSTEM
from server.demo import persons, tree
from server.people import identity, store
from server.people.tables import accounts, units


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_academy_has_a_province_sixteen_cities_and_three_hundred_learners_of_five_categories(
    office: Office,
) -> None:
    grown = await office.do(SYSTEM, tree.plant)
    cast = await office.do(SYSTEM, persons.enrol, grown, await persons.hashes())
    async with office.read() as tx:
        kinds = Counter((await tx.execute(sa.select(units.c.kind))).scalars())
        categories = Counter((await tx.execute(sa.select(accounts.c.category))).scalars())
        numbers = (await tx.execute(sa.select(accounts.c.identity_cipher))).scalars().all()
        roles = await store.roles_of(tx, cast.shown["moderator"].id)
    assert (kinds["province"], kinds["city"]) == (1, 16)
    assert len(categories) == 5
    assert sum(categories.values()) >= 300
    assert [each.role.value for each in roles] == ["moderator"]
    key = office.services.identity_key
    assert all(identity.unseal(bytes(number), key).startswith("990000") for number in numbers)
