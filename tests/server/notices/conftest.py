"""The forum, for what is told about its threads."""

from tests.server.forum.conftest import forum, office

__all__ = ["forum", "office"]
