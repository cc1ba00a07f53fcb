"""Which secret keys a backup belongs to, told by fingerprints."""

import hashlib
from collections.abc import Iterable

from server.backup import BackupError
from server.base.config import Settings
from server.base.secret_keys import secret_key

GIVEN = "settings:"
"""Before the fingerprint of a key that the backup doesn't hold, as it was given by the settings."""


def fingerprints(settings: Settings) -> dict[str, str]:
    """A fingerprint of each key, by name."""
    return {
        name: (GIVEN if given else "") + _fingerprint(secret_key(settings.data, name, given))
        for name, given in _given(settings)
    }


def check(settings: Settings, wanted: dict[str, str]) -> None:
    """BackupError unless `settings` over the restored data folder have the keys of the backup."""
    for name, given in _given(settings):
        told = wanted[name]
        if not given and told.startswith(GIVEN):
            raise BackupError(f"the {name} key was given by the settings when the backup was made; give it again")
        if _fingerprint(secret_key(settings.data, name, given)) != told.removeprefix(GIVEN):
            raise BackupError(f"the {name} key of the settings is not the one of the backup")


def _given(settings: Settings) -> Iterable[tuple[str, str]]:
    return ("media", settings.media_secret), ("identity", settings.identity_key)


def _fingerprint(key: bytes) -> str:
    return hashlib.sha256(b"which key\0" + key).hexdigest()[:32]
