"""A sub-centre's overlay on the policy: tighter where the field allows it, never more study (Articles 10, 13, 18)."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from server.rules.policy import PolicyDocument, Source, value_of
from server.rules.refusal import Article, Clause, Refusal

MODES = ("after", "trust", "before")
"""Ways of a place to speak, from the freest to the strictest."""

_LONGER: dict[str, Callable[[Any, Any], bool]] = {
    "min_total_hours": lambda old, new: new > old,
    "min_required_share": lambda old, new: new > old,
    "year_start": lambda old, new: new < old,
    "year_end": lambda old, new: new > old,
    "makeup_start": lambda old, new: new < old,
    "makeup_end": lambda old, new: new > old,
}
"""Fields by which more study could be demanded, and when a value demands more."""

_TIGHTER: dict[str, Callable[[Any, Any], bool]] = {
    "presence_check_minutes": lambda old, new: old[0] <= new[0] <= new[1] <= old[1],
    "place_mode": lambda old, new: new in MODES[MODES.index(old) :],
    "live_place_mode": lambda old, new: new in MODES[MODES.index(old) :],
}


def lay_over(document: PolicyDocument, text: str, *, name: str, approval: str | None = None) -> PolicyDocument:
    """The policy that holds in a sub-centre: `document` with the fields of the overlay `text` (TOML).

    `name` becomes part of the version. `approval` is the number of the department's approval
    document. Refused: unknown fields, values of the wrong shape, fields that are fixed, looser
    values, and more study without approval.
    """
    changes = {}
    for field, table in _tables(text).items():
        source = document.sources.get(field)
        if source is None:
            raise Refusal("policy.unknown_field", status=422, field=field)
        value = _value(field, table)
        _check(source, getattr(document.policy, field), value, approval)
        changes[field] = value
    version = f"{document.policy.version}+{name}"
    return PolicyDocument(replace(document.policy, version=version, **changes), document.sources)


def _tables(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Refusal("policy.unreadable", status=422, line=str(error)) from error


def _value(field: str, table: Any) -> Any:
    try:
        return value_of(field, table["value"])
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("policy.bad_value", status=422, field=field) from error


def _check(source: Source, old: Any, new: Any, approval: str | None) -> None:
    facts = {"value": str(new), "limit": str(old)}
    longer = _LONGER.get(source.field)
    if longer is not None and longer(old, new):
        if not approval:
            also = [str(Article(10))]
            raise Refusal("policy.piling_on", basis=Article(13), status=422, field=source.field, also=also, **facts)
    elif source.overlay != "tighter" and new != old:
        raise Refusal("policy.fixed", basis=source.basis, status=422, field=source.field, **facts)
    elif source.overlay == "tighter" and not _is_tighter(source, old, new):
        raise Refusal("policy.looser", basis=Clause(source.field), status=422, field=source.field, **facts)


def _is_tighter(source: Source, old: Any, new: Any) -> bool:
    tighter = _TIGHTER.get(source.field)
    if tighter is not None:
        return tighter(old, new)
    return bool((source.floor or 0) <= new <= old)
