"""Random histories of one learner with several devices, a bad line, a cheat's browser and a dying server."""

import random
from datetime import datetime

import pytest

from server.attendance.close import recompute
from server.attendance.evidence import beats_of
from server.base.faults import Failpoints
from tests.server.attendance.conftest import Classroom
from tests.server.attendance.history import History

STEPS = 120


@pytest.mark.parametrize("seed", range(8))
async def test_nothing_acknowledged_is_lost_and_no_time_is_given_out_twice(
    classroom: Classroom, failpoints: Failpoints, seed: int
) -> None:
    began = classroom.clock.now()
    history = History(classroom, classroom.learner(), random.Random(seed), failpoints)
    for _ in range(STEPS):
        await history.step()
    failpoints.plan("")
    await classroom.end(began=began)
    await classroom.close()
    await _nothing_lost(history)
    await _nothing_twice(history, began)


async def _nothing_lost(history: History) -> None:
    async with history.classroom.office.read() as tx:
        stored = await beats_of(tx, history.acknowledged.keys())
    for stay, seqs in history.acknowledged.items():
        assert seqs <= {beat.seq for beat in stored.get(stay, ())}


async def _nothing_twice(history: History, began: datetime) -> None:
    classroom = history.classroom
    assessed = await classroom.assessment(history.actor)
    if assessed is None:
        assert not history.acknowledged
        return
    real_ms = int((classroom.clock.now() - began).total_seconds() * 1000)
    policy = classroom.office.services.policies.version(assessed.policy_version)
    assert assessed.verified_ms <= min(assessed.air_ms, int(real_ms * policy.speed_elective))
    assert history.actor.id is not None
    async with classroom.office.read() as tx:
        assert await recompute(tx, history.actor.id, classroom.class_id, policy) == assessed.result
