"""Presence checks: the timer, what becomes of a check, what a missed one voids."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from server.rules.checks import ENDLESS_MS, Check, Outcome, Void, answer, may_ask, settle, show, voids, wind
from server.rules.policy import Policies
from server.rules.stretches import Stretch
from tests.rules.browser import at

POLICY = Policies.shipped().documents[0].policy
ASKED = at("09:40:00")
DUE = ASKED + 120_000


def asked(at_ms: int = ASKED, stay: str = "office") -> Check:
    return Check(stay, at_ms, POLICY.presence_answer_s)


def answered(at_ms: int) -> Check:
    return answer(show(asked(at_ms), at_ms), at_ms + 5_000)


def missed(at_ms: int, stay: str = "office") -> Check:
    return replace(show(asked(at_ms, stay), at_ms), missed_ms=at_ms + 120_001)


def settled(check: Check, now_ms: int, *, heard_ms: int | None = None, stay_ended: bool = False) -> Check:
    return settle(check, now_ms if heard_ms is None else heard_ms, stay_ended, now_ms, POLICY)


@given(st.floats(0, 1, exclude_max=True))
def test_the_timer_rings_between_twenty_and_thirty_minutes_of_earning_time(chance: float) -> None:
    timer = wind(chance, POLICY)
    assert not timer.earn(20 * 60_000 - 1).rung
    assert timer.earn(30 * 60_000).rung


def test_only_earning_time_moves_the_timer() -> None:
    timer = wind(0.0, POLICY).earn(19 * 60_000)
    assert not timer.earn(0).rung
    assert timer.earn(60_000).rung


def test_a_check_answered_in_its_last_moment_is_answered() -> None:
    assert answer(show(asked(), ASKED), DUE).outcome is Outcome.ANSWERED
    assert answer(show(asked(), ASKED), DUE + 1).outcome is Outcome.MISSED


def test_the_time_to_answer_runs_from_the_moment_the_dialog_was_shown() -> None:
    check = show(asked(), ASKED + 20_000)
    assert settled(check, DUE + 20_000).outcome is Outcome.WAITING
    assert settled(check, DUE + 20_001).outcome is Outcome.MISSED


def test_a_check_never_shown_is_withdrawn_and_not_missed() -> None:
    assert settled(asked(), DUE + 1).outcome is Outcome.WITHDRAWN


def test_a_check_due_while_the_line_is_lost_is_withdrawn() -> None:
    check = show(asked(), ASKED)
    assert settled(check, DUE + 1, heard_ms=DUE - 30_001).outcome is Outcome.WITHDRAWN
    assert settled(check, DUE + 1, heard_ms=DUE - 30_000).outcome is Outcome.MISSED


def test_a_check_open_when_the_stay_ends_is_withdrawn() -> None:
    assert settled(show(asked(), ASKED), ASKED + 10_000, stay_ended=True).outcome is Outcome.WITHDRAWN


def test_what_is_decided_stays_decided() -> None:
    for check in (answered(ASKED), missed(ASKED), replace(asked(), withdrawn_ms=DUE)):
        assert settled(check, DUE + 600_000, stay_ended=True) == check
    assert show(missed(ASKED), DUE) == missed(ASKED)
    assert answer(answered(ASKED), DUE) == answered(ASKED)


def test_at_most_three_checks_are_decided_in_a_class() -> None:
    two = [answered(ASKED), missed(ASKED + 1_500_000)]
    withdrawn = replace(asked(ASKED + 1_600_000), withdrawn_ms=ASKED + 1_800_000)
    assert may_ask([*two, withdrawn], POLICY)
    assert not may_ask([*two, withdrawn, answered(ASKED + 3_000_000)], POLICY)


def test_none_is_asked_while_another_waits() -> None:
    assert not may_ask([asked()], POLICY)


def test_the_first_missed_one_voids_from_the_last_sign_of_activity() -> None:
    check = answer(missed(ASKED), DUE + 60_000)
    signs = [at("09:12:00"), at("09:31:00"), at("09:45:00")]
    assert voids([check], signs) == (Void(Stretch(at("09:31:00"), ASKED)),)


def test_what_an_answered_check_verified_stays_verified() -> None:
    first, second = answered(at("09:20:00")), answer(missed(ASKED), DUE + 60_000)
    assert voids([second, first], [at("09:10:00")]) == (Void(Stretch(at("09:20:05"), ASKED)),)


def test_a_further_missed_one_voids_since_the_check_before_whatever_was_written_meanwhile() -> None:
    later = at("10:05:00")
    checks = [missed(ASKED), answer(missed(later), later + 130_000)]
    assert voids(checks, [at("09:31:00"), at("10:00:00")]) == (
        Void(Stretch(at("09:31:00"), ASKED)),
        Void(Stretch(ASKED, later)),
    )


def test_the_dialog_left_open_voids_the_rest_of_its_own_stay_only() -> None:
    assert voids([missed(ASKED)], [at("09:31:00")])[-1] == Void(Stretch(ASKED, ENDLESS_MS), "office")


def test_a_later_answer_in_the_same_stay_verifies_the_time_since_the_missed_one() -> None:
    assert voids([missed(ASKED), answered(at("10:05:00"))], [at("09:31:00")]) == (Void(Stretch(at("09:31:00"), ASKED)),)
