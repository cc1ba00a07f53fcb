"""The words that screening looks for."""

import tomllib
from functools import cache
from importlib import resources

from server.screening import DenyList, Entry


@cache
def deny_list() -> DenyList:
    """The platform's own list."""
    tables = tomllib.loads((resources.files("server.screening") / "data" / "deny.toml").read_text("utf-8"))
    return DenyList(
        Entry(word, category, table["block"]) for category, table in tables.items() for word in table["words"]
    )
