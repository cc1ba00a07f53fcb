"""The assessment of one learner in one class: verified stretches, cuts with their reasons, what is missing."""

from decimal import Decimal

from server.rules.attendance import Assessment, Kind, assess
from server.rules.checks import Check, answer, show
from server.rules.evidence import Evidence
from server.rules.policy import Policies
from server.rules.presence import Reason
from server.rules.stretches import Stretch
from tests.rules.browser import at
from tests.rules.told import Learner

POLICY = Policies.shipped().documents[0].policy
AIR = (Stretch(at("09:00:00"), at("10:30:00")),)


def assessed(*sentences: str, air: tuple[Stretch, ...] = AIR, year: Stretch | None = None) -> Assessment:
    return assess(Evidence(Learner(sentences).stays), air, 90, POLICY, year)


def told(assessment: Assessment) -> list[tuple[str, str, Kind, Reason | None]]:
    return [
        (clock(part.media.from_ms), clock(part.media.until_ms), part.kind, part.reason) for part in assessment.parts()
    ]


def clock(ms: int) -> str:
    minutes, seconds = divmod((ms - at("00:00:00")) // 1000, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def test_the_parts_tile_the_air_time_and_each_loss_has_its_reason() -> None:
    assessment = assessed(
        "office opens 09:05:00",
        "office watches until 09:20:00",
        "office hides",
        "office watches until 09:25:00",
        "office shows",
        "office watches until 09:40:00",
        "office seeks to 09:30:00",
        "office watches until 09:50:00",
        "office seeks to 09:50:00",
        "office watches until 10:00:00",
        "office is silent until 10:02:00",
        "office watches until 10:30:00",
    )
    assert told(assessment) == [
        ("09:00:00", "09:05:00", Kind.OPEN, Reason.ABSENT),
        ("09:05:00", "09:20:00", Kind.COUNTED, None),
        ("09:20:00", "09:25:00", Kind.CUT, Reason.HIDDEN),
        ("09:25:00", "09:40:00", Kind.COUNTED, None),
        ("09:40:00", "09:50:00", Kind.CUT, Reason.SEEK),
        ("09:50:00", "10:00:00", Kind.COUNTED, None),
        ("10:00:00", "10:02:00", Kind.CUT, Reason.GAP),
        ("10:02:00", "10:30:00", Kind.COUNTED, None),
    ]


def test_what_is_studied_in_the_replay_is_shown_as_repaired() -> None:
    assessment = assessed(
        "office opens 09:00:00",
        "office watches until 10:00:00",
        "office ends",
        "home opens 2026-03-09 20:00:00",
        "home seeks to 10:00:00",
        "home watches until 2026-03-09 20:30:00",
    )
    assert told(assessment) == [
        ("09:00:00", "10:00:00", Kind.COUNTED, None),
        ("10:00:00", "10:30:00", Kind.REPAIRED, None),
    ]


def test_a_void_stretch_is_told_as_void_with_its_reason() -> None:
    learner = Learner(["office opens 09:00:00", "office watches until 10:30:00"])
    asked = show(Check("office", at("09:40:00"), 120), at("09:40:00"))
    late = answer(asked, at("09:45:00"))
    assessment = assess(Evidence(learner.stays, (late,), (at("09:31:00"),)), AIR, 90, POLICY)
    assert told(assessment) == [
        ("09:00:00", "09:31:00", Kind.COUNTED, None),
        ("09:31:00", "09:40:00", Kind.VOID, Reason.CHECK_MISSED),
        ("09:40:00", "10:30:00", Kind.COUNTED, None),
    ]


def test_what_was_covered_while_the_class_was_paused_is_named_and_does_not_count() -> None:
    air = (Stretch(at("09:00:00"), at("09:30:00")), Stretch(at("09:40:00"), at("10:30:00")))
    assessment = assessed("office opens 09:00:00", "office watches until 10:30:00", air=air)
    assert (assessment.verified_ms, assessment.air_ms) == (80 * 60_000, 80 * 60_000)
    assert [(clock(cut.media.from_ms), cut.reason) for cut in assessment.cuts] == [("09:30:00", Reason.OFF_AIR)]
    assert {part.kind for part in assessment.parts()} == {Kind.COUNTED}


def test_study_after_the_year_has_closed_does_not_count() -> None:
    year = Stretch(at("00:00:00", "2026-01-01"), at("00:00:00", "2026-12-01"))
    assessment = assessed(
        "office opens 09:00:00",
        "office watches until 10:00:00",
        "office ends",
        "home opens 2026-11-30 23:50:00",
        "home seeks to 10:00:00",
        "home watches until 2026-12-01 00:20:00",
        year=year,
    )
    assert assessment.verified_ms == 70 * 60_000
    assert told(assessment)[-1] == ("10:10:00", "10:30:00", Kind.CUT, Reason.YEAR)


def test_below_the_lowest_share_nothing_is_credited_and_what_is_missing_is_told() -> None:
    assessment = assessed("office opens 09:00:00", "office watches until 10:11:59")
    assert (assessment.hours, assessment.missing_ms) == (Decimal(0), 18 * 60_000 + 1000)
    assert assessment.missing == (Stretch(at("10:11:59"), at("10:30:00")),)
    assert assessed("office opens 09:00:00", "office watches until 10:12:00").hours == Decimal("1.6")


def test_a_class_that_was_never_on_air_gives_nothing() -> None:
    assessment = assessed("office opens 09:00:00", "office watches until 09:30:00", air=())
    assert (assessment.hours, assessment.share, assessment.parts()) == (Decimal(0), Decimal(0), ())


def test_nobody_there_is_an_assessment_too() -> None:
    assert told(assessed()) == [("09:00:00", "10:30:00", Kind.OPEN, Reason.ABSENT)]
