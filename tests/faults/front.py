"""nginx in front of several server processes on loopback, as a deployment has it; its answers stand in its log."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.academy import free_port
from tests.programs import NGINX

_CONF = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_processes 1;
events {{ worker_connections 8192; }}
http {{
  log_format figures '$status $upstream_addr $request_method $uri';
  access_log {folder}/access.log figures;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  upstream academy {{ {servers} keepalive 16; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://academy;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_next_upstream error timeout http_503;
      proxy_read_timeout 75s;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Front:
    """A running nginx."""

    port: int
    folder: Path

    def statuses(self) -> list[int]:
        """The status of every answer so far; a socket is answered when it ends."""
        return [int(line.split(" ", 1)[0]) for line in (self.folder / "access.log").read_text().splitlines()]


@asynccontextmanager
async def a_front(folder: Path, ports: Sequence[int]) -> AsyncIterator[Front]:
    """nginx on a port of its own, before the processes on `ports`."""
    assert NGINX is not None
    folder.mkdir(parents=True)
    front = Front(free_port(), folder)
    servers = " ".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=1s;" for port in ports)
    (folder / "nginx.conf").write_text(_CONF.format(folder=folder, port=front.port, servers=servers))
    process = await asyncio.create_subprocess_exec(
        NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await _listening(front.port)
        yield front
    finally:
        process.terminate()
        await process.wait()


async def _listening(port: int) -> None:
    for _ in range(250):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
    raise RuntimeError("nginx does not listen")
