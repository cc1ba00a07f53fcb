"""`/media/*` handed on to media: the request as it came, the academy's own cookies kept back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from server.base import forward
from server.base.keys import SERVICES
from server.base.office import Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Clients = Callable[[web.Application], Awaitable[TestClient[web.Request, web.Application]]]
Servers = Callable[[web.Application], Awaitable[TestServer]]


async def heard(request: web.Request) -> web.Response:
    """What media hears, and a cookie of its own."""
    told = {name: request.headers.get(name) for name in ("Authorization", "Cookie")}
    answer = web.json_response({"path": request.path_qs, **told})
    answer.set_cookie("viewing", "abc", path="/media/live/k/")
    return answer


async def test_a_players_cookie_goes_to_media_and_that_of_the_sign_in_does_not(
    office: Office, aiohttp_server: Servers, aiohttp_client: Clients
) -> None:
    media = web.Application()
    media.router.add_route("*", "/media/{path:.*}", heard)
    settings = office.services.settings
    url = str((await aiohttp_server(media)).make_url(""))
    app = web.Application()
    app[SERVICES] = replace(office.services, settings=settings.model_copy(update={"media_url": url}))
    app.cleanup_ctx.append(forward.client)
    app.router.add_route("*", "/media/{path:.*}", forward.forward)
    page = await aiohttp_client(app)
    without = await page.get("/media/live/k/x", headers={"Cookie": "session=secret"})
    assert (await without.json())["Cookie"] is None
    asked = {"Cookie": "session=secret; viewing=abc; other=1", "Authorization": "Bearer g"}
    answer = await page.get("/media/live/k/video.m3u8?_HLS_msn=1", headers=asked)
    assert await answer.json() == {
        "path": "/media/live/k/video.m3u8?_HLS_msn=1", "Authorization": "Bearer g", "Cookie": "viewing=abc",
    }  # fmt: skip
    assert answer.cookies["viewing"]["path"] == "/media/live/k/"
