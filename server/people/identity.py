"""The identity number (GB 11643): checked, encrypted, matched by a keyed hash, masked on screen."""

import hmac
import os
import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FORM = re.compile(r"[1-9]\d{16}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is kept of an identity number."""

    hash: bytes
    cipher: bytes
    masked: str


def tidy(text: str) -> str:
    return text.strip().upper()


def valid(number: str) -> bool:
    """Form, birth date and check digit (ISO 7064 MOD 11-2)."""
    if not _FORM.fullmatch(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return check_digit(number[:17]) == number[17]


def check_digit(first: str) -> str:
    """The 18th character for the first 17."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def keyed_hash(number: str, key: bytes) -> bytes:
    """32 bytes by which the same number is found again, useless without the key."""
    return hmac.new(_derived(key, b"match"), tidy(number).encode(), sha256).digest()


def seal(number: str, key: bytes) -> Identity:
    """Everything that is kept of a number."""
    nonce = os.urandom(12)
    cipher = nonce + AESGCM(_derived(key, b"seal")).encrypt(nonce, number.encode(), None)
    return Identity(keyed_hash(number, key), cipher, mask(number))


def unseal(cipher: bytes, key: bytes) -> str:
    """The number itself, for those who may see it."""
    return AESGCM(_derived(key, b"seal")).decrypt(cipher[:12], cipher[12:], None).decode()


def mask(number: str) -> str:
    """First three and last two characters."""
    return f"{number[:3]}{'*' * 13}{number[-2:]}"


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"jiangtang identity " + purpose).derive(key)
