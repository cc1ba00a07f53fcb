"""Starts the whole set on loopback: data stores, then the units in their order, then the edge; ends all of it."""

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from server.base.config import Settings
from server.base.selfsigned import certificate
from tests.deploy.shipped import DEPLOY, NAME, Shipped, Unit
from tests.journeys.academy import policy_with
from tests.objects import a_store
from tests.postgres import a_cluster
from tests.programs import NGINX
from tests.redis_server import a_redis

SERVERS = (8080, 8090)
STOP_S = 20
POLICY = policy_with(live_min_ratio="0.2", live_full_ratio="0.5", late_beat_s=3)
"""Classes of seconds."""
NEEDED = ("nginx", "varnish", "postgresql", "redis-server", "curl")
"""The programs that the set needs beside our own."""


@dataclass
class Stack:
    """A running deployment; `env` is its `/etc/jiangtang/env`."""

    shipped: Shipped
    env: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.shipped.ports[443]}"

    @property
    def settings(self) -> Settings:
        """What a server process reads."""
        return Settings.model_validate({"data": self.shipped.made("data"), **self.env})

    @property
    def tls(self) -> ssl.SSLContext:
        """Trusts the deployment's own certificate and no other."""
        return ssl.create_default_context(cafile=str(self.shipped.made("etc") / "tls" / "fullchain.pem"))

    @property
    def access_log(self) -> Path:
        return self.shipped.made("log") / "access.log"

    def start(self, *units: Unit) -> None:
        """Start units side by side, as systemd does; returns when all count as started. Raises RuntimeError."""
        for unit in units:
            with (self.shipped.made("log") / f"{unit.name}.log").open("ab") as out:
                self.running[unit.name] = subprocess.Popen(
                    unit.command, env=self._environment(unit), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                    cwd=DEPLOY.parent,
                )  # fmt: skip
        for unit in units:
            if unit.started and subprocess.run(unit.started, check=False).returncode != 0:
                raise RuntimeError(f"{unit.name} does not start: {self.words()}")

    def run(self, unit: Unit) -> None:
        """Run a unit that ends by itself; raises RuntimeError when it fails."""
        done = subprocess.run(
            unit.command, env=self._environment(unit), cwd=DEPLOY.parent, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{unit.name} fails: {done.stdout[-2000:]}{done.stderr[-2000:]}")

    def stop(self) -> None:
        """End all, the last one started first."""
        for process in reversed(self.running.values()):
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def words(self) -> str:
        """The end of every log, for who looks why something failed."""
        logs = sorted(self.shipped.made("log").glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs)

    def _environment(self, unit: Unit) -> dict[str, str]:
        own = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        if sys.pycache_prefix is not None:
            own["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
        return own | unit.environment | self.env


@contextmanager
def stores() -> Iterator[tuple[str, str]]:
    """A PostgreSQL and a Redis of Debian: the addresses of an empty database and of Redis."""
    with a_cluster() as postgres, a_redis() as redis:
        yield postgres.url(f"d{uuid4().hex}"), redis.url


@contextmanager
def stack(
    folder: Path, database_url: str, redis_url: str, *, pages: Path | None = None, policy: str = POLICY
) -> Iterator[Stack]:
    """The set with two server processes, a worker and media behind nginx and Varnish, its database made.

    `pages` are built ones that are served (None: a stub of them).
    """
    shipped = Shipped(folder)
    with ExitStack() as running:
        made = Stack(shipped, {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "OBJECTS_URL": running.enter_context(a_store()),
            "MEDIA_URL": f"http://127.0.0.1:{shipped.ports[8081]}",
            "JIANGTANG_MEDIA_PORT": str(shipped.ports[8081]),
            "JIANGTANG_PUBLIC_URL": f"https://{NAME}:{shipped.ports[443]}",
            "JIANGTANG_WEB": str(shipped.made("dist")),
        })  # fmt: skip
        running.callback(made.stop)
        _settle(shipped, pages, policy)
        made.run(shipped.unit("jiangtang-migrate.service"))
        servers = [shipped.unit("jiangtang-server@.service", str(port)) for port in SERVERS]
        others = [shipped.unit(f"jiangtang-{name}.service") for name in ("work", "media")]
        made.start(*servers, *others, *edge(shipped))
        yield made


def edge(shipped: Shipped) -> list[Unit]:
    """Varnish and nginx, in front of what `shipped` names."""
    shipped.written("edge.vcl")
    varnish = shipped.unit("varnish.service.d/jiangtang.conf")
    return [Unit("varnish", {}, varnish.command, _answers(shipped, 6081)), nginx(shipped)]


def nginx(shipped: Shipped) -> Unit:
    """nginx as Debian's unit starts it, but in the foreground and with our file."""
    assert NGINX is not None
    command = [NGINX, "-e", str(shipped.made("log") / "start.log"), "-c", str(shipped.written("nginx.conf"))]
    return Unit("nginx", {}, [*command, "-g", "daemon off;"], _answers(shipped, 8070))


def certified(shipped: Shipped) -> None:
    """A certificate for the name, where nginx looks for it."""
    cert, key = certificate(shipped.made("etc") / "tls", [NAME])
    cert.rename(cert.with_name("fullchain.pem"))
    key.rename(key.with_name("key.pem"))


def _answers(shipped: Shipped, port: int) -> list[str]:
    """Waits until something answers, whatever it says."""
    often = ["--retry", "50", "--retry-delay", "0", "--retry-max-time", "20", "--retry-connrefused"]
    return ["curl", "--silent", "--output", "/dev/null", *often, f"http://127.0.0.1:{shipped.ports[port]}/"]


def _settle(shipped: Shipped, pages: Path | None, policy: str) -> None:
    """What an operator puts beside the shipped files: a certificate, Varnish's secret, built pages, a policy."""
    certified(shipped)
    (shipped.made("etc") / "secret").write_text("secret of the test\n")
    (shipped.made("data/policies") / "walk.toml").write_text(policy)
    if pages is not None:
        shutil.copytree(pages, shipped.made("dist"), dirs_exist_ok=True)
        return
    (shipped.made("dist/assets") / "app-1a2b3c.js").write_text("export const academy = 1;\n" * 100)
    (shipped.made("dist") / "index.html").write_text('<!doctype html><title>Academy</title><div id="app"></div>\n')
