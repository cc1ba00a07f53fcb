"""The first screen of a learner: the classes that come next, the year, and what can be repaired."""

from server.base.api import SIGNED_IN, Ask, Routes, View
from server.hours.record_view import GapView, YearView, gap_views, year_view
from server.hours.views import EntryView, entry_views
from server.hours.year import record
from server.live.views import ClassView, agenda
from server.people import store as people
from server.rules.refusal import unknown
from server.rules.year import day_of

routes = Routes("home")


class HomeView(View):
    """Classes on air, soon (within half an hour, or waiting) and in the next days; the year; its rows; its gaps."""

    on_air: list[ClassView]
    soon: list[ClassView]
    next: list[ClassView]
    year: YearView
    entries: list[EntryView]
    gaps: list[GapView]


@routes.get("/api/v1/me/home", power=SIGNED_IN, title="What comes next for me, and how my year stands")
async def home(ask: Ask) -> HomeView:
    policies = ask.services.policies
    year = day_of(ask.now, policies.in_force(ask.now)).year
    async with ask.read() as tx:
        person = await people.person(tx, ask.me)
        if person is None:
            raise unknown("person")
        found = await record(tx, person, year, ask.now, policies)
        coming = await agenda(tx, ask.actor, ask.now, policies)
        return HomeView(
            on_air=coming.on_air,
            soon=coming.soon,
            next=coming.next,
            year=year_view(person, found),
            entries=await entry_views(tx, found.entries),
            gaps=await gap_views(tx, found),
        )
