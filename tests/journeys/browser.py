"""Debian's Chromium with a camera that is a file; windows whose pages take screenshots and are checked by axe."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Playwright, Response, async_playwright

from tests.journeys.academy import until
from tests.programs import CHROMIUM

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "screenshots"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = (1366, 768)
PHONE = (360, 640)
PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
)
PATIENCE_MS = 30_000
RUN_AXE = """async (tags) => {
  const run = async (what) => (await axe.run(document, { runOnly: what, resultTypes: ["violations"] })).violations;
  const found = [];
  const [left, top] = [scrollX, scrollY];
  for (const { id, nodes } of await run({ type: "tag", values: tags }))
    for (const node of nodes) {
      const where = String(node.target);
      if (id === "target-size") {
        document.querySelector(where)?.scrollIntoView({ block: "center" });
        const again = await run({ type: "rule", values: [id] });
        if (!again.some((each) => each.nodes.some((one) => String(one.target) === where))) continue;
      }
      found.push(`${id}: ${node.html.slice(0, 200)}`);
    }
  scrollTo(left, top);
  return found;
}"""
"""What axe finds on the page as it stands there: rule, and where.

What a bar that floats over the page half covers looks too small; it is looked at again where one would scroll it to.
"""

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

_QUIET = [
    "--no-first-run", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    "--disable-renderer-backgrounding", "--disable-background-timer-throttling",
]  # fmt: skip
_FRAME_PX = 143
"""Height of a real window beyond its page."""


def _arguments() -> list[str]:
    return [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@dataclass
class Visitor:
    """Somebody with a browser window of their own; `faults` are errors that no journey may meet."""

    context: BrowserContext
    page: Page
    url: str
    name: str
    taken: int = 0
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", self._answered)

    def _answered(self, response: Response) -> None:
        if response.status >= 500 and "/media/" not in response.url:
            self.faults.append(f"{response.status} {response.url}")

    async def goto(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def read(self, path: str) -> Any:
        """What the academy answers this visitor at an address of its API."""
        answer = await self.page.request.get(f"{self.url}/api/v1{path}")
        assert answer.ok, f"{answer.status} {path}"
        return await answer.json()

    async def look(self, what: str) -> None:
        """A screenshot named after what is to be seen; axe finds nothing on it."""
        await self.shot(what)
        found = await self.axe()
        assert found == [], f"axe on {what}: {found}"

    async def shot(self, what: str) -> None:
        """A screenshot and nothing else."""
        self.taken += 1
        width = await self.page.evaluate("innerWidth")
        OUT.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=OUT / f"{self.name}-{self.taken:02}-{what}-{width}.png")

    async def axe(self) -> list[str]:
        """What axe finds on the page: rule, and where."""
        await self.page.evaluate(AXE.read_text("utf-8"))
        found: list[str] = await self.page.evaluate(RUN_AXE, AXE_TAGS)
        return found


@dataclass
class Windows:
    """The browsers of a journey; every window opens at the academy's address."""

    playwright: Playwright
    browser: Browser
    url: str
    journey: str
    visitors: list[Visitor] = field(default_factory=list)

    async def open(self, who: str, size: tuple[int, int] = DESKTOP) -> Visitor:
        """A window without cookies; camera and microphone are allowed. One of a phone's size is touched.

        Certificates are not looked at: those of a test are signed by nobody.
        """
        phone = min(size) <= PHONE[0]
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai",
            permissions=["camera", "microphone"], has_touch=phone, is_mobile=phone,
            user_agent=PHONE_AGENT if phone else None, ignore_https_errors=True,
        )  # fmt: skip
        return self._visitor(context, await context.new_page(), who)

    async def again(self, visitor: Visitor) -> Visitor:
        """The same person, still signed in, in a fresh page after the old one is gone."""
        return self._visitor(visitor.context, await visitor.context.new_page(), f"{visitor.name.split('-')[-1]}-again")

    @asynccontextmanager
    async def with_tabs(self, who: str) -> AsyncIterator[Visitor]:
        """A browser of one's own whose tabs hide each other, as nothing pretends that all of them are looked at."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            process = await _started(Path(folder))
            try:
                port = await until(lambda: _port(Path(folder)), 30, "the browser tells its port")
                found = await self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True)
                context = found.contexts[0]
                visitor = self._visitor(context, context.pages[0], who)
                try:
                    yield visitor
                except BaseException:
                    await visitor.shot("failed")
                    raise
                self.visitors.remove(visitor)
                assert visitor.faults == [], visitor.faults
                await found.close()
            finally:
                process.terminate()
                await process.wait()

    def _visitor(self, context: BrowserContext, page: Page, who: str) -> Visitor:
        self.visitors.append(Visitor(context, page, self.url, f"{self.journey}-{who}"))
        return self.visitors[-1]


async def _started(folder: Path) -> asyncio.subprocess.Process:
    assert CHROMIUM is not None
    window = f"--window-size={DESKTOP[0]},{DESKTOP[1] + _FRAME_PX}"
    own = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={folder}", window, "--accept-lang=zh-CN"]
    env = os.environ | {"TZ": "Asia/Shanghai", "LANGUAGE": "zh_CN"}
    nowhere = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        CHROMIUM, *own, *_arguments(), "about:blank", env=env, stdout=nowhere, stderr=nowhere
    )


async def _port(folder: Path) -> int | None:
    told = folder / "DevToolsActivePort"
    lines = told.read_text().splitlines() if told.exists() else []
    return int(lines[0]) if len(lines) > 1 else None


@asynccontextmanager
async def windows(url: str, journey: str, camera: Path) -> AsyncIterator[Windows]:
    """A headless browser that takes the file `camera` for its camera; faults on any page fail the journey."""
    arguments = [*_arguments(), f"--use-file-for-fake-video-capture={camera}"]
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        opened = Windows(playwright, found, url, journey)
        try:
            yield opened
        finally:
            await found.close()
        faults = [fault for visitor in opened.visitors for fault in visitor.faults]
        assert faults == [], faults
