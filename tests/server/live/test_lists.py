"""Who may know of a class: the condition on the table and the rule agree; what comes next for somebody."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.base.office import Office
from server.base.work import SYSTEM, VISITOR, Actor
from server.live import store
from server.live.lists import visible_to
from server.live.targets import target_of
from server.live.views import agenda
from server.rules.live import State
from server.rules.powers import Holding, Role, Scope, ScopeKind, sees
from tests.clock import TestClock
from tests.server.live.classes import ASSISTANT, LECTURER, planned

A, B, STRANGER = "a/", "a/b/", UUID("01980000-0000-7000-8000-000000000009")
PATHS = ["", A, B, "a/c/", "x/", "ab/"]
_NOW = datetime(2026, 9, 15, 1, 0, tzinfo=UTC)

scopes = st.builds(Scope, st.sampled_from(list(ScopeKind)), st.sampled_from(PATHS), st.none())
holdings = st.builds(
    Holding, st.sampled_from(list(Role)), scopes, st.sampled_from([None, _NOW, _NOW + timedelta(days=1)])
)
actors = st.builds(Actor, st.sampled_from([LECTURER, ASSISTANT, STRANGER]), st.lists(holdings, max_size=3).map(tuple))


@given(actor=actors)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_list_shows_exactly_what_the_rule_lets_one_see(office: Office, actor: Actor) -> None:
    async with office.read() as tx:
        found = await store.listed(tx)
    if not found:
        for unit in PATHS[1:]:
            for audience in ("", A, B, "x/"):
                found.append(await office.do(SYSTEM, planned, unit_path=unit, audience_path=audience))
    async with office.read() as tx:
        shown = {lesson.id for lesson in await store.listed(tx, visible_to(actor, _NOW))}
    assert actor.id is not None
    assert shown == {each.id for each in found if sees(actor.holdings, target_of(each), _NOW, actor.id)}


async def test_a_visitor_sees_no_class_and_the_system_all(office: Office) -> None:
    lesson = await office.do(SYSTEM, planned)
    async with office.read() as tx:
        assert await store.listed(tx, visible_to(VISITOR, _NOW)) == []
        assert [each.id for each in await store.listed(tx, visible_to(SYSTEM, _NOW))] == [lesson.id]


async def test_what_comes_next_is_on_air_then_soon_then_later(office: Office, clock: TestClock) -> None:
    learner = Actor(STRANGER, (Holding(Role.LEARNER, Scope(ScopeKind.SELF, B)),))

    async def at(minutes: int, state: State = State.SCHEDULED, audience_path: str = "") -> UUID:
        starts_at = clock.now() + timedelta(minutes=minutes)
        made = await office.do(SYSTEM, planned, starts_at=starts_at, state=state, audience_path=audience_path)
        return made.id

    on_air, waiting = await at(-20, State.ON_AIR), await at(40, State.WAITING)
    soon, later = await at(29), [await at(60 * (each + 1)) for each in range(6)]
    for state in (State.ENDED, State.CANCELLED):
        await at(-200, state)
    await at(10, audience_path="x/")
    async with office.read() as tx:
        found = await agenda(tx, learner, clock.now(), office.services.policies)
    assert [view.id for view in found.on_air] == [on_air]
    assert [view.id for view in found.soon] == [soon, waiting]
    assert [view.id for view in found.next] == later[:5]
    assert found.on_air[0].may == ["attend", "speak", "watch"]
