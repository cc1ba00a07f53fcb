"""The shipped deployment: every file is taken by its program, side services stay on loopback, a class goes through."""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
import yaml  # type: ignore[import-untyped]

from tests.conftest import need
from tests.deploy.shipped import DEPLOY, Shipped
from tests.deploy.stack import NEEDED, certified, nginx, stack
from tests.deploy.walk import filled
from tests.postgres import Postgres
from tests.programs import VARNISH
from tests.redis_server import RedisServer

UNITS = sorted(path.relative_to(DEPLOY / "systemd") for path in (DEPLOY / "systemd").glob("*.service"))


@pytest.fixture
def shipped(tmp_path: Path) -> Shipped:
    return Shipped(tmp_path)


def _said(command: list[str]) -> str:
    """What a program says of a file, empty when it takes it."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}" if done.returncode else ""


def test_nginx_takes_its_file(shipped: Shipped) -> None:
    need("nginx")
    certified(shipped)
    assert not _said([*nginx(shipped).command, "-t"])


def test_varnish_takes_its_file(shipped: Shipped) -> None:
    need("varnish")
    here = ["-j", "none", "-n", str(shipped.made("varnish"))]
    assert not _said([str(VARNISH), "-C", *here, "-f", str(shipped.written("edge.vcl"))])


def test_systemd_takes_the_units(shipped: Shipped) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("NOT CHECKED: systemd-analyze is not there")
    folder = shipped.made("units")
    for name in UNITS:
        (folder / name).write_text(shipped.text(f"systemd/{name}"))
    assert not _said([verifier, "verify", "--man=no", *(str(folder / name) for name in UNITS)])


def test_every_unit_runs_without_powers_and_writes_to_its_own_folder_only() -> None:
    for name in UNITS:
        lines = (DEPLOY / "systemd" / name).read_text().splitlines()
        wanted = {"User=jiangtang", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="}
        assert wanted <= set(lines), name
        assert not [line for line in lines if line.startswith("ReadWritePaths=")], name


def test_compose_starts_every_part_on_loopback_and_without_a_registry() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert set(services) == {
        "database", "redis", "migrate", "server-8080", "server-8090", "work", "media", "varnish", "nginx"
    }  # fmt: skip
    assert all(service["image"].startswith("jiangtang") and "ports" not in service for service in services.values())
    images = re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.M)
    assert set(images) <= {"debian:12", "base"}


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_class_goes_through_the_shipped_deployment(
    tmp_path: Path, postgres: Postgres | None, redis_server: RedisServer
) -> None:
    need(*NEEDED)
    assert postgres is not None
    told: list[str] = []
    with stack(tmp_path, postgres.url(f"d{uuid4().hex}"), redis_server.url) as running:

        async def walk() -> None:
            await (await filled(running, told.append)).all()

        try:
            asyncio.run(walk())
        except Exception as error:
            raise AssertionError("\n".join([*told, running.words()])) from error
    assert len(told) >= 12
