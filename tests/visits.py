"""Browsers without pictures: the whole application on a loopback port, each browser with its cookie and token."""

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, ClientWebSocketResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from server.base import application
from server.base.api import Routes
from server.base.office import Office
from server.people.doorkeeper import Doorkeeper
from server.people.routes import NOUNS
from server.people.store import Person
from tests.people import PASSWORD


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers and the JSON body (None for any other)."""

    status: int
    body: Any
    raw: bytes
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.body["code"])


@dataclass(slots=True)
class Browser:
    """One browser; `headers` go with every request."""

    client: TestClient[Any, Any]
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """A call of `/api/v1` + path, or of the whole path where it begins with `/api/`."""
        headers = self.headers | ({"X-CSRF-Token": self.csrf} if self.csrf else {}) | options.pop("headers", {})
        if body is not None:
            options["json"] = body
        whole = path if path.startswith("/api/") else f"/api/v1{path}"
        async with self.client.request(method, whole, headers=headers, **options) as answer:
            return await _read(answer)

    async def get(self, path: str, **options: Any) -> Answer:
        return await self.ask("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return await self.ask("POST", path, body, **options)

    async def patch(self, path: str, body: Any = None, **options: Any) -> Answer:
        return await self.ask("PATCH", path, body, **options)

    async def delete(self, path: str, **options: Any) -> Answer:
        return await self.ask("DELETE", path, **options)

    async def sign_in(self, account: str, password: str = PASSWORD) -> Answer:
        answer = await self.post("/session", {"account": account, "password": password})
        if answer.status == 201:
            self.csrf = answer.body["csrf"]
        return answer

    async def socket(self) -> ClientWebSocketResponse:
        return await self.client.ws_connect("/socket")

    @property
    def cookie(self) -> str | None:
        """The value of the session's cookie."""
        found = self.client.session.cookie_jar.filter_cookies(URL(str(self.client.make_url("/")))).get("session")
        return found.value if found else None


async def _read(answer: ClientResponse) -> Answer:
    raw = await answer.read()
    body = await answer.json(content_type=None) if raw and answer.content_type.endswith("json") else None
    return Answer(answer.status, body, raw, dict(answer.headers))


@dataclass(slots=True)
class House:
    """A running application."""

    server: TestServer
    office: Office
    doorkeeper: Doorkeeper
    clients: list[TestClient[Any, Any]] = field(default_factory=list)

    def browser(self, **headers: str) -> Browser:
        """A browser that nobody has signed in on."""
        client: TestClient[Any, Any] = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        self.clients.append(client)
        return Browser(client, headers=headers)

    async def browser_of(self, person: Person) -> Browser:
        """A browser on which the person has signed in."""
        browser = self.browser()
        answer = await browser.sign_in(person.staff_number)
        assert answer.status == 201, answer.body
        return browser


@contextlib.asynccontextmanager
async def a_house(
    office: Office, nouns: Sequence[Routes] = NOUNS, attach: Callable[[web.Application], object] | None = None
) -> AsyncIterator[House]:
    """The application over `office` with the endpoints of these nouns, and what else `attach` gives it."""
    door = Doorkeeper(office)
    app = application.make(office, door, nouns, (), office.services.settings.web)
    if attach is not None:
        attach(app)
    server = TestServer(app)
    await server.start_server()
    house = House(server, office, door)
    try:
        yield house
    finally:
        for client in house.clients:
            await client.session.close()
        await server.close()
