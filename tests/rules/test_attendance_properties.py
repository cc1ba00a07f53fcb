"""Whatever browsers and wires do: no instant twice, no more than real time, no more than the air time."""

from dataclasses import asdict, replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from server.rules.attendance import assess
from server.rules.evidence import Evidence, StayEvidence, replay
from server.rules.policy import Policies
from server.rules.presence import Beat, Covered, Earning, Presence, Reason
from server.rules.stretches import Stretch, intersection, stretch, total_ms, union

POLICY = Policies.shipped().documents[0].policy
SPEED = POLICY.speed_elective
ANEW = Presence(SPEED)
BEGIN = 1_772_413_200_000
AIR = (Stretch(BEGIN, BEGIN + 600_000), Stretch(BEGIN + 700_000, BEGIN + 1_500_000))

NOW = st.integers(0, 2_000_000).map(lambda ms: BEGIN + ms)
POSITION = st.integers(-100_000, 2_500_000).map(lambda ms: BEGIN + ms)


@st.composite
def honest(draw: st.DrawFn) -> list[Beat]:
    """Beats of a page that plays, pauses, hides, lags and seeks, at its own pace."""
    beats: list[Beat] = []
    now, position = draw(NOW), draw(POSITION)
    for seq in range(1, draw(st.integers(2, 40))):
        since = draw(st.integers(0, 40_000)) if beats else 0
        now += since
        position += draw(st.sampled_from([since, since, since, 0, since * 2, -since, 60_000]))
        playing, visible = draw(st.booleans()) or draw(st.booleans()), draw(st.booleans()) or draw(st.booleans())
        beats.append(Beat(seq, position, 1.0, since, playing, visible, ended=False, received_ms=now))
    return beats


@st.composite
def forged(draw: st.DrawFn) -> list[Beat]:
    """Beats of a page that claims whatever it likes."""
    times = sorted(draw(st.lists(NOW, min_size=2, max_size=25)))
    rate = st.sampled_from([0.5, 1.0, 1.5, 2.0, 10.0])
    return [
        Beat(
            seq,
            draw(POSITION),
            draw(rate),
            draw(st.integers(0, 600_000)),
            playing=True,
            visible=True,
            ended=False,
            received_ms=received,
        )
        for seq, received in enumerate(times, 1)
    ]


@st.composite
def on_a_bad_wire(draw: st.DrawFn) -> tuple[Beat, ...]:
    """Honest or forged beats, some delayed, some sent twice, some out of order."""
    beats = draw(st.one_of(honest(), forged()))
    arrived: list[Beat] = []
    for beat in beats:
        for _ in range(draw(st.sampled_from([1, 1, 1, 1, 2, 3]))):
            delay = draw(st.sampled_from([0, 0, 0, 0, 100, 20_000, 120_000, 400_000]))
            arrived.append(replace(beat, received_ms=beat.received_ms + delay))
    arrived.sort(key=lambda each: each.received_ms)
    return tuple(arrived)


@st.composite
def learners(draw: st.DrawFn) -> Evidence:
    """One learner with up to three devices, taking over from one another."""
    names = ["office", "phone", "home"][: draw(st.integers(1, 3))]
    changes: dict[str, list[Earning]] = {name: [] for name in names}
    for moment in sorted(draw(st.lists(NOW, min_size=1, max_size=5))):
        chosen = draw(st.sampled_from(names))
        for name in names:
            changes[name].append(Earning(moment, None if name == chosen else Reason.SECOND_DEVICE))
    return Evidence(tuple(StayEvidence(name, draw(on_a_bad_wire()), tuple(changes[name])) for name in names))


def covered(evidence: Evidence) -> list[Covered]:
    verdicts = [each for stay in evidence.stays for each in replay(stay, POLICY, ANEW)[1]]
    return [each for verdict in verdicts for each in verdict.covered]


@settings(max_examples=120, deadline=None)
@given(learners())
def test_no_instant_of_time_is_credited_twice(evidence: Evidence) -> None:
    when = [each.when for each in covered(evidence)]
    assert total_ms(union(when)) == sum(each.length_ms for each in when)
    for each in covered(evidence):
        assert each.media.length_ms <= each.when.length_ms * SPEED


@settings(max_examples=120, deadline=None)
@given(learners())
def test_no_more_is_verified_than_the_air_time_or_the_time_that_passed(evidence: Evidence) -> None:
    assessment = assess(evidence, AIR, 25, POLICY)
    arrived = [beat.received_ms for stay in evidence.stays for beat in stay.beats]
    assert intersection(assessment.verified, AIR) == assessment.verified
    assert assessment.verified_ms <= min(total_ms(AIR), int((max(arrived) - min(arrived)) * SPEED))
    assert assessment.hours <= Decimal("0.6")


@settings(max_examples=80, deadline=None)
@given(learners())
def test_the_parts_of_an_assessment_tile_the_air_time(evidence: Evidence) -> None:
    parts = [part.media for part in assess(evidence, AIR, 25, POLICY).parts()]
    assert union(parts) == AIR
    assert sum(each.length_ms for each in parts) == total_ms(AIR)


@settings(max_examples=80, deadline=None)
@given(learners())
def test_nothing_is_verified_before_it_was_broadcast(evidence: Evidence) -> None:
    for stay in evidence.stays:
        for beat, verdict in zip(stay.beats, replay(stay, POLICY, ANEW)[1], strict=True):
            assert all(each.media.until_ms <= beat.received_ms for each in verdict.covered)


@settings(max_examples=80, deadline=None)
@given(learners(), st.data())
def test_a_state_rebuilt_from_half_the_evidence_goes_on_to_the_same_end(
    evidence: Evidence, data: st.DataObject
) -> None:
    for stay in evidence.stays:
        kept = data.draw(st.integers(0, len(stay.beats)))
        moment = stay.beats[kept - 1].received_ms if kept else 0
        before = tuple(each for each in stay.earning if each.at_ms <= moment)
        state, first = replay(StayEvidence(stay.stay, stay.beats[:kept], before), POLICY, ANEW)
        rest = StayEvidence(stay.stay, stay.beats[kept:], stay.earning[len(before) :])
        end, last = replay(rest, POLICY, Presence(**asdict(state)))
        assert (end, first + last) == replay(stay, POLICY, ANEW)


@settings(max_examples=80, deadline=None)
@given(learners())
def test_beats_sent_again_by_the_evidence_store_bring_nothing(evidence: Evidence) -> None:
    twice = Evidence(tuple(replace(stay, beats=stay.beats + tuple(_later(stay.beats))) for stay in evidence.stays))
    assert assess(twice, AIR, 25, POLICY) == assess(evidence, AIR, 25, POLICY)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30_000), st.integers(0, 400)), min_size=1, max_size=60))
def test_an_honest_learner_on_a_jittery_line_loses_nothing(steps: list[tuple[int, int]]) -> None:
    now, received, beats = BEGIN, BEGIN, [Beat(1, BEGIN - 5_000, 1.0, 0, True, True, False, BEGIN)]
    for seq, (since, jitter) in enumerate(steps, 2):
        now += since
        received = max(received, now + jitter)
        beats.append(Beat(seq, now - 5_000, 1.0, since, True, True, False, received))
    evidence = Evidence((StayEvidence("office", tuple(beats), (Earning(BEGIN, None),)),))
    assert union(each.media for each in covered(evidence)) == stretch(BEGIN - 5_000, now - 5_000)


def _later(beats: tuple[Beat, ...]) -> list[Beat]:
    last = beats[-1].received_ms
    return [replace(each, received_ms=last + 86_400_000) for each in beats]
