"""Routes as typed functions: shape, power and target are declared, everything else is done here once.

Default deny: a route or message cannot be declared without a power, and `PUBLIC` and `SIGNED_IN`
(one's own affairs) are written out like any other.
"""

import inspect
import typing
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.office import Office
from server.base.services import Services
from server.base.work import Actor, Work
from server.rules.powers import Power, Target

P = ParamSpec("P")
T = TypeVar("T")


class Open(Enum):
    """Powers that everybody has: what is public, and one's own affairs once signed in."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    INTERNAL = "internal"
    """Only for the media process; the handler checks the signature."""


PUBLIC, SIGNED_IN, INTERNAL = Open.PUBLIC, Open.SIGNED_IN, Open.INTERNAL


class Body(BaseModel):
    """What a request brings; a field that is not named is refused (mass assignment)."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Query(Body):
    """The query string; numbers and identifiers are read from text."""


class View(BaseModel):
    """What an answer shows."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in as the router needs it; kept by `people`."""

    id: str
    actor: Actor
    csrf: str
    restricted: bool = False
    """Only routes with `restricted=True` answer: a first password must be changed, the terms be read."""


class Doorkeeper(Protocol):
    """Who knows sessions and keeps the log of looks (carried out by `people`)."""

    async def session(self, token: str | None, *, used: bool = True) -> Session | None:
        """The sign-in of a token; `used`: a person does something, so it lives on."""
        ...

    async def looked(self, actor: Actor, person: UUID, what: str) -> None: ...

    def attended(self, session_id: str) -> None:
        """Being attended keeps a session."""
        ...


class SocketView(Protocol):
    """What a handler may do with the socket on which it was asked."""

    id: str

    def subscribe(self, topic: str) -> None: ...

    def unsubscribe(self, topic: str) -> None: ...

    def send(self, type: str, data: dict[str, Any]) -> None: ...


@dataclass(slots=True)
class Ask:
    """One request or message: who asks, and what is needed to answer."""

    office: Office
    services: Services
    actor: Actor
    session: Session | None
    doorkeeper: Doorkeeper
    request: web.Request
    socket: SocketView | None = None
    target: Target | None = None
    """What the power was asked about, as it was read for that."""
    cookies: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None

    @property
    def now(self) -> datetime:
        return self.office.clock.now()

    @property
    def me(self) -> UUID:
        """The account that asks; only where somebody is signed in."""
        assert self.actor.id is not None
        return self.actor.id

    async def do(self, verb: Callable[Concatenate[Work, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `verb` as the one who asks."""
        return await self.office.do(self.actor, verb, *args, **kwargs)

    def read(self, *, near: bool = False) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.office.read(near=near)


TargetOf = Callable[..., Awaitable[Target | None]]
Handler = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint (`method` GET, POST, …) or socket message (`method` MESSAGE) or topic (TOPIC).

    `weight`: as how many more messages a message counts in the pace of its person.
    """

    method: str
    path: str
    noun: str
    power: Power | Open
    target: TargetOf | None
    handler: Handler
    title: str
    status: int
    look: str | None
    restricted: bool
    body: TypeAdapter[Any] | None
    body_type: type[Body] | None
    query: type[Query] | None
    params: dict[str, type]
    answer: Any
    max_body: int
    upload: bool
    weight: float
    away: Handler | None
    """What answers instead, with the same parameters, while the database can't be asked."""
    used: bool
    """Whether a message is what a person does, and so keeps the sign-in; pages send others by themselves."""


class Routes:
    """The endpoints, messages and topics of one noun."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self.routes: list[Route] = []

    def get(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self._add("GET", path, options)

    def post(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self._add("POST", path, options)

    def put(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self._add("PUT", path, options)

    def patch(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self._add("PATCH", path, options)

    def delete(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self._add("DELETE", path, options)

    def message(self, type: str, **options: Any) -> Callable[[Handler], Handler]:
        """A socket message `noun.verb`; the target is asked with the body's fields as keywords."""
        return self._add("MESSAGE", type, options)

    def topic(self, kind: str, *, power: Power | Open, target: TargetOf | None, check: Handler | None = None) -> None:
        """Who may listen to topics `kind:<id>`; `target` is asked with `id` (a UUID), `check`, too, and may refuse."""
        self.routes.append(_route("TOPIC", kind, self.noun, check or _topic, {"power": power, "target": target}))

    def _add(self, method: str, path: str, options: dict[str, Any]) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self.routes.append(_route(method, path, self.noun, handler, options))
            return handler

        return keep


async def _topic(ask: Ask, **_: UUID) -> None:
    """Nothing more is asked of who joins."""


def _route(method: str, path: str, noun: str, handler: Handler, options: dict[str, Any]) -> Route:
    known = {
        "power", "target", "title", "status", "look", "restricted", "max_body", "noun", "upload", "weight", "used",
        "away",
    }  # fmt: skip
    if unknown := set(options) - known:
        raise TypeError(f"{method} {path}: unknown options {sorted(unknown)}")
    if not isinstance(options.get("power"), (Power, Open)):
        raise TypeError(f"{method} {path}: a route without a declared power does not start")
    hints = typing.get_type_hints(handler)
    answer = hints.pop("return", None)
    names = [name for name in inspect.signature(handler).parameters if name != "ask"]
    body, query = hints.get("body"), hints.get("query")
    return Route(
        method=method,
        path=path,
        noun=options.get("noun", noun),
        power=options["power"],
        target=options.get("target"),
        handler=handler,
        title=options.get("title") or (handler.__doc__ or path).strip().split("\n")[0],
        status=options.get("status", 200 if answer not in (None, type(None)) else 204),
        look=options.get("look"),
        restricted=options.get("restricted", False),
        body=TypeAdapter(body) if body is not None else None,
        body_type=body,
        query=query,
        params={name: hints[name] for name in names if name not in {"body", "query"}},
        answer=None if answer is type(None) else answer,
        max_body=options.get("max_body", 256 * 1024),
        upload=options.get("upload", False),
        weight=options.get("weight", 0.0),
        away=options.get("away"),
        used=options.get("used", True),
    )
