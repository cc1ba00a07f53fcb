"""Figures of a load script as a person or a program reads them."""

import json
from collections.abc import Sequence

Figures = dict[str, dict[str, float]]
"""Named rows of named figures, units in the names."""


def percentile_ms(seconds: Sequence[float], percent: float) -> float:
    """The time in ms that so many per cent of `seconds` did not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000


def show(figures: Figures, *, as_json: bool) -> None:
    """Print them."""
    if as_json:
        print(json.dumps(figures, indent=2))
        return
    for name, values in figures.items():
        print(f"{name:44}", "  ".join(f"{key} {_short(value)}" for key, value in values.items()))


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
