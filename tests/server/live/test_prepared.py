"""A prepared video: uploaded whole or not at all, played as the class once media has made it ready."""

import asyncio
import errno
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.live import line, prepared, store
from server.live.store import LiveClass
from server.rules.live import State
from server.rules.refusal import Refusal
from tests.server.live.media import FakeMedia, news
from tests.server.live.school import School
from tests.visits import Answer, Browser

VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(400_000)


async def upload(browser: Browser, lesson: LiveClass, data: Any = VIDEO, type: str = "video/mp4") -> Answer:
    headers = {"Content-Type": type}
    return await browser.ask("PUT", f"/classes/{lesson.id}/prepared", data=data, headers=headers)


def files(school: School) -> list[Path]:
    return sorted((school.office.services.settings.data / "files" / "prepared").glob("*"))


async def test_a_video_is_kept_and_shown_to_media(school: School, media: FakeMedia) -> None:
    lesson = await school.a_class()
    answer = await upload(school.assists, lesson)
    assert (answer.status, answer.body) == (200, {"bytes": len(VIDEO), "state": "ready"})
    [kept] = files(school)
    assert kept.read_bytes() == VIDEO
    [order] = media.taken
    assert (order.name, getattr(order, "path", "")) == ("prepare_video", str(kept.absolute()))


async def test_another_video_takes_the_place_of_the_one_before(school: School) -> None:
    lesson = await school.a_class()
    await upload(school.assists, lesson)
    await upload(school.teaches, lesson, VIDEO + b"more")
    [kept] = files(school)
    assert kept.stat().st_size == len(VIDEO) + 4
    got = await school.teaches.get(f"/classes/{lesson.id}/prepared")
    assert got.body["bytes"] == len(VIDEO) + 4


@pytest.mark.parametrize(
    ("data", "type", "code"),
    [
        (b"#EXTM3U\nfile:///etc/passwd", "video/mp4", "video.wrong_type"),
        (b"", "video/mp4", "video.wrong_type"),
        (VIDEO, "application/octet-stream", "video.wrong_type"),
    ],
)
async def test_what_is_no_mp4_is_refused_and_leaves_nothing(school: School, data: bytes, type: str, code: str) -> None:
    lesson = await school.a_class()
    answer = await upload(school.assists, lesson, data, type)
    assert (answer.status, answer.code) == (415, code)
    assert files(school) == []


async def test_a_video_that_is_too_large_is_refused_while_it_comes(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "LIMIT", 100_000)
    lesson = await school.a_class()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield VIDEO[:50_000]

    for data in (VIDEO, pieces()):
        answer = await upload(school.assists, lesson, data)
        assert (answer.status, answer.code) == (413, "video.too_large")
    assert files(school) == []


async def test_an_upload_that_stands_still_is_given_up(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "SILENT_S", 0.1)

    async def pieces() -> AsyncIterator[bytes]:
        yield VIDEO[:100]
        await asyncio.sleep(30)

    settings = school.office.services.settings
    with pytest.raises(Refusal) as refused:
        await prepared.keep(settings, school.learner.id, pieces())
    assert refused.value.code == "video.broken_off"
    assert files(school) == []


async def test_an_upload_stays_though_media_is_away(school: School, media: FakeMedia) -> None:
    lesson = await school.a_class()
    media.away = True
    assert (await upload(school.teaches, lesson)).body["state"] == "preparing"
    assert (await school.teaches.get(f"/classes/{lesson.id}/prepared")).code == "media.away"
    media.away = False
    assert (await school.teaches.get(f"/classes/{lesson.id}/prepared")).body["state"] == "ready"


async def test_a_full_disk_is_told_as_such_and_keeps_nothing(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(prepared, "_settle", full)
    lesson = await school.a_class()
    answer = await upload(school.teaches, lesson)
    assert (answer.status, answer.code) == (503, "server.busy")
    assert files(school) == []


async def test_only_the_staff_uploads_and_only_before_the_end(school: School) -> None:
    lesson, over = await school.a_class(), await school.a_class(State.ENDED)
    assert (await upload(school.studies, lesson)).code == "power.missing"
    assert (await upload(school.teaches, over)).code == "class.wrong_state"
    assert files(school) == []


async def test_an_upload_that_fails_at_the_database_leaves_no_file(school: School) -> None:
    lesson = await school.a_class()
    school.office.failpoints.plan("prepared.after_row=raise@1")
    assert (await upload(school.teaches, lesson)).status == 500
    school.office.failpoints.plan("")
    assert files(school) == []
    assert (await school.teaches.get(f"/classes/{lesson.id}/prepared")).code == "video.missing"


async def test_the_video_is_played_once_the_class_is_on_air(school: School, media: FakeMedia) -> None:
    lesson = await school.a_class()
    await upload(school.assists, lesson)
    media.taken.clear()
    answer = await school.assists.post(f"/classes/{lesson.id}/prepared/play")
    assert (answer.status, answer.body["state"]) == (200, "on_air")
    names = media.names
    assert names[:2] == ["prepare_video", "air_open"]
    assert names.index("play_video") > names.index("air_open")
    paused = await school.assists.post(f"/classes/{lesson.id}/pause", {"minutes": None})
    assert paused.body["state"] == "paused"
    assert (await school.assists.post(f"/classes/{lesson.id}/prepared/play")).body["state"] == "on_air"


async def test_a_video_played_to_its_end_is_a_break_and_not_a_lost_line(school: School) -> None:
    lesson = await school.a_class()
    await upload(school.assists, lesson)
    await school.assists.post(f"/classes/{lesson.id}/prepared/play")
    now = school.office.clock.now
    for name, data in (
        ("publisher_connected", {"source": "video", "session": None}), ("on_air", {}),
        ("off_air", {"reason": "finished"}), ("publisher_lost", {"reason": "closed"}),
    ):  # fmt: skip
        await line.take(school.office, news(lesson, name, now(), **data))  # type: ignore[arg-type]
    assert (await school.now(lesson.id)).state is State.PAUSED
    async with school.office.read() as tx:
        assert (await store.log_of(tx, lesson.id))[-1].reason == "video_finished"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ((200, {"at_ms": 1, "video": "working"}), "video.not_ready"),
        ((422, {"code": "media.refused"}), "video.not_ready"),
        ((503, {"code": "media.full"}), "media.away"),
    ],
)
async def test_a_video_that_media_has_not_ready_is_not_played(
    school: School, media: FakeMedia, said: tuple[int, dict[str, Any]], code: str
) -> None:
    lesson = await school.a_class()
    await upload(school.assists, lesson)
    media.answers["prepare_video"] = said
    answer = await school.assists.post(f"/classes/{lesson.id}/prepared/play")
    assert answer.code == code
    assert (await school.now(lesson.id)).state is State.WAITING


async def test_without_a_video_there_is_nothing_to_play(school: School) -> None:
    lesson = await school.a_class()
    assert (await school.assists.post(f"/classes/{lesson.id}/prepared/play")).code == "video.missing"
