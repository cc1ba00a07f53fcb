"""The container files against what they name: paths, ports, settings and commands are real, which needs no Docker."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

import media.__main__
import server.__main__
from tests.deploy.shipped import DEPLOY, Shipped
from tests.server.test_settings import shown

ROOT = DEPLOY.parent
BUILT = {"web/dist"}
"""What is made before the images are."""

OPERATORS = {"env", "database-password", "tls"}
"""What the operator puts beside the compose file (README.md)."""

PARSERS = {"server": server.__main__._parser(), "media": media.__main__._parser()}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = compose["services"]
    return found


def _said(text: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, text, re.M))


def _environment(services: dict[str, Any], name: str) -> dict[str, str]:
    return dict(services[name].get("environment", {}))


def _stages() -> dict[str, str]:
    """The Dockerfile's text of each stage, with that of the stage it begins with."""
    found: dict[str, str] = {}
    for text in re.split(r"^(?=FROM )", (DEPLOY / "Dockerfile").read_text(), flags=re.M)[1:]:
        _, base, _, name = text.splitlines()[0].split()
        found[name] = found.get(base, "") + text
    return found


def test_every_image_is_a_stage_of_the_dockerfile_and_every_stage_is_used(services: dict[str, Any]) -> None:
    stages = _stages()
    assert {each["build"]["target"] for each in services.values()} == set(stages) - {"base"}
    for each in services.values():
        assert (DEPLOY / each["build"]["context"] / each["build"]["dockerfile"]).resolve() == DEPLOY / "Dockerfile"


def test_what_the_images_copy_is_there_and_reaches_the_build() -> None:
    let_in = [line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[0] == "!"]
    copied = {source for text in _stages().values() for source in _said(text, r"^COPY (\S+) ")}
    assert copied == set(let_in)
    for source in copied - BUILT:
        assert (ROOT / source).exists(), source
    assert (ROOT / "web" / "vite.config.ts").exists()


def test_every_setting_that_a_container_is_told_is_one(services: dict[str, Any]) -> None:
    for name, each in services.items():
        assert set(_environment(services, name)) <= set(shown()), name
        assert each.get("env_file", "env") == "env"
    readme = (DEPLOY / "README.md").read_text().partition("\n## 容器")[2]
    assert _said(readme, r"`((?:[A-Z]+_)+[A-Z]+)") <= set(shown())
    assert _said(readme, r"`([a-z-]+)/?`") >= OPERATORS


def test_every_command_is_one_that_its_program_takes(services: dict[str, Any]) -> None:
    stages, python = _stages(), "/opt/jiangtang/.venv/bin/python"
    assert "WORKDIR /opt/jiangtang\n" in stages["academy"]
    assert "python3 -m venv .venv" in stages["academy"]
    commands = [each["command"] for each in services.values() if "command" in each]
    default = re.search(r"^CMD (\[.*\])$", stages["academy"], re.M)
    assert default is not None
    ours = [each for each in [*commands, yaml.safe_load(default[1])] if each[0] == python]
    assert len(ours) == 4
    for _, flag, program, *arguments in ours:
        assert flag == "-m"
        PARSERS[program].parse_args(arguments)
    others = {each[0] for each in commands} - {python}
    assert others == {"redis-server", "varnishd"}


def test_containers_and_units_run_the_same_with_the_same_settings(services: dict[str, Any], tmp_path: Path) -> None:
    """Ports aside, which a walk of the units changes."""
    pairs = {"migrate": "migrate", "work": "work", "media": "media", "server-8080": "server@"}
    for container, unit in pairs.items():
        made = Shipped(tmp_path).unit(f"jiangtang-{unit}.service", "8080")
        assert set(made.environment) == set(_environment(services, container)), container
        command = services[container].get("command") or ["", "-m", "server", "serve"]
        assert made.command[1:] == command[1:], container
    varnish = shlex.split(_drop_in("varnish.service.d/jiangtang.conf"))
    for flag in ("-a", "-f", "-s", "-j"):
        assert varnish[varnish.index(flag) + 1] == _after(services["varnish"]["command"], flag)
    assert _after(services["varnish"]["command"], "-T") == "none"
    assert _parameters(varnish) == _parameters(services["varnish"]["command"])


def test_every_port_is_where_the_others_look_for_it(services: dict[str, Any]) -> None:
    nginx, vcl = (DEPLOY / "nginx.conf").read_text(), (DEPLOY / "edge.vcl").read_text()
    servers = {_environment(services, each)["JIANGTANG_PORT"] for each in services if each.startswith("server-")}
    told = _environment(services, "media")
    defaults = shown()
    upstreams = dict(re.findall(r"upstream (\w+) \{([^}]*)\}", nginx))
    ports = {name: _said(text, r"server 127\.0\.0\.1:(\d+)") for name, text in upstreams.items()}
    assert ports == {
        "academy": servers,
        "media": {defaults["JIANGTANG_MEDIA_PORT"]},
        "media_door": {told["JIANGTANG_MEDIA_EDGE_PORT"]},
        "media_cache": {_after(services["varnish"]["command"], "-a").rpartition(":")[2]},
    }
    assert _said(vcl, r'\.port = "(\d+)"') == {told["JIANGTANG_MEDIA_EDGE_PORT"]}
    inner = told["JIANGTANG_MEDIA_SERVER"].rpartition(":")[2]
    assert _said(nginx, r"listen 127\.0\.0\.1:(\d+)") == {inner}
    assert defaults["MEDIA_URL"].rpartition(":")[2] == defaults["JIANGTANG_MEDIA_PORT"]
    for name, each in services.items():
        asked = " ".join(each.get("healthcheck", {}).get("test", []))
        for port in re.findall(r"http://127\.0\.0\.1:(\d+)/", asked):
            assert port in _environment(services, name).values(), name


def test_every_path_inside_a_container_is_made_copied_or_mounted(compose: dict[str, Any]) -> None:
    services, nginx = compose["services"], (DEPLOY / "nginx.conf").read_text()
    mounted = dict(each.split(":")[:2][::-1] for each in services["nginx"]["volumes"])
    for source in mounted.values():
        assert Path(source).name in OPERATORS or (DEPLOY / source).is_file(), source
    assert mounted["/etc/nginx/nginx.conf"] == "./nginx.conf"
    for certificate in _said(nginx, r"ssl_certificate(?:_key)? (\S+);"):
        assert str(Path(certificate).parent) in mounted
    copied = _said(_stages()["edge"], r"^COPY \S+ (\S+)$")
    assert set(_said(nginx, r"root (\S+);")) <= copied
    assert _after(services["varnish"]["command"], "-f") in copied
    data = _environment(services, "media")["JIANGTANG_DATA"]
    assert {_environment(services, each).get("JIANGTANG_DATA", data) for each in services} == {data}
    assert f"VOLUME {data}\n" in _stages()["academy"]
    for name, each in services.items():
        for volume in each.get("volumes", []):
            source, target = volume.split(":")[:2]
            if not source.startswith("."):
                assert source in compose["volumes"], name
                assert f"VOLUME {target}\n" in _stages()[each["build"]["target"]], name
    for secret, where in compose["secrets"].items():
        assert Path(where["file"]).name in OPERATORS
        assert f"/run/secrets/{secret} " in _stages()["stores"].replace(";", " ")
    logs = _said(nginx, r"(?:access|error)_log (/\S+)")
    linked = _said(_stages()["edge"], r"ln -sf /dev/std\w+ (\S+)")
    assert logs == linked


def _drop_in(name: str) -> str:
    lines = (DEPLOY / "systemd" / name).read_text().splitlines()
    return next(line.partition("=")[2] for line in reversed(lines) if line.startswith("ExecStart=/"))


def _after(command: list[str], flag: str) -> str:
    return str(command[command.index(flag) + 1])


def _parameters(command: list[str]) -> list[str]:
    return [value for flag, value in pairwise(command) if flag == "-p"]
