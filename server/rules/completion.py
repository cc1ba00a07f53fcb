"""When a year is complete (Articles 10, 11; rules §5)."""

from dataclasses import dataclass
from decimal import Decimal

from server.rules.ledger import Totals
from server.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Demand:
    """What a year asks of a learner, and what is missing from it, in hours."""

    total: Decimal
    required: Decimal
    missing_total: Decimal
    missing_required: Decimal

    @property
    def complete(self) -> bool:
        return not (self.missing_total or self.missing_required)


def demand(held: Totals, policy: Policy) -> Demand:
    """Hold the sums of a year against what the policy asks for."""
    required = policy.min_required_share * policy.min_total_hours
    return Demand(
        total=policy.min_total_hours,
        required=required,
        missing_total=max(policy.min_total_hours - held.total, Decimal(0)),
        missing_required=max(required - held.required, Decimal(0)),
    )
