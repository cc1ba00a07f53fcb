"""A table of texts, whichever way it is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of as many texts as there are columns; every cell is a text and is never computed."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
