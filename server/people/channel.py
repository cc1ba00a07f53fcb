"""The channel by which a person gets a message outside the academy: an adapter, here one for demonstrations.

A deployment puts its own in the place of `Outbox` (short message gateway, the office's messenger); it
knows how to reach somebody by staff number, the academy keeps no telephone number.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Protocol
from uuid import UUID

from server.base.config import Settings
from server.base.observe import log

_log = log("people")


class Channel(Protocol):
    """Delivers a short text to one person; may take long, and raises when it could not."""

    async def send(self, id: UUID, staff_number: str, name: str, text: str) -> None: ...


class Outbox:
    """Keeps each message as a file `<id>.json` (mode 0600) in a folder and logs a masked line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, id: UUID, staff_number: str, name: str, text: str) -> None:
        """Sending the same `id` again changes nothing."""
        await asyncio.to_thread(self._keep, id, {"to": staff_number, "name": name, "text": text})
        _log.info("message kept", id=str(id), to=f"{staff_number[:1]}***")

    def _keep(self, id: UUID, message: dict[str, str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._folder / f"{id}.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(message, file, ensure_ascii=False)


def channel_of(settings: Settings) -> Channel:
    """The channel of a deployment."""
    return Outbox(settings.data / "files" / "outbox")
