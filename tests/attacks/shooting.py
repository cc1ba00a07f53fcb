"""Shots fired at the application: to which routes, how, and what our own faults are."""

import io

from multidict import CIMultiDict
from yarl import URL

from server.app import NOUNS
from server.base.api import INTERNAL, Route
from server.base.observe import FAULTS
from tests.attacks.corpus import Shot
from tests.visits import Browser

ENDING = {"DELETE /api/v1/session", "POST /api/v1/session", "POST /api/v1/me/password"}
"""Routes that would end, or slow down, the very session that asks."""


def routes() -> list[Route]:
    every = [route for noun in NOUNS for route in noun.routes]
    http = [route for route in every if route.method not in {"MESSAGE", "TOPIC"} and route.power is not INTERNAL]
    return [route for route in http if f"{route.method} {route.path}" not in ENDING and not route.upload]


def faults() -> float:
    """Our own faults so far, in this process."""
    return sum(each.value for metric in FAULTS.collect() for each in metric.samples if each.name.endswith("_total"))


async def shoot(browser: Browser, shot: Shot) -> tuple[int, bytes]:
    """Status and body of the answer; raises `AssertionError` for one that tells what it must not."""
    headers = CIMultiDict(shot.headers)
    headers.setdefault("X-CSRF-Token", browser.csrf)
    if shot.body is not None:
        headers["Content-Type"] = "application/json"
    body = io.BytesIO(shot.body) if shot.body is not None else None
    url = URL(str(browser.client.make_url("/")).rstrip("/") + shot.path, encoded=True)
    async with browser.client.session.request(shot.method, url, data=body, headers=headers) as answer:
        raw = await answer.read()
        assert b"Traceback" not in raw
        assert "evil.example" not in str(answer.headers)
        return answer.status, raw


def is_fault(status: int, raw: bytes) -> bool:
    """Whether an answer is our own fault; without media some are rightly 503."""
    return status >= 500 and b"media." not in raw and b"server.busy" not in raw
