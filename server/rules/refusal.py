"""A refusal: what was refused, on which basis, with the facts that its words need."""

import re
from dataclasses import dataclass
from typing import Any

_CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the regulation; its text is the anchor of the document, `art-12`."""

    number: int

    def __str__(self) -> str:
        return f"art-{self.number}"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the policy, named after its field; its text is `policy-live_min_ratio`."""

    field: str

    def __str__(self) -> str:
        return f"policy-{self.field}"


Basis = Article | Clause


class Refusal(Exception):
    """What a caller may not do, or may not do now.

    `code` is the translation key `noun.word`, `status` an HTTP status from 400 to 499 (503 when a
    resource is exhausted), `field` the field of the input at fault, `data` JSON values for the words.
    """

    def __init__(
        self, code: str, *, basis: Basis | None = None, status: int = 409, field: str | None = None, **data: Any
    ) -> None:
        if not _CODE.fullmatch(code):
            raise ValueError(f"not a refusal code: {code!r}")
        super().__init__(code)
        self.code = code
        self.basis = basis
        self.status = status
        self.field = field
        self.data: dict[str, Any] = data


def unknown(noun: str) -> Refusal:
    """The one answer for what does not exist and for what the asker may not know of."""
    return Refusal(f"{noun}.unknown", status=404)
