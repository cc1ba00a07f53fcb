"""Shapes that several nouns share; what comes from outside is bounded so that both databases can keep it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from server.base.api import View


def _utc(at: datetime) -> datetime:
    if not 1970 < at.year < 2200:
        raise ValueError("out of range")
    return at.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant with its zone, taken to UTC."""

Version = Annotated[int, Field(ge=1, lt=2**31)]
"""The version of a row that was seen."""


class Named(View):
    """Something by its name."""

    id: UUID
    name: str


def hours_text(hours: Decimal) -> str:
    """`2.0`, `0.25`: one decimal at least."""
    text = f"{hours:.2f}"
    return text[:-1] if text.endswith("0") else text
