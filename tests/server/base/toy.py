"""A noun made for the tests of the base, a doorkeeper who knows everybody by their token, and a client."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.api import INTERNAL, PUBLIC, SIGNED_IN, Ask, Body, Query, Routes, Session, View
from server.base.application import make
from server.base.office import Office
from server.base.work import Actor, Work
from server.rules.powers import Holding, Power, Role, Scope, ScopeKind, Target, TargetKind
from server.rules.refusal import Article, Refusal

LEARNER, ADMIN = UUID(int=1), UUID(int=2)
THERE, ELSEWHERE, NOWHERE = UUID(int=10), UUID(int=11), UUID(int=12)
FULL = Holding(Role.ACADEMY_ADMIN, Scope(ScopeKind.ALL))

toys = Routes("toy")


class Sum(View):
    total: int


class Pair(Body):
    a: int
    b: int


class Page(Query):
    page: int = 1


async def toy_target(tx: AsyncConnection, toy_id: UUID) -> Target | None:
    """A toy of the learner, one of somebody else, and none."""
    owner = {THERE: LEARNER, ELSEWHERE: UUID(int=3)}.get(toy_id)
    return Target(TargetKind.PERSON, owner=owner, unit_path="a/", authority_path="a/") if owner else None


async def topic_target(tx: AsyncConnection, id: UUID) -> Target | None:
    return await toy_target(tx, id)


@toys.post("/api/v1/toys/sum", power=PUBLIC)
async def add(ask: Ask, body: Pair) -> Sum:
    """Add two numbers."""
    return Sum(total=body.a + body.b)


@toys.get("/api/v1/toys", power=SIGNED_IN)
async def many(ask: Ask, query: Page) -> Sum:
    return Sum(total=query.page)


@toys.get("/api/v1/toys/{toy_id}", power=Power.HOURS_SEE, target=toy_target, look="toy")
async def one(ask: Ask, toy_id: UUID) -> Sum:
    return Sum(total=1)


@toys.post("/api/v1/toys/{toy_id}/stop", power=Power.PEOPLE_STOP, target=toy_target)
async def stop(ask: Ask, toy_id: UUID) -> None:
    raise Refusal("toy.stopped", basis=Article(8), field="toy_id", until=3)


@toys.get("/api/v1/broken", power=PUBLIC)
async def broken(ask: Ask) -> Sum:
    raise RuntimeError("a secret that nobody may read")


@toys.get("/api/v1/misshapen", power=PUBLIC)
async def misshapen(ask: Ask) -> Sum:
    return Sum.model_validate({"total": "not a number"})


@toys.post("/api/internal/toys", power=INTERNAL)
async def inner(ask: Ask, body: Pair) -> None:
    return None


@toys.message("toy.add", power=SIGNED_IN)
async def add_by_message(ask: Ask, body: Pair) -> Sum:
    return Sum(total=body.a + body.b)


@toys.message("toy.break", power=SIGNED_IN)
async def break_by_message(ask: Ask, body: Body) -> None:
    raise RuntimeError("a secret that nobody may read")


toys.topic("toy", power=Power.HOURS_SEE, target=topic_target)


async def push(work: Work, topic: str, text: str) -> None:
    """Tell everybody who listens to `topic`."""
    work.push(topic, "toy.told", {"text": text})


@dataclass
class Doorkeeper:
    """Knows `learner`, `admin` and `new` (restricted) by these very tokens."""

    ended: set[str] = field(default_factory=set)
    looks: list[tuple[UUID | None, UUID, str]] = field(default_factory=list)

    async def session(self, token: str | None, *, used: bool = True) -> Session | None:
        if token in self.ended:
            return None
        if token == "learner":
            return Session("s1", Actor(LEARNER, (), "s1"), "csrf")
        if token == "admin":
            return Session("s2", Actor(ADMIN, (FULL,), "s2"), "csrf")
        if token == "new":
            return Session("s3", Actor(UUID(int=4), (), "s3"), "csrf", restricted=True)
        return None

    async def looked(self, actor: Actor, person: UUID, what: str) -> None:
        self.looks.append((actor.id, person, what))

    def attended(self, session_id: str) -> None: ...


def client(office: Office, doorkeeper: Doorkeeper, **options: Any) -> TestClient[Any, Any]:
    """A client of an application that serves only toys."""
    return TestClient(TestServer(make(office, doorkeeper, [toys], [], Path("no-pages"))), **options)
