"""Identifiers: UUIDv7 (RFC 9562 §5.7), ordered by time and not to be guessed."""

from datetime import datetime
from uuid import UUID

import uuid_utils

_RAND_A = 64
_RAND_A_BITS = 0xFFF


def new_id(at: datetime, nth: int = 0) -> UUID:
    """The `nth` new identifier of the instant `at`.

    Those of later microseconds, and of one microsecond those with a higher `nth`, are greater: `rand_a` holds the part
    of the millisecond (RFC 9562 §6.2, method 3); the 62 bits of `rand_b` stay random.
    """
    micros = int(at.timestamp() * 1_000_000) + nth
    drawn = uuid_utils.uuid7(nanoseconds=micros * 1000).int
    part = micros % 1000 * (_RAND_A_BITS + 1) // 1000
    return UUID(int=drawn & ~(_RAND_A_BITS << _RAND_A) | part << _RAND_A)
