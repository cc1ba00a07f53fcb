"""Many at the same moment for what there is once: exactly one gets it, on both databases (promise 3, in small)."""

import pytest

from server.base.office import Office
from tests.faults.races import RACES, Outcome, a_contest

AT_ONCE = 30
TOLD = {
    "last place": set(), "decision": {"post.changed"}, "review asked": {"review.asked_before"},
    "review settled": {"review.settled"}, "exemption": {"exemption.given"}, "credit": {"nothing"},
}  # fmt: skip
"""What all the others are told; of those who want the last place they wait."""


@pytest.mark.timeout(120)
async def test_of_many_at_once_exactly_one_gets_it_and_the_others_hear_why_not(office: Office) -> None:
    async with a_contest(office, AT_ONCE) as contest:
        found: dict[str, Outcome] = {name: await race(contest, AT_ONCE) for name, race in RACES.items()}
    assert {name: each.got for name, each in found.items()} == dict.fromkeys(RACES, 1)
    assert {name: set(each.refused) for name, each in found.items()} == TOLD
