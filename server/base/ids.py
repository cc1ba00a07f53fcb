"""Identifiers: UUIDv7 (RFC 9562 §5.7), ordered by time and not to be guessed."""

from datetime import datetime
from uuid import UUID

import uuid_utils


def new_id(at: datetime) -> UUID:
    """A new identifier whose time part is `at`."""
    return UUID(bytes=uuid_utils.uuid7(nanoseconds=int(at.timestamp() * 1_000_000) * 1000).bytes)
