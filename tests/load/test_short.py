"""Every load in small: that it runs, and that nothing which was acknowledged is lost. No times are judged here."""

import argparse

import pytest

from server.base.config import Settings
from tests.conftest import cannot, need
from tests.load import beats, fanout, forum, glass, hostile, join, nodes, start

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LEARNERS = 200
"""So many that none of them writes faster than one socket may, however quick the machine is."""


@pytest.mark.parametrize("postgres", [False, True], ids=["sqlite", "postgresql"])
async def test_beats_are_acknowledged_packed_and_survive_a_kill(postgres: bool) -> None:
    if postgres:
        need("postgresql")
    options = argparse.Namespace(postgres=postgres, learners=LEARNERS, seconds=1.0, kills=1)
    figures = await beats.measure(options)
    assert figures["1 kill -9"]["acknowledged"] > 0
    assert figures["1 kill -9"]["lost"] == 0
    assert figures["saturated"]["mean beats/s"] > 0
    assert figures["evidence after packing"]["bytes a beat"] <= 5


@pytest.mark.parametrize("postgres", [False, True], ids=["sqlite", "postgresql"])
async def test_a_filled_forum_is_opened_and_searched(postgres: bool) -> None:
    if postgres:
        need("postgresql")
    figures = await forum.measure(2_000, times=2, postgres=postgres)
    assert len(figures) == 13
    assert all(each["p50 ms"] > 0 for name, each in figures.items() if name.startswith(("thread", "search")))


async def test_a_post_reaches_everybody_in_class_while_beats_go_on() -> None:
    figures = await fanout.measure(LEARNERS, times=2)
    assert figures[f"post to the last of {LEARNERS}"]["p50 ms"] > 0
    assert figures["ratio"]["post to raw"] > 0


async def test_two_processes_take_beats_and_carry_a_post_across() -> None:
    need("postgresql", "redis-server")
    figures = await nodes.measure(argparse.Namespace(learners=LEARNERS, seconds=1.0, posts=2))
    assert figures["two"]["beats/s"] > 0
    assert figures["two"]["post to the last ms"] > 0


async def test_pages_open_the_room_and_come_back_after_a_kill() -> None:
    figures = await join.measure(argparse.Namespace(learners=40, within=2.0, kill=True))
    assert figures["faults (5xx)"] == {"opening": 0, "all": 0}
    assert figures["refusals (4xx)"]["all"] == 0
    assert figures["announcement answered by all"]["s"] > 0
    assert figures["after the restart"]["tries in vain"] > 0


async def test_honest_learners_are_served_beside_a_hostile_client() -> None:
    figures = await hostile.measure(2.0, honest_learners=40, lorises=100)
    assert figures["answers to the honest"] == {"5xx": 0, "4xx": 0}
    assert figures["sent"]["slow connections"] >= 100
    assert min(figures["sent"][each] for each in ("messages", "frames of 4 MiB", "sign-ins")) > 0
    assert figures["memory"]["growth MiB"] <= hostile.GROWTH_MIB


async def test_an_academy_that_was_filled_before_starts_again() -> None:
    figures = await start.measure(times=1)
    assert figures["up ready"]["s"] > 0
    assert figures["idle server"]["MB"] <= 200


async def test_the_age_of_the_pictures_can_be_read_in_the_player() -> None:
    need("chromium")
    if not (Settings().web / "index.html").exists():
        cannot("the built pages (web/dist)")
    figures = await glass.measure(seconds=8)
    assert figures["pictures"]["read"] > 0
    assert figures["in 0.1 minutes"]["steps back"] == 0
