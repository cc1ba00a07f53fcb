"""The small parent: one academy a data folder, children started again, everything ended with it."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from server import up
from server.base.config import Settings

STEADY = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_second_start_on_the_same_data_says_so(tmp_path: Path) -> None:
    with up.claim(tmp_path), pytest.raises(up.UpError, match=f"already runs on .*process {os.getpid()}"):
        up.claim(tmp_path)
    up.claim(tmp_path).close()


def test_data_of_another_shape_is_left_alone(tmp_path: Path) -> None:
    up.claim(tmp_path).close()
    (tmp_path / "VERSION").write_text("99\n")
    with pytest.raises(up.UpError, match="of version 99"):
        up.claim(tmp_path)


async def test_a_child_that_is_killed_is_started_again_and_ends_with_its_parent() -> None:
    child = up.Child("steady", STEADY, dict(os.environ))
    stopping = asyncio.Event()
    keeper = asyncio.create_task(child.keep(stopping))
    first = await _running(child, None)
    os.kill(first, signal.SIGKILL)
    second = await _running(child, first)
    assert second != first
    stopping.set()
    await child.stop()
    await keeper
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


async def _running(child: up.Child, before: int | None) -> int:
    for _ in range(200):
        if child.process is not None and child.process.pid != before and child.process.returncode is None:
            return child.process.pid
        await asyncio.sleep(0.05)
    raise AssertionError("the child does not run")


def test_both_siblings_share_one_secret_and_know_each_other(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, port=18090)
    server, media = up.children(settings, 18091, broadcast=False)
    assert server.env["JIANGTANG_MEDIA_SECRET"] == media.env["JIANGTANG_MEDIA_SECRET"] != ""
    assert server.env["MEDIA_URL"] == "http://127.0.0.1:18091"
    assert "http://127.0.0.1:18090" in media.command
    assert (tmp_path / "keys" / "media.key").stat().st_mode & 0o077 == 0


def test_with_tls_media_reaches_the_server_on_a_plain_port_of_loopback(tmp_path: Path) -> None:
    settings = up.with_tls(Settings(data=tmp_path, host="0.0.0.0", port=18092))
    media = up.children(settings, 18093, broadcast=False)[1]
    assert settings.secure
    assert f"http://127.0.0.1:{settings.internal_port}" in media.command
    assert (tmp_path / "keys" / "tls.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", ["up", "serve", "migrate", "demo", "audit", "account"])
async def test_every_command_tells_what_it_is_for(command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", command, "--help", stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert b"--data" in out


async def test_wrong_usage_ends_with_two() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "nonsense", stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"invalid choice" in said


async def test_a_whole_academy_starts_empty_refuses_a_second_one_and_stops_when_told(tmp_path: Path) -> None:
    port = up.free_port(0)
    command = [sys.executable, "-m", "server", "up", "--empty", "--data", str(tmp_path), "--port", str(port)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=asyncio.subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        said = await asyncio.wait_for(process.stdout.readuntil(b"Ctrl-C"), 60)
        assert f"http://127.0.0.1:{port}".encode() in said
        second = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
        _, refused = await second.communicate()
        assert second.returncode == 3
        assert b"already runs" in refused
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)
        assert process.returncode == 0
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
