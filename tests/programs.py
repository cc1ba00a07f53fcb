"""Which programs tests start that are not ours, and where this computer has them."""

import shutil
from pathlib import Path


def _program(name: str) -> str | None:
    """Also one that only an administrator has on the path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")


def _postgresql() -> Path | None:
    """The folder with `initdb` and `postgres`, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).parent if on_path else None


NGINX = _program("nginx")
VARNISH = _program("varnishd")
REDIS = _program("redis-server")
CHROMIUM = _program("chromium")
POSTGRESQL = _postgresql()

_THERE = {
    "nginx": NGINX, "varnish": VARNISH, "redis-server": REDIS, "chromium": CHROMIUM, "postgresql": POSTGRESQL,
    "curl": _program("curl"),
}  # fmt: skip


def missing(*names: str) -> str:
    """Those of the named programs (as Debian calls their packages) that are not here; empty when all are."""
    return " ".join(name for name in names if _THERE[name] is None)
