"""What every journey has: an academy of its own with people and a class, and windows to look at it."""

from collections.abc import AsyncIterator, Generator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Error, expect

from server.base.config import Settings
from tests.conftest import cannot, need
from tests.journeys.academy import POLICY, Academy
from tests.journeys.browser import AXE, PATIENCE_MS, Windows, windows
from tests.journeys.camera import make_camera
from tests.journeys.school import School, a_school

expect.set_options(timeout=PATIENCE_MS)

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a journey failed, so that its windows are looked at before they are closed."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_camera(tmp_path_factory.mktemp("camera") / "lesson.mjpeg")


def built_pages() -> Path:
    """The folder of the pages as they are built."""
    pages = Settings().web
    if not (pages / "index.html").exists():
        cannot("the built pages (web/dist)")
    return pages


@pytest.fixture
def policy() -> str:
    """The policy document of the journey's academy; a journey with another one says so."""
    return POLICY


@pytest.fixture
async def school(tmp_path: Path, policy: str) -> AsyncIterator[School]:
    """A running academy with a lecturer, learners, moderators and a class that is about to begin."""
    built_pages()
    academy = Academy(tmp_path, policy=policy)
    await academy.prepare()
    async with academy.office() as office:
        found = await a_school(academy, office)
    await academy.start()
    try:
        yield found
    finally:
        await academy.stop()


@pytest.fixture
def url(school: School) -> str:
    """Where the windows of a journey open."""
    return school.academy.url


@pytest.fixture
async def opened(url: str, camera: Path, request: pytest.FixtureRequest) -> AsyncIterator[Windows]:
    need("chromium")
    if not AXE.exists():
        cannot("axe")
    journey = request.node.originalname.removeprefix("test_")
    async with windows(url, journey, camera) as found:
        yield found
        if request.node.stash.get(_FAILED, False):
            for visitor in found.visitors:
                with suppress(Error):
                    await visitor.shot("failed")
