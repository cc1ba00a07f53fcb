"""Pictures in posts: made anew, seen by who may read the post, gone with it."""

import asyncio
import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from PIL import Image

from server.base.office import Office
from server.moderation import pictures
from server.moderation.routes import pictures as upload_routes
from tests.server.forum.conftest import Forum, reply, start
from tests.server.forum.drawn import SECRET, encoded, photo
from tests.visits import Answer, Browser


async def upload(browser: Browser, data: bytes, alt: str = "加装电梯的公示栏") -> Answer:
    with aiohttp.MultipartWriter("form-data") as form:
        form.append(alt).set_content_disposition("form-data", name="alt")
        form.append(io.BytesIO(data)).set_content_disposition("form-data", name="picture", filename="../../x.php")
    return await browser.post("/pictures", data=form)


async def see(browser: Browser, picture: str) -> tuple[int, bytes, Mapping[str, str]]:
    address = f"/api/v1/forum/pictures/{picture}"
    async with browser.client.get(address) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_a_picture_is_upright_without_what_the_camera_wrote_and_has_a_description(forum: Forum) -> None:
    author, reader = await forum.learner(), await forum.learner()
    kept = await upload(author, photo())
    assert (kept.status, kept.body["width"], kept.body["height"]) == (201, 200, 300)
    picture = kept.body["id"]
    assert (await see(reader, picture))[0] == 404
    thread = (await start(author, forum.board, pictures=[picture])).body["thread"]
    [post] = (await reader.get(f"/forum/threads/{thread}/posts")).body["items"]
    assert post["pictures"] == [{"id": picture, "alt": "加装电梯的公示栏", "width": 200, "height": 300}]
    status, data, headers = await see(reader, picture)
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "image/webp", "private, no-cache")
    shown = Image.open(io.BytesIO(data))
    assert (shown.size, dict(shown.getexif()), shown.info.get("icc_profile")) == ((200, 300), {}, None)
    assert SECRET not in data
    again = {"If-None-Match": headers["ETag"]}
    assert (await reader.get(f"/forum/pictures/{picture}", headers=again)).status == 304


async def test_a_picture_leaves_with_its_post_and_answers_like_none(forum: Forum) -> None:
    author, reader, desk = await forum.learner(), await forum.learner(), await forum.moderator()
    thread = (await start(author, forum.board)).body["thread"]
    picture = (await upload(author, photo())).body["id"]
    said = (await reply(author, thread, "这里有一份机密文件", pictures=[picture])).body
    nothing = (await reader.get("/forum/pictures/01a0a293-f280-7004-ad4f-bf12e14596d9")).body | {"instance": ""}
    assert (await reader.get(f"/forum/pictures/{picture}")).body | {"instance": ""} == nothing
    [item] = (await desk.get("/desk/items?state=held")).body["items"]
    assert [each["id"] for each in item["pictures"]] == [picture]
    assert (await see(desk, picture))[0] == (await see(author, picture))[0] == 200
    await forum.decide(desk, said["post"], 1, "approve")
    assert (await see(reader, picture))[0] == 200
    await forum.decide(desk, said["post"], 2, "remove")
    gone = await reader.get(f"/forum/pictures/{picture}")
    assert (gone.status, gone.body | {"instance": ""}) == (404, nothing)
    assert (await reader.get(f"/forum/threads/{thread}/posts")).body["items"][1]["pictures"] == []


async def test_nobody_takes_the_picture_of_another_or_the_same_twice(forum: Forum) -> None:
    author, other = await forum.learner(), await forum.learner()
    picture = (await upload(author, photo())).body["id"]
    assert (await start(other, forum.board, pictures=[picture])).code == "picture.unknown"
    assert (await start(author, forum.board, pictures=[picture])).status == 201
    assert (await start(author, forum.board, pictures=[picture])).code == "picture.unknown"
    assert (await start(author, forum.board, pictures=[picture] * 5)).status == 422


async def test_a_description_is_asked_for_and_screened(forum: Forum) -> None:
    author = await forum.learner()
    assert (await upload(author, photo(), alt=" ")).body["field"] == "alt"
    assert (await upload(author, photo(), alt="长" * 201)).body["field"] == "alt"
    assert (await upload(author, photo(), alt="可以代学代考")).code == "picture.description"
    assert (await author.post("/pictures", {"alt": "x"})).status == 415
    assert (await upload(author, b"%PDF-1.7")).code == "picture.type"
    large = await upload(author, bytes(9 * 1024 * 1024))
    assert (large.status, large.code) == (413, "body.too_large")
    assert (await author.post("/pictures", data=b"x", headers={"Content-Type": "multipart/form-data"})).status == 400


async def test_a_picture_that_no_post_took_is_forgotten_with_its_file(forum: Forum, office: Office, clock: Any) -> None:
    author = await forum.learner()
    used = (await upload(author, photo())).body["id"]
    left = (await upload(author, encoded(Image.new("RGBA", (2000, 3000), (1, 2, 3, 4)), "PNG"))).body["id"]
    await start(author, forum.board, pictures=[used])
    async with office.read() as tx:
        keys = [found.key for each in (used, left) if (found := await pictures.by_id(tx, UUID(each)))]
    clock.pass_(pictures.KEPT.total_seconds() + 1)
    assert await office.do(office.system, pictures.sweep) == 1
    await office.outbox.drain()
    assert await office.services.files.get(keys[0])
    with pytest.raises(LookupError):
        await office.services.files.get(keys[1])


async def test_a_photo_as_telephones_take_them_is_taken(forum: Forum) -> None:
    author = await forum.learner()
    taken = encoded(Image.effect_noise((2400, 1800), 50).convert("RGB"), "JPEG", quality=80)
    assert 2**20 < len(taken) < 8 * 2**20
    kept = await upload(author, taken)
    assert (kept.status, kept.body.get("width"), kept.body.get("height")) == (201, 1200, 900)


async def test_only_so_many_pictures_wait_for_a_post(forum: Forum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WAITING", 1)
    author = await forum.learner()
    assert (await upload(author, photo())).status == 201
    assert (await upload(author, photo())).code == "picture.too_many"


async def test_whoever_has_too_many_waiting_is_refused_before_anything_is_redrawn(
    forum: Forum, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "WAITING", 0)
    assert (await upload(await forum.learner(), b"no picture at all")).code == "picture.too_many"


async def test_one_person_sends_one_picture_at_a_time_however_slowly(
    forum: Forum, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, other = await forum.learner(), await forum.learner()
    begun = asyncio.Event()

    async def never(_: bytes) -> None:
        begun.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as held:
        held.setattr(upload_routes, "remake", never)
        first = asyncio.create_task(upload(slow, photo()))
        await begun.wait()
    second = await upload(slow, photo())
    assert (second.status, second.code) == (503, "server.busy")
    assert (await upload(other, photo())).status == 201
    first.cancel()
