"""Settings of a deployment (addresses, folders, names); never policy."""

from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment; every name stands in `deploy/env.example`."""

    model_config = SettingsConfigDict(env_prefix="JIANGTANG_", extra="ignore", frozen=True)

    database_url: str = Field("", validation_alias="DATABASE_URL")
    redis_url: str = Field("", validation_alias="REDIS_URL")
    objects_url: str = Field("", validation_alias="OBJECTS_URL")
    media_url: str = Field("http://127.0.0.1:8081", validation_alias="MEDIA_URL")
    media_public_url: str = Field("", validation_alias="MEDIA_PUBLIC_URL")
    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    internal_port: int = 0
    """With TLS: a plain port on loopback for the media process of this computer."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    academy: str = "干部网络学院"
    media_secret: str = ""
    identity_key: str = ""
    trusted_proxies: str = ""
    exempt_addresses: str = ""
    """Networks behind which a whole office sits: no limit by address for them (comma separated)."""
    profile: str = "gov"
    log_level: str = "INFO"
    web: Path = Path(__file__).resolve().parents[2] / "web" / "dist"
    max_sockets: int = 20_000
    drain_s: float = 0.0
    """Seconds between `/readyz` saying no and the end, so that a proxy sends nobody here any more."""
    reconnect_s: float = 10.0
    """Over how long the pages of a process that stops go elsewhere, so that they do not come all at once."""
    portal_classes: bool = False
    """Whether visitors see the titles of the classes that are for everybody."""

    @cached_property
    def database(self) -> str:
        """The database's URL; SQLite in the data folder when none is set."""
        return self.database_url or f"sqlite:///{(self.data / 'db.sqlite3').absolute()}"

    @cached_property
    def origin(self) -> str:
        """The one address under which browsers see the academy."""
        if self.public_url:
            return self.public_url.rstrip("/")
        scheme = "https" if self.tls_cert else "http"
        return f"{scheme}://{self.host}:{self.port}"

    @property
    def secure(self) -> bool:
        """True when browsers come by https (decides the cookie's name)."""
        return self.origin.startswith("https:")
