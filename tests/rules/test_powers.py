"""Properties of the one question that the whole platform asks: may this person do that."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from server.rules.powers import (
    BUNDLES,
    BY_AUTHORITY,
    NEVER_OWN,
    Holding,
    Power,
    Role,
    Scope,
    ScopeKind,
    Target,
    TargetKind,
    may,
    reach,
    sees,
    within,
)

NOW = datetime(2026, 9, 16, tzinfo=UTC)
ME, OTHER = UUID(int=1), UUID(int=2)
PATHS = some.sampled_from(["", "1/", "1/34/", "1/34/7/", "1/340/", "1/35/"])
SUBTREES = some.builds(Scope, some.just(ScopeKind.UNIT), PATHS)
PEOPLE = some.builds(
    Target, some.just(TargetKind.PERSON), owner=some.sampled_from([ME, OTHER]), unit_path=PATHS, authority_path=PATHS
)
POWERS = some.sampled_from(list(Power))
ROLES = some.sampled_from(list(Role))


@given(ROLES, SUBTREES, POWERS, PEOPLE)
def test_what_may_be_done_may_be_seen(role: Role, scope: Scope, power: Power, target: Target) -> None:
    held = [Holding(role, scope)]
    people = {Power.PEOPLE_CHANGE, Power.PEOPLE_STOP, Power.PEOPLE_RESET, Power.ROLES_GIVE, Power.HOURS_SEE}
    if power in people and may(held, power, target, NOW, ME):
        assert sees(held, target, NOW, ME)


@given(ROLES, SUBTREES, POWERS, PEOPLE)
def test_a_record_follows_the_managing_authority_and_never_the_unit(
    role: Role, scope: Scope, power: Power, target: Target
) -> None:
    if power in BY_AUTHORITY and role is not Role.LECTURER and may([Holding(role, scope)], power, target, NOW, ME):
        assert within(target.authority_path, scope.path)


@given(ROLES, POWERS)
def test_nobody_decides_on_their_own(role: Role, power: Power) -> None:
    own = Target(TargetKind.PERSON, owner=ME, unit_path="1/", authority_path="1/")
    if power in NEVER_OWN:
        assert not may([Holding(role, Scope(ScopeKind.ALL))], power, own, NOW, ME)


@given(ROLES, POWERS, PEOPLE)
def test_nobody_may_anything_without_a_role(role: Role, power: Power, target: Target) -> None:
    assert not may([], power, target, NOW, ME)
    assert not may([], power, None, NOW, ME)
    assert not may([Holding(role, Scope(ScopeKind.ALL), until=NOW)], power, target, NOW, ME)


def test_a_subtree_is_not_a_common_beginning_of_numbers() -> None:
    assert not within("1/340/", "1/34/")
    assert within("1/34/7/", "1/34/")
    assert not within("", "")


def test_who_changes_nothing_holds_no_deciding_power() -> None:
    for role in (Role.AUDITOR, Role.DEPARTMENT):
        assert not BUNDLES[role] & (NEVER_OWN | {Power.LIVE_CUT, Power.LIVE_RUN, Power.PEOPLE_ENROL, Power.LIVE_PLAN})


@pytest.mark.parametrize("role", [Role.LECTURER, Role.ASSISTANT])
@pytest.mark.parametrize("kind", [ScopeKind.ALL, ScopeKind.UNIT, ScopeKind.SELF])
def test_lecturers_and_assistants_run_only_their_own_classes(role: Role, kind: ScopeKind) -> None:
    held = [Holding(role, Scope(kind, "1/"))]
    mine = frozenset({ME})
    other = Target(TargetKind.CLASS, unit_path="1/", class_id=OTHER)
    own = Target(TargetKind.CLASS, unit_path="1/", class_id=OTHER, lecturers=mine, assistants=mine)
    assert may(held, Power.LIVE_RUN, own, NOW, ME)
    assert not may(held, Power.LIVE_RUN, other, NOW, ME)


def test_every_power_is_held_by_some_role() -> None:
    assert frozenset().union(*BUNDLES.values()) == set(Power)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_its_bundle(role: Role) -> None:
    assert BUNDLES[role]


def test_reach_gives_the_scopes_that_bound_a_list() -> None:
    held = [
        Holding(Role.SUB_CENTRE_ADMIN, Scope(ScopeKind.UNIT, "1/34/")),
        Holding(Role.SUB_CENTRE_ADMIN, Scope(ScopeKind.UNIT, "1/35/"), until=NOW),
        Holding(Role.LEARNER, Scope(ScopeKind.SELF, "1/34/")),
    ]
    assert reach(held, Power.PEOPLE_SEE, NOW) == (Scope(ScopeKind.UNIT, "1/34/"),)
