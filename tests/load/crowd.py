"""A class on air and the many who are signed in for it, written past the slow sign-in."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp

from media.events import PATH, Event, authorization, pack
from server.base.config import Settings
from server.base.db import Database
from server.base.office import Office
from server.base.secret_keys import secret_key
from server.base.work import SYSTEM, Work
from server.migrations.run import migrate
from server.people import identity, sessions, store, units
from server.people.sessions import SignIn
from server.people.units import Unit
from server.rules.conduct import Mode
from server.rules.words import Category
from server.serve import services_of
from tests.journeys.academy import free_port
from tests.people import an_identity_number
from tests.server.live.classes import on_air

RUN = "run-1"
STILL_S = 5.0
POLICY = """
[policy]
version = "load-1"
effective = 2020-01-01
[december]
value = "next_year"
[live_repair_days]
value = 0
"""
"""So that study counts whatever the day."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A class on air and the tokens of those signed in, in the order of their staff numbers."""

    settings: Settings
    class_id: UUID
    tokens: tuple[str, ...]

    @asynccontextmanager
    async def on_air(self) -> AsyncIterator[None]:
        """Say like media, every 5 s, that the class is still on air."""
        task = asyncio.create_task(self._still())
        try:
            yield
        finally:
            task.cancel()

    async def _still(self) -> None:
        secret = secret_key(self.settings.data, "media", self.settings.media_secret)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{self.settings.port}") as http:
            while True:
                event = Event(str(uuid4()), str(self.class_id), RUN, "still_on_air", int(time.time() * 1000))
                body = pack(event)
                headers = {"Authorization": authorization(secret, event, body, time.time())}
                async with http.post(PATH, data=body, headers=headers) as answer:
                    if answer.status >= 300:
                        raise RuntimeError(f"news of media: {answer.status} {await answer.text()}")
                await asyncio.sleep(STILL_S)


@asynccontextmanager
async def office_of(settings: Settings) -> AsyncIterator[Office]:
    """An office beside the server, for filling and for looking afterwards."""
    async with services_of(settings) as services:
        db = Database(settings.database)
        try:
            yield Office(db, services)
        finally:
            await db.close()


async def gather(data: Path, learners: int, database_url: str = "") -> Crowd:
    """A migrated database in `data` (or at the URL) with a class on air and so many signed-in learners."""
    settings = Settings(data=data, port=free_port(), DATABASE_URL=database_url, MEDIA_URL="http://127.0.0.1:9")
    (data / "policies").mkdir(parents=True)
    (data / "policies" / "load.toml").write_text(POLICY)
    async with office_of(settings) as office:
        await migrate(office.db)
        lesson = await office.do(SYSTEM, on_air, RUN, planned_minutes=240, mode=Mode.AFTER)
        tokens = await office.do(SYSTEM, _enrol, learners)
    return Crowd(settings, lesson.id, tokens)


async def _enrol(work: Work, learners: int) -> tuple[str, ...]:
    root = await units.add(work, "安徽省", "province", None, is_sub_centre=True)
    people = [a_row(work, number, root) for number in range(learners)]
    await store.add(work.tx, people)
    tokens = tuple(f"load-{number}" for number in range(learners))
    for person, token in zip(people, tokens, strict=True):
        await sessions.add(work.tx, _sign_in(person["id"], token, work.now), sessions.token_hash(token))
    return tokens


def a_row(work: Work, number: int, unit: Unit) -> dict[str, Any]:
    """A learner's row in the roster."""
    sealed = identity.seal(an_identity_number(number), work.services.identity_key)
    return {
        "id": work.id(), "pseudonym": uuid4(), "staff_number": f"L{number:05}", "identity_hash": sealed.hash,
        "identity_cipher": sealed.cipher, "identity_masked": sealed.masked, "name": f"学员{number}",
        "unit": unit.id, "authority": unit.id, "category": Category.OFFICIALS.value, "post": "科员", "rank": "一级科员",
        "state": "active", "left_reason": None, "joined_at": work.now, "left_at": None, "password": "",
        "password_at": work.now, "must_change": False, "terms_at": work.now, "settings": {}, "version": 1,
    }  # fmt: skip


def _sign_in(account: UUID, token: str, now: datetime) -> SignIn:
    return SignIn(
        id=sessions.token_hash(token).hex()[:32], account=account, csrf=token, device="load", address="127.0.0.1",
        signed_in_at=now, seen_at=now, until=now + timedelta(days=30),
    )  # fmt: skip
