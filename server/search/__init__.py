"""Searching all that one may see: live classes, topic classes, the forum."""
