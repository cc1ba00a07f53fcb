"""The first screen of a learner: the classes that come next, the year, and what can be repaired."""

from datetime import date

from server.attendance import store as attendance
from server.base.api import SIGNED_IN, Ask, Routes, View
from server.hours.record_view import GapView, YearView, gap_views, year_view
from server.hours.views import EntryView, entry_views
from server.hours.year import record
from server.live.views import ClassView, agenda
from server.people import store as people
from server.rules.refusal import unknown
from server.rules.year import day_of, year_of

routes = Routes("home")


class HomeView(View):
    """Classes on air, soon (within half an hour, or waiting) and in the next days; the year; its rows; its gaps.

    `first_day`: nothing was ever studied. `counts_for`: the year for which study counts now, None in a December
    that counts for none; `counts_again`: the day from which it does then.
    """

    on_air: list[ClassView]
    soon: list[ClassView]
    next: list[ClassView]
    year: YearView
    entries: list[EntryView]
    gaps: list[GapView]
    first_day: bool
    counts_for: int | None
    counts_again: date | None


@routes.get("/api/v1/me/home", power=SIGNED_IN, title="What comes next for me, and how my year stands")
async def home(ask: Ask) -> HomeView:
    policies = ask.services.policies
    policy = policies.in_force(ask.now)
    year = day_of(ask.now, policy).year
    counts_for = year_of(ask.now, policy)
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
            first_day=not found.entries and not await attendance.has_stayed(tx, ask.me),
            counts_for=counts_for,
            counts_again=policy.year_start.of(year + 1) if counts_for is None else None,
        )
