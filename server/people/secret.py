"""Passwords as argon2id hashes (RFC 9106), worked out in a small pool of threads that stand back for the event loop."""

import asyncio
import os
import secrets
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.rules.refusal import Refusal

P = ParamSpec("P")
T = TypeVar("T")

# 19 MiB, two passes, one lane: one core for about 30 ms, so that a whole academy can come at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NICE = 5
"""So much lower than the event loop stands a thread of the pool, where the system counts it for each thread."""


def _stand_back() -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


_POOL = ThreadPoolExecutor(2, thread_name_prefix="argon2", initializer=_stand_back)
_ROOM = threading.BoundedSemaphore(256)
_DUMMY = _HASHER.hash(secrets.token_hex(16))
"""Checked when there is no such account, so that the answer takes as long."""

# Without what is easily mistaken when read out: 0 O 1 l I.
_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


async def hashed(password: str) -> str:
    """The hash to keep."""
    return await _beside(_HASHER.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the right one; takes as long when there is no account (`stored` None)."""
    verdict = await _beside(_verify, stored or _DUMMY, password)
    return verdict and stored is not None


async def _beside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run in the pool; `server.busy` when too many wait there already."""
    if not _ROOM.acquire(blocking=False):
        raise Refusal("server.busy", status=503, retry_after_s=5)
    try:
        return await asyncio.get_running_loop().run_in_executor(_POOL, lambda: work(*args, **kwargs))
    finally:
        _ROOM.release()


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def first_password() -> str:
    """A first password to be handed over once: 12 characters of four classes, nothing easily mistaken."""
    while True:
        made = "".join(secrets.choice(_ALPHABET) for _ in range(11)) + secrets.choice("-+=")
        if any(map(str.isdigit, made)) and any(map(str.islower, made)) and any(map(str.isupper, made)):
            return made


def code() -> str:
    """A code of eight digits for a self-service reset."""
    return f"{secrets.randbelow(10**8):08}"
