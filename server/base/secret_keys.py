"""Secret keys of a deployment: given in its settings, or files in the data folder's `keys/`."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path, name: str, given: str = "") -> bytes:
    """32 secret bytes: the `given` hex, else the file `keys/<name>.key`, made on first need (mode 0600)."""
    if given:
        return _exact(bytes.fromhex(given), name)
    path = data / "keys" / f"{name}.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _exact(bytes.fromhex(path.read_text().strip()), name)
    key = secrets.token_bytes(32)
    with os.fdopen(handle, "w") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    return key


def _exact(key: bytes, name: str) -> bytes:
    if len(key) != 32:
        raise ValueError(f"key {name!r} must be 32 bytes in hex")
    return key
