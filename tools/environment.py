"""The Python environment and the built pages, made once and again when their lock files change."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(os.environ.get("JIANGTANG_VENV", ROOT / ".venv"))
PYTHON = VENV / "bin" / "python"
NODE_AT_LEAST = (22, 18)
"""The first one that runs TypeScript as it is, which the scripts of `web/` are."""
_OFFLINE_TOOLS = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_MANAGED_PYTHON": "1", "UV_LINK_MODE": "copy"}


class SetupError(Exception):
    """What the reader has to do, in one line."""


def say(text: str) -> None:
    """One line of progress with the time since the start."""
    print(f"[{time.monotonic() - _STARTED:5.1f} s] {text}", flush=True)


_STARTED = time.monotonic()


def prepare(lock: str, *, web: bool = True) -> None:
    """Bring the environment to `lock` (a file name in the root) and, where asked, build the pages."""
    if sys.version_info < (3, 11):
        raise SetupError("Python 3.11 or newer is needed: apt-get install python3")
    _environment(lock)
    if web:
        _pages()


def apt(packages: Iterable[str]) -> bool:
    """Install Debian packages when we may; whether they are there afterwards."""
    missing = [each for each in packages if not _installed(each)]
    if not missing:
        return True
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say(f"installing {' '.join(missing)}")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
    ):
        if subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            return False
    return True


def _installed(package: str) -> bool:
    query = ["dpkg-query", "-W", "-f=${Status}", package]
    if shutil.which("dpkg-query") is None:
        return False
    return "install ok installed" in subprocess.run(query, capture_output=True, text=True, check=False).stdout


def _environment(lock: str) -> None:
    stamp = VENV / ".stamp"
    want = f"{lock} {_digest([ROOT / lock, ROOT / 'requirements-uv.lock'])} {sys.version_info[:3]}"
    have = stamp.read_text() if stamp.exists() else ""
    if want in have.splitlines():
        return
    if not PYTHON.exists():
        _venv()
    say(f"installing what {lock} names, by hash")
    env = os.environ | _OFFLINE_TOOLS
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r"]
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "-r"]
    got_uv = subprocess.run([*pip, str(ROOT / "requirements-uv.lock")], check=False).returncode == 0
    if not got_uv or subprocess.run([*uv, str(ROOT / lock)], env=env, check=False).returncode != 0:
        say("uv did not manage; trying pip")
        if subprocess.run([*pip, str(ROOT / lock)], check=False).returncode != 0:
            raise SetupError("the packages could not be installed: is a package registry within reach?")
    stamp.write_text("\n".join([*have.splitlines(), want]))


def _venv() -> None:
    usable = subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False)
    if usable.returncode != 0 and not apt(["python3-venv"]):
        raise SetupError("please run once as root: apt-get update && apt-get install -y python3-venv")
    say("making the Python environment")
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def _pages() -> None:
    web = ROOT / "web"
    dist = web / "dist"
    stamp = dist / ".stamp"
    sources = [path for path in web.rglob("*") if path.is_file() and not {"node_modules", "dist"} & set(path.parts)]
    want = _digest(sorted(sources))
    if stamp.exists() and stamp.read_text() == want:
        return
    env = node()
    lock_stamp = web / "node_modules" / ".stamp"
    packages = _digest([web / "package-lock.json"])
    if not lock_stamp.exists() or lock_stamp.read_text() != packages:
        say("installing what the pages are built with")
        _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], web, env)
        lock_stamp.write_text(packages)
    say("building the pages")
    _run(["npm", "run", "--silent", "build", "--", "--logLevel", "warn"], web, env)
    stamp.write_text(want)


def node() -> dict[str, str]:
    """An environment in which `node` and `npm` are new enough: the computer's own, else one in the environment."""
    env = dict(os.environ)
    if not (VENV / "bin" / "node").exists():
        found = shutil.which("node")
        version = (
            subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout if found else ""
        )
        match = re.match(r"v(\d+)\.(\d+)", version)
        if match and (int(match[1]), int(match[2])) >= NODE_AT_LEAST and shutil.which("npm"):
            return env
        _environment("requirements-web.lock")
    env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env['PATH']}"
    return env


def _run(command: list[str], folder: Path, env: dict[str, str]) -> None:
    if subprocess.run(command, cwd=folder, env=env, check=False).returncode != 0:
        raise SetupError(f"`{' '.join(command)}` failed in {folder}; its messages are above")


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
