"""One stay as a state machine: what each beat opens, closes, covers and loses."""

from dataclasses import replace

import pytest

from server.rules.evidence import replay
from server.rules.policy import Policies
from server.rules.presence import Beat, Earning, Presence, Reason, Verdict, advance, change_earning
from server.rules.stretches import Stretch
from tests.rules.browser import Browser, at

POLICY = Policies.shipped().documents[0].policy
NINE = at("09:00:00")


def verdicts(browser: Browser) -> tuple[Verdict, ...]:
    return replay(browser.evidence, POLICY, Presence(POLICY.speed_elective))[1]


def counted_ms(browser: Browser) -> int:
    return sum(each.counted_ms for each in verdicts(browser))


def live() -> Browser:
    return Browser(NINE, NINE)


def second(seconds: float) -> int:
    return NINE + int(seconds * 1000)


@pytest.mark.parametrize(("silence_s", "lost_s"), [(30, 0), (30.001, 30.001), (31, 31)])
def test_a_silence_longer_than_thirty_seconds_is_lost(silence_s: float, lost_s: float) -> None:
    browser = live().silence(second(silence_s)).watch(second(silence_s + 60))
    assert counted_ms(browser) == round((silence_s + 60 - lost_s) * 1000)


def test_a_pause_counts_the_time_up_to_it_and_nothing_after() -> None:
    browser = live().watch(second(20)).change(playing=False).watch(second(50)).change(playing=True)
    assert counted_ms(browser.watch(second(60))) == 30_000


def test_a_beat_that_is_not_visible_closes_the_interval_and_opens_none() -> None:
    browser = live().watch(second(15))
    browser.visible = False
    browser.watch(second(30))
    browser.visible = True
    assert counted_ms(browser.watch(second(60))) == 15_000 + 15_000


def test_a_jump_forward_is_a_seek_and_what_was_jumped_over_is_told() -> None:
    browser = Browser(NINE, NINE - 600_000).watch(second(15)).seek(NINE - 300_000).watch(second(30))
    assert counted_ms(browser) == 30_000
    cuts = [cut for each in verdicts(browser) for cut in each.cuts]
    assert [(cut.media, cut.reason) for cut in cuts] == [(Stretch(NINE - 585_000, NINE - 300_000), Reason.SEEK)]


def test_a_jump_back_covers_what_is_seen_again() -> None:
    browser = live().watch(second(60)).seek(NINE).watch(second(90))
    media = [each.media for verdict in verdicts(browser) for each in verdict.covered]
    assert sum(each.length_ms for each in media) == 90_000
    assert max(each.until_ms for each in media) == second(60)


def test_two_seconds_ahead_of_the_allowed_are_no_seek_but_do_not_count_either() -> None:
    state, _ = advance(earning(), beat(1, NINE - 60_000, 0, NINE), POLICY)
    _, ahead = advance(state, beat(2, NINE - 60_000 + 15_000 + 2000, 10_000, second(10)), POLICY)
    assert (ahead.counted_ms, ahead.reason) == (15_000, Reason.SPEED)
    _, beyond = advance(state, beat(2, NINE - 60_000 + 15_000 + 2001, 10_000, second(10)), POLICY)
    assert (beyond.counted_ms, beyond.reason) == (0, Reason.SEEK)


def test_the_browser_cannot_claim_more_time_than_the_server_saw() -> None:
    state, _ = advance(earning(), beat(1, NINE - 600_000, 0, NINE), POLICY)
    _, verdict = advance(state, beat(2, NINE - 591_000, 30_000, second(5)), POLICY)
    assert (verdict.counted_ms, verdict.earned_ms) == (7_500, 5_000)


def test_nothing_is_covered_beyond_what_has_been_broadcast() -> None:
    state, _ = advance(earning(), beat(1, NINE, 0, NINE), POLICY)
    _, verdict = advance(state, beat(2, second(16), 15_000, second(15)), POLICY)
    assert [each.media for each in verdict.covered] == [Stretch(NINE, second(15))]


def test_beats_kept_while_the_line_was_lost_count_in_their_order() -> None:
    browser = live().watch(second(60)).cut_line().watch(second(160)).change(playing=False).watch(second(171))
    browser.change(playing=True).mend_line().watch(second(180))
    assert counted_ms(browser) == 160_000 + 9_000


def test_kept_beats_add_up_to_no_more_than_the_silence() -> None:
    browser = Browser(NINE, NINE - 600_000).watch(second(60)).cut_line().watch(second(160)).mend_line(second(100))
    assert counted_ms(browser) == 60_000 + 40_000 + 5_000  # the last interval may run at top speed


def test_kept_beats_sent_too_late_earn_nothing_and_the_next_interval_counts() -> None:
    browser = live().watch(second(60)).cut_line().watch(second(240)).mend_line().watch(second(270))
    assert counted_ms(browser) == 60_000 + 30_000
    assert Reason.LATE in {each.reason for each in verdicts(browser)}


def test_an_unused_silence_cannot_be_saved_up() -> None:
    browser = Browser(NINE, NINE - 3_600_000)
    for minute in range(60):
        browser.beats.append(beat(2 + minute, NINE - 3_600_000, 0, second(20 * minute + 20)))
    greedy = [beat(62 + n, NINE - 3_600_000 + 30_000 * (n + 1), 30_000, second(1201)) for n in range(40)]
    browser.beats += greedy
    assert counted_ms(browser) <= 46_500  # one allowed silence, at top speed


def test_a_beat_sent_again_changes_nothing() -> None:
    browser = live().watch(second(60))
    state, _ = replay(browser.evidence, POLICY, Presence(POLICY.speed_elective))
    again, verdict = advance(state, replace(browser.beats[2], received_ms=second(90)), POLICY)
    assert again is state
    assert verdict == Verdict(3, reason=Reason.AGAIN)


def test_a_number_left_out_loses_what_lies_before_it() -> None:
    browser = live().watch(second(60))
    del browser.beats[2]
    assert counted_ms(browser) == 60_000 - 30_000
    assert [each.reason for each in verdicts(browser) if each.reason] == [Reason.ORDER]


def test_a_stay_takes_no_beat_after_its_end() -> None:
    browser = live().watch(second(30)).end().watch(second(60))
    assert counted_ms(browser) == 30_000
    assert verdicts(browser)[-1].reason is Reason.ENDED


def test_a_stay_earns_only_while_the_learner_chose_it() -> None:
    browser = live().watch(second(20)).hold(Reason.SECOND_DEVICE).watch(second(40)).hold(None).watch(second(60))
    assert counted_ms(browser) == 40_000
    cuts = {cut.reason for each in verdicts(browser) for cut in each.cuts}
    assert cuts == {Reason.SECOND_DEVICE}


def test_an_interval_that_a_take_over_parts_counts_up_to_it() -> None:
    browser = live().watch(second(15))
    browser.earning.append(Earning(second(20), Reason.SECOND_DEVICE))
    browser.watch(second(30))
    assert counted_ms(browser) == 20_000


def test_a_stay_told_twice_to_earn_has_earned_since_the_first() -> None:
    state = change_earning(change_earning(earning(), Earning(second(5), None)), Earning(second(9), Reason.REST))
    assert (state.earns_from_ms, state.earns_until_ms, state.held) == (NINE, second(9), Reason.REST)


def test_a_picture_that_stands_still_covers_nothing() -> None:
    browser = live()
    browser.rate = 0
    assert [each.reason for each in verdicts(browser.watch(second(15)))] == [None, Reason.STALLED]


def test_a_receipt_clock_put_back_gives_no_time_out_twice() -> None:
    browser = Browser(NINE, NINE - 600_000).watch(second(60))
    state, _ = replay(browser.evidence, POLICY, Presence(POLICY.speed_elective))
    back, verdict = advance(state, beat(6, NINE - 540_000 + 15_000, 15_000, second(15)), POLICY)
    assert (back.at_ms, back.received_ms, verdict.earned_ms) == (state.at_ms, state.received_ms, 0)


def earning() -> Presence:
    return change_earning(Presence(POLICY.speed_elective), Earning(NINE, None))


def beat(seq: int, position_ms: int, since_ms: int, received_ms: int) -> Beat:
    return Beat(seq, position_ms, 1.0, since_ms, playing=True, visible=True, ended=False, received_ms=received_ms)
