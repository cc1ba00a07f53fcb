"""Debian's Chromium with a camera that is a file; pages that take screenshots and are checked by axe."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "screenshots"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = (1366, 768)
PHONE = (360, 640)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

_QUIET = [
    "--no-first-run", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    "--disable-renderer-backgrounding", "--disable-background-timer-throttling",
]  # fmt: skip


def chromium() -> str | None:
    """The browser's path; None where there is none."""
    return shutil.which("chromium")


@asynccontextmanager
async def browser(camera: Path | None = None) -> AsyncIterator[Browser]:
    """A headless browser; `camera` is a .mjpeg or .y4m file that it takes for its camera."""
    arguments = [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    if camera is not None:
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=chromium(), args=arguments)
        try:
            yield found
        finally:
            await found.close()


@dataclass
class Visitor:
    """Somebody with a browser window of their own."""

    context: BrowserContext
    page: Page
    journey: str
    taken: int = 0

    async def look(self, name: str, *, check: bool = True) -> None:
        """A screenshot named after what is to be seen; axe finds nothing on it."""
        self.taken += 1
        width = (self.page.viewport_size or {"width": 0})["width"]
        OUT.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=OUT / f"{self.journey}-{self.taken:02}-{name}-{width}.png")
        if check:
            assert await self.axe() == []

    async def axe(self) -> list[str]:
        """What axe finds on the page: rule, and where."""
        await self.page.evaluate(AXE.read_text("utf-8"))
        run = "async (tags) => (await axe.run(document, {runOnly: tags})).violations"
        found: list[dict[str, Any]] = await self.page.evaluate(run, AXE_TAGS)
        return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


@asynccontextmanager
async def visitor(found: Browser, url: str, journey: str, size: tuple[int, int] = DESKTOP) -> AsyncIterator[Visitor]:
    """A window of its own: no cookies, camera and microphone allowed; page errors fail the journey."""
    context = await found.new_context(
        base_url=url, viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai",
        permissions=["camera", "microphone"], has_touch=size == PHONE, is_mobile=size == PHONE,
    )  # fmt: skip
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Visitor(context, page, journey)
    await context.close()
    assert errors == []
