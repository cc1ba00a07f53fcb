"""A page that plays a class from a real media process while the server is injured."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.load.crowd import Crowd
from tests.media.academy import SECRET, Academy, academy
from tests.media.class_on_air import on_air
from tests.media.lecturer import Lecturer

_PART = re.compile(r'#EXT-X-PART:.*URI="([^"]+)"')


@dataclass(slots=True)
class Player:
    """Gets leave again and again, and the newest part with it; what was answered, by what it was."""

    class_id: str
    house: Academy
    answers: Counter[str] = field(default_factory=Counter)
    grant: str = ""

    async def ask(self, http: aiohttp.ClientSession) -> None:
        async with http.post(f"/api/v1/classes/{self.class_id}/viewing", json={"held": self.grant}) as answer:
            self.answers[f"leave {answer.status}"] += 1
            if answer.status == 200:
                self.grant = (await answer.json())["grant"]
        playlist = await self._read("video.m3u8")
        for part in _PART.findall(playlist)[-1:]:
            await self._read(part)

    async def _read(self, name: str) -> str:
        answer = await self.house.read(name, self.grant, self.class_id)
        self.answers[f"{name.rpartition('.')[2]} {answer.status}"] += 1
        return (await answer.read()).decode("latin-1")

    async def plays(self) -> bool:
        """Whether a part has come."""
        return self.answers["m4s 200"] > 0

    def taken(self) -> dict[str, float]:
        """What was answered since the last time."""
        found, self.answers = dict(sorted(self.answers.items())), Counter()
        return {name: float(number) for name, number in found.items()}


def share_secret(data: Path) -> None:
    """Before a server starts on `data`: what it signs grants with is what the media process knows."""
    key = data / "keys" / "media.key"
    key.parent.mkdir(parents=True, mode=0o700)
    key.write_text(SECRET.hex())
    key.chmod(0o600)


@asynccontextmanager
async def playing(crowd: Crowd) -> AsyncIterator[Player]:
    """A player of the crowd's class, which is on air."""
    class_id = str(crowd.class_id)
    async with academy(crowd.settings.data / "aired") as house:
        lecturer = Lecturer()
        try:
            await on_air(house, lecturer, stream=class_id)
            yield Player(class_id, house)
        finally:
            await lecturer.close()
