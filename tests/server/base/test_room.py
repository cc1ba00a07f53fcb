"""Room for what is costly: one place a person, a bounded number in all, held as long as the work lasts."""

import asyncio
import contextlib
import threading
from uuid import uuid4

import pytest

from server.base.room import Room
from server.rules.refusal import Refusal


async def test_one_place_a_person_and_so_many_in_all() -> None:
    room, first, second = Room(2), uuid4(), uuid4()
    with room.enter(first):
        with pytest.raises(Refusal, match=r"server\.busy"), room.enter(first):
            pass
        with room.enter(second), pytest.raises(Refusal, match=r"server\.busy"), room.enter(uuid4()):
            pass
    with room.enter(first):
        pass


async def test_a_thread_keeps_its_place_though_whoever_asked_has_gone() -> None:
    room, who, begun, go_on = Room(1), uuid4(), threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait(10)

    def done() -> bool:
        with contextlib.suppress(Refusal), room.enter(who):
            return True
        return False

    asked = asyncio.create_task(room.beside(who, slow))
    await asyncio.to_thread(begun.wait, 10)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    with pytest.raises(Refusal, match=r"server\.busy"):
        await room.beside(uuid4(), int)
    go_on.set()
    for _ in range(1000):
        if done():
            return
        await asyncio.sleep(0.01)
    pytest.fail("the place was not given back")
