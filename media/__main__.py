"""`python -m media`: the media process, and what is done with recordings beside it."""

import argparse
import asyncio
import json
import logging
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from pydantic import ValidationError

from media import tools
from media.app import running
from media.config import MediaSettings
from media.ffmpeg import MediaRefused

_BAD_SETTINGS = 2


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when done, 1 when it can't start or fails, 2 for settings that don't hold."""
    options = vars(_parser().parse_args(arguments))
    run = _COMMANDS[options.pop("command")]
    try:
        return run({name: value for name, value in options.items() if value is not None})
    except (MediaRefused, OSError, RuntimeError) as error:
        print(f"media: {error}", file=sys.stderr)
        return 1


def _serve_command(options: dict[str, Any]) -> int:
    try:
        settings = MediaSettings(**options)
        settings.secret_key()
    except (ValidationError, ValueError) as error:
        print(error, file=sys.stderr)
        return _BAD_SETTINGS
    _log_json(settings.log_level)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(settings))
    return 0


def _lecture_command(options: dict[str, Any]) -> int:
    print(json.dumps(asyncio.run(tools.lecture(**options))))
    return 0


def _import_command(options: dict[str, Any]) -> int:
    print(json.dumps(asyncio.run(tools.record(**options))))
    return 0


def _push_command(options: dict[str, Any]) -> int:
    """The key comes by standard input: an argument could be read by everybody on the computer."""
    asyncio.run(tools.push(key=sys.stdin.readline().strip(), **options))
    return 0


_COMMANDS = {"serve": _serve_command, "lecture": _lecture_command, "import": _import_command, "push": _push_command}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m media", description="Takes lecturers' packets, serves classes.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _serve_options(
        commands.add_parser("serve", help="serve until SIGINT or SIGTERM; settings also from the environment")
    )
    lecture = commands.add_parser("lecture", help="make a lecture to be shown in a loop, of slides that are PNG files")
    lecture.add_argument("--slides", type=Path, required=True, help="folder of the slides")
    lecture.add_argument("--out", type=Path, required=True, help="the MP4 file to make")
    lecture.add_argument("--seconds", type=int, required=True, help="its length")
    lecture.add_argument("--font", type=Path, required=True, help="font file of the clock")
    recording = commands.add_parser(
        "import", help="write a video as the finished recording of a class of an earlier day"
    )
    recording.add_argument("name", help="the class")
    recording.add_argument("video", type=Path, help="MP4 with H.264; repeated until the end")
    recording.add_argument("--at", type=datetime.fromisoformat, required=True, help="when it began (RFC 3339)")
    recording.add_argument("--seconds", type=int, required=True, help="how long it was")
    recording.add_argument("--data", type=Path, required=True, help="the data folder")
    push = commands.add_parser(
        "push", help="publish a video in a loop by WHIP; the encoder key is read from standard input"
    )
    push.add_argument("video", type=Path, help="MP4 with H.264 and Opus")
    push.add_argument("--url", required=True, help="the WHIP address of the class")
    return parser


def _serve_options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", help="address to serve on")
    serve.add_argument("--port", type=int, help="port to serve on, 0 for any")
    serve.add_argument("--data", type=Path, help="data folder, shared with the server")
    serve.add_argument("--server", help="the server's address, for events")
    serve.add_argument("--ice-host", dest="ice_hosts", action="append", help="address on which packets are taken")
    serve.add_argument("--log-level", choices=["DEBUG", "INFO", "WARNING", "ERROR"])


async def _serve(settings: MediaSettings) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with running(settings):
        await stopping.wait()


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    """uvloop where it is installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop


def _log_json(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(logging.WARNING, logging.getLevelName(level)), stream=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
