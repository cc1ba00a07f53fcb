"""Shapes that the endpoints of moderation share."""

from typing import Annotated

from pydantic import Field

Reason = Annotated[str, Field(min_length=1, max_length=500)]
Code = Annotated[str, Field(max_length=32)]
"""A kind of violation, as `violations.toml` names it."""
Basis = Annotated[str, Field(pattern=r"^(art-\d{1,2}|policy-[a-z_]{1,40})$")]
