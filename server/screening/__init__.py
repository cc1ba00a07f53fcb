"""The pure engine of screening: a text and lists in, a verdict out; it knows no people and no places."""

from server.screening.lists import DenyList, Entry
from server.screening.screen import Mark, Verdict, screen

__all__ = ["DenyList", "Entry", "Mark", "Verdict", "screen"]
