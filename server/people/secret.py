"""Passwords as argon2id hashes (RFC 9106), worked out in a small pool of threads, never on the event loop."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
_POOL = ThreadPoolExecutor(2, thread_name_prefix="argon2")
_DUMMY = _HASHER.hash(secrets.token_hex(16))
"""Checked when there is no such account, so that the answer takes as long."""

# Without what is easily mistaken when read out: 0 O 1 l I.
_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


async def hashed(password: str) -> str:
    """The hash to keep."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, _HASHER.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the right one; takes as long when there is no account (`stored` None)."""
    verdict = await asyncio.get_running_loop().run_in_executor(_POOL, _verify, stored or _DUMMY, password)
    return verdict and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def first_password() -> str:
    """A first password to be handed over once: 12 characters of all classes."""
    while True:
        made = "".join(secrets.choice(_ALPHABET) for _ in range(11)) + secrets.choice("-+=!")
        if any(each.isdigit() for each in made) and any(each.islower() for each in made):
            return made


def code() -> str:
    """A code of eight digits for a self-service reset."""
    return f"{secrets.randbelow(10**8):08}"
