"""Hours of speaking: open, and when they open again."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from server.rules.conduct import opens_at
from server.rules.policy import Policies

ZONE = ZoneInfo("Asia/Shanghai")
POLICY = Policies.shipped().in_force(datetime(2026, 9, 16, tzinfo=ZONE))


@pytest.mark.parametrize(
    ("at", "hours", "opens"),
    [
        ("16 09:00", ("08:00", "22:00"), None),
        ("16 08:00", ("08:00", "22:00"), None),
        ("16 22:00", ("08:00", "22:00"), "17 08:00"),
        ("16 07:59", ("08:00", "22:00"), "16 08:00"),
        ("16 01:00", ("20:00", "02:00"), None),
        ("16 02:00", ("20:00", "02:00"), "16 20:00"),
        ("16 03:00", ("00:00", "00:00"), None),
    ],
)
def test_a_post_outside_of_the_hours_waits_for_their_next_begin(
    at: str, hours: tuple[str, str], opens: str | None
) -> None:
    def moment(text: str) -> datetime:
        return datetime.strptime(f"2026-09-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)

    assert opens_at(moment(at), hours, POLICY) == (moment(opens) if opens else None)
