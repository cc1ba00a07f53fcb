"""What takes too long is given up, and the connection goes on."""

import pytest
import sqlalchemy as sa

from server.base.db import Database
from server.base.patience import patience
from server.rules.refusal import Refusal

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT max(i) FROM n"


async def test_a_question_without_end_is_refused_and_the_next_one_answered(database_url: str) -> None:
    db = Database(database_url)
    with pytest.raises(Refusal, match=r"search\.too_slow"):
        async with db.read() as tx, patience(tx, 0.05, "search.too_slow"):
            await tx.execute(sa.text(ENDLESS))
    async with db.read() as tx, patience(tx, 5, "search.too_slow"):
        assert await tx.scalar(sa.text("SELECT 1")) == 1
    await db.close()


async def test_another_failure_stays_what_it_is(database_url: str) -> None:
    db = Database(database_url)
    with pytest.raises(sa.exc.DBAPIError):
        async with db.read() as tx, patience(tx, 5, "search.too_slow"):
            await tx.execute(sa.text("SELECT * FROM nowhere"))
    await db.close()
