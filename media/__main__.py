"""`python -m media serve`: the media process."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

import structlog
from pydantic import ValidationError

from media.app import running
from media.config import MediaSettings

_BAD_SETTINGS = 2


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 after a stop, 1 when it can't start, 2 for settings that don't hold."""
    options = {name: value for name, value in vars(_parser().parse_args(arguments)).items() if value is not None}
    options.pop("command")
    try:
        settings = MediaSettings(**options)
        settings.secret_key()
    except (ValidationError, ValueError) as error:
        print(error, file=sys.stderr)
        return _BAD_SETTINGS
    _log_json(settings.log_level)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(settings))
    except (OSError, RuntimeError) as error:
        print(f"media can't start: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m media", description="Takes lecturers' packets, serves classes.")
    serve = parser.add_subparsers(dest="command", required=True).add_parser(
        "serve", help="serve until SIGINT or SIGTERM; settings come from JIANGTANG_… as well"
    )
    serve.add_argument("--host", help="address to serve on")
    serve.add_argument("--port", type=int, help="port to serve on, 0 for any")
    serve.add_argument("--data", type=Path, help="data folder, shared with the server")
    serve.add_argument("--server", help="the server's address, for events")
    serve.add_argument("--ice-host", dest="ice_hosts", action="append", help="address on which packets are taken")
    serve.add_argument("--log-level", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
    return parser


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
