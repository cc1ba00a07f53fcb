"""Beats that were acknowledged and are not there after the server was killed in the middle of them."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from server.attendance import evidence
from tests.load.crowd import Crowd, gather, office_of
from tests.load.flow import drain, saturate
from tests.load.learner import Learner, gather_learners
from tests.load.process import server

LEARNERS = 100
AT_ONCE = 50


async def lost_in_kills(data: Path, database_url: str, kills: int) -> tuple[int, int]:
    """Beats acknowledged in all runs, and how many of them the database does not have afterwards."""
    crowd = await gather(data, LEARNERS, database_url)
    chance = random.Random(kills)
    acked = lost = 0
    for _ in range(kills):
        learners = await _until_killed(crowd, chance.uniform(0.3, 1.2))
        acked += sum(each.acked for each in learners)
        lost += await _missing(crowd, learners)
    return acked, lost


async def _until_killed(crowd: Crowd, seconds: float) -> list[Learner]:
    """Beats as fast as they are answered, until SIGKILL."""
    async with server(crowd.settings) as running, crowd.on_air():
        learners = await gather_learners(crowd.settings.port, crowd.tokens, str(crowd.class_id))
        await drain(learners)
        beating = asyncio.create_task(saturate(learners, AT_ONCE, 60))
        await asyncio.sleep(seconds)
        await running.kill()
        beating.cancel()
    return learners


async def _missing(crowd: Crowd, learners: Sequence[Learner]) -> int:
    """Acknowledged beats that are not in the database."""
    async with office_of(crowd.settings) as office, office.read() as tx:
        found = await evidence.beats_of(tx, [UUID(each.stay) for each in learners])
    kept = {stay: {beat.seq for beat in beats} for stay, beats in found.items()}
    return sum(len(set(range(1, each.acked + 1)) - kept.get(UUID(each.stay), set())) for each in learners)
