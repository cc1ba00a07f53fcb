"""A PostgreSQL of our own on a free loopback port, ended with the test run."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import POSTGRESQL

_FORGETFUL = ["-F", "-c", "full_page_writes=off", "-c", "autovacuum=off", "-c", "max_wal_size=4GB"]
"""No waiting for the disk, and nothing in the background walks through hundreds of small databases."""


class Postgres:
    """One throw-away cluster; `url(name)` makes a fresh database in it. Only a `durable` one waits for the disk."""

    def __init__(self, *, durable: bool = False) -> None:
        assert POSTGRESQL is not None
        self._bin = POSTGRESQL
        self.folder = Path(tempfile.mkdtemp(prefix="jiangtang-pg-"))
        self.port = _free_port()
        self._as = "postgres" if os.geteuid() == 0 else None
        if self._as:  # PostgreSQL refuses to run as root
            user = pwd.getpwnam(self._as)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        data = str(self.folder / "data")
        self._run("initdb", "-N", "-D", data, "-U", "academy", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = ["-k", str(self.folder), "-h", "127.0.0.1", "-p", str(self.port), "-c", "max_connections=200"]
        options += [] if durable else _FORGETFUL
        self._command = [str(self._bin / "postgres"), "-D", data, *options]
        self.start()

    def url(self, name: str, template: str = "template0") -> str:
        """A new database: empty, or a copy of `template`."""
        assert self._client.stdin is not None
        assert self._client.stdout is not None
        self._client.stdin.write(f'CREATE DATABASE "{name}" TEMPLATE "{template}";\n\\echo made\n')
        self._client.stdin.flush()
        said = []
        while (line := self._client.stdout.readline()) and line != "made\n":
            said.append(line)
        if said or not line:
            raise RuntimeError("".join(said) or "psql has ended")
        return f"postgresql://academy@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it on what its folder holds; return once it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command, user=self._as, stdout=subprocess.DEVNULL, stderr=log, cwd=self.folder
            )
        self._wait()
        # One client for all: to start `createdb` for each of a thousand tests costs more than the databases.
        self._client = subprocess.Popen(
            [str(self._bin / "psql"), "-qAtX", "-h", "127.0.0.1", "-p", str(self.port), "-U", "academy", "template1"],
            user=self._as, cwd=self.folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def crash(self) -> None:
        """Stop it as `pg_ctl stop -m immediate` does; it recovers when it is started again."""
        self._client.kill()
        self._client.communicate()
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)

    def stop(self) -> None:
        self.crash()  # all of it is thrown away
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._bin / program), *arguments], check=True, user=self._as, capture_output=True, cwd=self.folder
        )

    def _wait(self) -> None:
        for _ in range(100):
            ready = [str(self._bin / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)]
            if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "log").read_text())


@contextmanager
def a_cluster(*, durable: bool = False) -> Iterator[Postgres]:
    """A cluster for a script, which ends where there is no PostgreSQL."""
    if POSTGRESQL is None:
        raise SystemExit("PostgreSQL is not there")
    cluster = Postgres(durable=durable)
    try:
        yield cluster
    finally:
        cluster.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
