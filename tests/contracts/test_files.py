"""One suite for the data folder and for the object store."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from server.base import files_local
from server.base.files import Files, NoFile, local_files
from server.base.files_local import LocalFiles
from server.base.files_objects import ObjectFiles
from server.base.keys import SERVICES
from server.base.services import Services
from tests.objects import a_store

TEXT = bytes(range(256)) * 4096


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with a_store() as url:
        yield url


@pytest.fixture(params=["folder", "objects"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        return local_files(tmp_path, bytes(32))
    return ObjectFiles(f"{request.getfixturevalue('store')}/{tmp_path.name}")


@pytest.fixture
async def origin(services: Services) -> AsyncIterator[str]:
    """Where the academy answers the links of its data folder."""
    app = web.Application()
    app[SERVICES] = services
    app.router.add_get(files_local.ADDRESS + "{key:.+}", files_local.serve)
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url("/")).rstrip("/")
    await server.close()


async def _pieces() -> AsyncIterator[bytes]:
    for start in range(0, len(TEXT), 100_000):
        yield TEXT[start : start + 100_000]


async def _read(files: Files, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in files.open(key, start, end)])


async def test_what_was_put_is_got(files: Files) -> None:
    assert await files.put("pictures/a.png", TEXT) == len(TEXT)
    assert await files.get("pictures/a.png") == TEXT
    assert await files.size("pictures/a.png") == len(TEXT)


async def test_what_comes_in_pieces_is_one_file(files: Files) -> None:
    assert await files.put("exports/a.xlsx", _pieces()) == len(TEXT)
    assert await files.get("exports/a.xlsx") == TEXT


async def test_a_later_file_takes_the_place_of_the_earlier(files: Files) -> None:
    await files.put("a.txt", b"one")
    await files.put("a.txt", b"two")
    assert await files.get("a.txt") == b"two"


@pytest.mark.parametrize(("start", "end"), [(0, None), (5, 9), (300_000, 700_001), (len(TEXT) - 2, None), (7, 7)])
async def test_a_range_is_read(files: Files, start: int, end: int | None) -> None:
    await files.put("a.bin", TEXT)
    assert await _read(files, "a.bin", start, end) == TEXT[start:end]


async def test_a_file_that_fails_while_it_comes_is_not_there(files: Files) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError("the sender is gone")

    with pytest.raises(Exception, match="sender is gone"):
        await files.put("a.bin", broken())
    with pytest.raises(NoFile):
        await files.get("a.bin")


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(files: Files) -> None:
    await files.put("a.txt", b"one")
    await files.delete("a.txt")
    await files.delete("a.txt")
    for asked in (files.get("a.txt"), files.size("a.txt"), _read(files, "a.txt")):
        with pytest.raises(NoFile):
            await asked


async def test_all_keys_are_listed(files: Files) -> None:
    for key in ("a.txt", "pictures/b.png", "exports/2026/c.xlsx"):
        await files.put(key, b"one")
    await files.delete("a.txt")
    assert {key async for key in files.names()} == {"pictures/b.png", "exports/2026/c.xlsx"}


@pytest.mark.parametrize("key", ["", "/a", "../a", "a/../b", "a//b", ".a", "a/.b", "a b", "a\0", "党", "a/" * 9 + "a"])
async def test_a_key_stays_inside(files: Files, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        await files.put(key, b"")
    with pytest.raises(ValueError, match="key"):
        await files.get(key)


async def test_a_link_gives_the_file_and_a_range_of_it_to_anyone(files: Files, origin: str) -> None:
    await files.put("a.pdf", TEXT)
    link = await files.link("a.pdf", 60)
    url = origin + link if link.startswith("/") else link
    async with aiohttp.ClientSession() as browser:
        async with browser.get(url) as whole:
            assert await whole.read() == TEXT
            assert whole.content_type == "application/pdf"
            assert whole.headers["Content-Disposition"].startswith("attachment")
            assert "no-store" in whole.headers["Cache-Control"]
        async with browser.get(url, headers={"Range": "bytes=5-8"}) as part:
            assert part.status == 206
            assert await part.read() == TEXT[5:9]


async def test_a_link_of_the_folder_ends_and_serves_no_other_file(tmp_path: Path) -> None:
    now = 1000.0
    files = LocalFiles(tmp_path, bytes(32), lambda: now)
    until, sign = (each.partition("=")[2] for each in (await files.link("a.pdf", 60)).partition("?")[2].split("&"))
    assert files.allows("a.pdf", until, sign)
    assert not files.allows("b.pdf", until, sign)
    assert not files.allows("a.pdf", str(int(until) + 1), sign)
    assert not files.allows("a.pdf", "٣", sign)
    now = 1060.0
    assert not files.allows("a.pdf", until, sign)
