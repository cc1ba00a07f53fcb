"""The first page of a visitor: whose academy this is, what is public today, where to ask; nothing of persons."""

from datetime import datetime, timedelta
from uuid import UUID

from server.base.api import PUBLIC, Ask, Routes, View
from server.live import lists
from server.live.store import LiveClass
from server.people import store as people
from server.people import units
from server.rules.year import day_begins, day_of

routes = Routes("portal")


class AcademyView(View):
    """`telephone` is that of the academy, not of a person."""

    name: str
    telephone: str | None


class PublicClass(View):
    """An announced class for everybody; who teaches it is not said."""

    id: UUID
    title: str
    family: str
    starts_at: datetime
    planned_minutes: int
    state: str


class DocumentLine(View):
    """A document that everybody may read, at `path`."""

    name: str
    path: str


class PortalView(View):
    """`today`: the classes for everybody that begin today; empty where the deployment keeps them to itself."""

    academy: AcademyView
    today: list[PublicClass]
    documents: list[DocumentLine]


DOCUMENTS = [DocumentLine(name=each, path=f"/{each}") for each in ("regulation", "policy", "accessibility", "help")]


@routes.get("/api/v1/portal", power=PUBLIC, title="What the academy shows to everybody")
async def portal(ask: Ask) -> PortalView:
    settings = ask.services.settings
    async with ask.read() as tx:
        top = await units.root(tx)
        open_ = settings.portal_classes or await people.mark(tx, "demo") is not None
        policy = ask.services.policies.in_force(ask.now)
        begin = day_begins(day_of(ask.now, policy), policy)
        found = await lists.for_everybody(tx, begin, begin + timedelta(days=1)) if open_ else []
    academy = AcademyView(name=settings.academy, telephone=top.telephone if top else None)
    return PortalView(academy=academy, today=[_line(each) for each in found], documents=DOCUMENTS)


def _line(lesson: LiveClass) -> PublicClass:
    return PublicClass(
        id=lesson.id, title=lesson.title, family=lesson.family.value, starts_at=lesson.starts_at,
        planned_minutes=lesson.planned_minutes, state=lesson.state.value,
    )  # fmt: skip
