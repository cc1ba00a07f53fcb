"""Who is in a class, counted quickly for the room and person by person for its staff."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.attendance.audience import Count, attendees, count, headcount
from server.attendance.seat import Seat, seat_of
from server.attendance.store import CLASS, Stay
from server.rules.checks import Check
from server.rules.evidence import Evidence, StayEvidence
from server.rules.policy import Policies
from server.rules.presence import Earning, Reason

NOW = 1_790_000_000_000
POLICY = Policies.shipped().documents[0].policy


@st.composite
def seats(draw: st.DrawFn) -> list[Seat]:
    """Pages of few learners in few classes, heard of now or long ago."""
    return [_seat(draw, UUID(int=number + 1)) for number in range(draw(st.integers(0, 8)))]


def _seat(draw: st.DrawFn, stay_id: UUID) -> Seat:
    account, activity = UUID(int=draw(st.integers(1, 3))), UUID(int=draw(st.integers(1, 2)))
    held = draw(st.sampled_from([None, Reason.SECOND_DEVICE]))
    asked = draw(st.sampled_from([(), (Check(str(stay_id), NOW - 1000, 90),)]))
    evidence = Evidence((StayEvidence(str(stay_id), (), (Earning(0, held),)),), asked)
    stay = Stay(stay_id, account, CLASS, activity, "电脑", "session", 0, None, dirty=False)
    seat = seat_of(stay, evidence, POLICY, 0.5, NOW - draw(st.sampled_from([0, 20_000, 30_000, 60_000])))
    return replace(seat, presence=replace(seat.presence, ended=draw(st.booleans())))


@given(seats())
def test_the_quick_count_is_that_of_the_people(here: list[Seat]) -> None:
    counted = headcount(here, NOW)
    for activity in (UUID(int=1), UUID(int=2)):
        assert counted.get(activity, Count()) == count(attendees(here, activity, NOW))
