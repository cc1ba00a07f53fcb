"""What somebody without a sign-in finds at the edge of a running deployment."""

from collections.abc import Mapping

import aiohttp
from multidict import CIMultiDictProxy

from tests.deploy.stack import Stack


async def doors(stack: Stack) -> None:
    """Pages and assets are there, and what is private is not."""
    page = await get(stack, "/")
    assert page[0] == 200, page
    assert page[1].getall("Content-Security-Policy") == [page[1]["Content-Security-Policy"]]
    asset, headers = await get(stack, "/assets/app-1a2b3c.js")
    assert (asset, headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    for path in ("/metrics", "/api/internal/media-events"):
        assert (await get(stack, path))[0] == 404, path
    # What is no page of ours is answered by the pages, as any other address is.
    for path in ("/internal/orders", "/check/media/live/x/video.m3u8"):
        status, headers = await get(stack, path)
        assert (status, headers["Content-Type"], headers["Content-Length"]) == (
            page[0], page[1]["Content-Type"], page[1]["Content-Length"],
        ), path  # fmt: skip
    for path in ("/media/live/x/video.m3u8", "/media/vod/x/1.m4s"):
        status, headers = await get(stack, path)
        assert (status, headers.getall("Access-Control-Allow-Origin")) == (401, [stack.url]), path
        assert headers["Content-Type"] == "application/problem+json", path
        status, headers = await get(stack, path, "OPTIONS", {"Access-Control-Request-Method": "GET"})
        assert (status, headers["Access-Control-Allow-Origin"]) == (204, stack.url), path
    for path in ("/media/orders", "/media/live/x/..%2f..%2fcheck", "/media/live/x/a/b/c.m4s"):
        assert (await get(stack, path))[0] == 404, path


async def get(
    stack: Stack, path: str, method: str = "GET", asked: Mapping[str, str] | None = None
) -> tuple[int, CIMultiDictProxy[str]]:
    """What somebody without a sign-in is told."""
    connector = aiohttp.TCPConnector(ssl=stack.tls)
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.request(method, stack.url + path, headers=asked, allow_redirects=False) as answer,
    ):
        await answer.read()
        return answer.status, answer.headers
