"""Checks of the whole; the tree mirrors `server/` and `media/`."""
