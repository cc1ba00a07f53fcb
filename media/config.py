"""Settings of the media process: addresses, folders, limits; the environment first, the command line over it."""

import os
import secrets
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_SECRET_BYTES = 32


class MediaSettings(BaseSettings):
    """Read from the environment; every name stands in `deploy/env.example`."""

    model_config = SettingsConfigDict(env_prefix="JIANGTANG_MEDIA_", extra="ignore", frozen=True, populate_by_name=True)

    data: Path = Field(Path("data"), validation_alias=AliasChoices("data", "JIANGTANG_DATA"))
    log_level: str = Field("INFO", validation_alias=AliasChoices("log_level", "JIANGTANG_LOG_LEVEL"))
    pages: str = Field("", validation_alias=AliasChoices("pages", "JIANGTANG_PUBLIC_URL"))
    """The address of the academy's pages: scripts of no other origin may read what is served here."""
    secret: str = ""
    """What server and media sign with: 32 bytes in hex; empty: the file `keys/media.key` of the data folder."""
    host: str = "127.0.0.1"
    port: int = Field(8081, ge=0, le=65_535)
    edge_port: int = Field(0, ge=0, le=65_535)
    """A port of loopback where the cache and the proxy of this computer read without a viewer's grant; 0: none."""
    objects_url: str = ""
    """A place of its own for recordings, `https://key:secret@host/bucket/prefix`; empty: the data folder."""
    server: str = "http://127.0.0.1:8080"
    ice_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """The addresses on which publishers' packets are taken; empty: the address that is served on."""
    max_publishers: int = Field(64, ge=1)
    max_connections: int = Field(20_000, ge=1)

    @field_validator("ice_hosts", mode="before")
    @classmethod
    def _addresses(cls, value: object) -> object:
        words = value.replace(",", " ").split() if isinstance(value, str) else value
        return tuple(str(ip_address(str(word))) for word in words) if isinstance(words, list | tuple) else words

    @property
    def ice_addresses(self) -> tuple[str, ...]:
        """Where publishers' packets are taken; never an address that nobody named."""
        return self.ice_hosts or (self.host,)

    def secret_key(self) -> bytes:
        """The 32 secret bytes; whoever starts first makes the file (mode 0600). Raises ValueError."""
        text = self.secret or _from_file(self.data / "keys" / "media.key")
        key = bytes.fromhex(text)
        if len(key) != _SECRET_BYTES:
            raise ValueError("the media secret must be 32 bytes in hex")
        return key


def _from_file(path: Path) -> str:
    """What the file says, made when it isn't there; a file that appears does so with its content."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(_SECRET_BYTES))
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
