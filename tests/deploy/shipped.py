"""The files of `deploy/` as they are shipped, but for addresses: free ports of loopback, folders of this test."""

import os
import re
import shlex
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.academy import free_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NAME = "localhost"
_ADDRESSES = (
    re.compile(r"(?<=127\.0\.0\.1:)\d+"),
    re.compile(r'(?<=\.port = ")\d+'),
    re.compile(r"(?<=_PORT=)\d+"),
)
_LISTEN = re.compile(r"(?<=listen )(\d+)(?=[ ;])")


@dataclass(frozen=True, slots=True)
class Unit:
    """What systemd is told about a service: its settings, its command, and when it counts as started."""

    name: str
    environment: dict[str, str]
    command: list[str]
    started: list[str]


class Shipped:
    """The deployment in `folder`; each port of the files is another free one here, the same in every file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports: defaultdict[int, int] = defaultdict(free_port)
        self._places = {
            "/opt/jiangtang/.venv/bin/python": sys.executable,
            "/opt/jiangtang/web/dist": str(self.made("dist")),
            "/etc/jiangtang": str(self.made("etc")),
            "/etc/varnish": str(self.made("etc")),
            "/var/lib/jiangtang": str(self.made("data")),
            "/var/lib/nginx": str(self.made("nginx")),
            "/var/log/nginx": str(self.made("log")),
            "/run/nginx": str(self.made("run") / "nginx"),
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "-j unix,user=vcache": f"-j none -n {self.made('varnish')}",
            "academy.example.org": NAME,
        }

    def made(self, name: str) -> Path:
        """A folder of this deployment."""
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def text(self, name: str) -> str:
        """A file of `deploy/` with the addresses of this deployment."""
        return self._here((DEPLOY / name).read_text())

    def written(self, name: str) -> Path:
        """The same as a file among the settings."""
        path = self.made("etc") / Path(name).name
        path.write_text(self.text(name))
        return path

    def unit(self, name: str, instance: str = "") -> Unit:
        """A unit of `deploy/systemd`; `instance` is what stands after the @."""
        lines = self._here((DEPLOY / "systemd" / name).read_text().replace("%i", instance)).splitlines()
        given = [line.partition("=")[2] for line in lines if line.startswith("Environment=")]
        settings = (each.partition("=") for line in given for each in shlex.split(line))
        return Unit(
            f"{Path(name).stem}{instance}",
            {key: value for key, _, value in settings},
            _said(lines, "ExecStart"),
            _said(lines, "ExecStartPost"),
        )

    def _here(self, text: str) -> str:
        for known, here in self._places.items():
            text = text.replace(known, here)
        for pattern in _ADDRESSES:
            text = pattern.sub(lambda found: str(self.ports[int(found[0])]), text)
        return _LISTEN.sub(lambda found: f"127.0.0.1:{self.ports[int(found[1])]}", text)


def _said(lines: list[str], key: str) -> list[str]:
    """The last command that a unit gives under a key."""
    found = [line.partition("=")[2] for line in lines if line.startswith(f"{key}=") and not line.endswith("=")]
    return shlex.split(found[-1]) if found else []
