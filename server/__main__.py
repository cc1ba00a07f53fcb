"""`python -m server`: start, migrate, fill and check an academy.

Exit codes: 0 done; 1 something is wrong (differences found, a refusal); 2 wrong usage; 3 cannot start.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from server import commands
from server.base.config import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command."""
    arguments = _parser().parse_args(argv)
    settings = Settings(**_given(arguments))
    try:
        result = _run(commands.run(arguments.command, settings, arguments))
    except commands.CommandError as error:
        print(f"server {arguments.command}: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return 130
    _print(result, as_json=getattr(arguments, "json", False))
    return int(result.get("exit", 0)) if isinstance(result, dict) else 0


def _run(command: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=_loop()) as runner:
        return runner.run(command)


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it is installed, asyncio's own loop elsewhere."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    names = ("host", "port", "data")
    return {name: value for name in names if (value := getattr(arguments, name, None)) is not None}


def _print(result: Any, *, as_json: bool) -> None:
    if result is None:
        return
    if as_json:
        print(json.dumps(result, ensure_ascii=False, default=str))
        return
    for name, value in result.items():
        if name == "lines":
            print("\n".join(value))
        elif name != "exit":
            print(f"{name}: {value}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m server", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = _command(commands, "up", "migrate, fill an empty database with the demo academy, start server and media")
    _address(up)
    up.add_argument("--empty", action="store_true", help="no demo data")
    up.add_argument(
        "--tls", action="store_true", help="https with a self-signed certificate (phones need it for the camera)"
    )
    _address(_command(commands, "serve", "one server process"))
    _command(commands, "work", "do heavy work for the server processes that share REDIS_URL")
    migrate = _command(commands, "migrate", "bring the database to the newest shape")
    migrate.add_argument("--json", action="store_true", help="print one JSON object")
    demo = _command(commands, "demo", "fill an empty database with the demo academy")
    demo.add_argument("--broadcast", action="store_true", help="keep a demo class on air, until ended")
    demo.add_argument("--json", action="store_true", help="print one JSON object")
    audit = _command(commands, "audit", "recompute every assessment and total from raw beats; exit 1 where one differs")
    audit.add_argument("--json", action="store_true", help="print one JSON object")
    backup = _command(commands, "backup", "copy the whole academy, keys included, into a new folder while it runs")
    backup.add_argument("to", type=Path, help="the new folder")
    backup.add_argument("--link", action="store_true", help="hard links for files and recordings (same disk)")
    backup.add_argument("--objects", action="store_true", help="also copy what is in the object store")
    backup.add_argument("--json", action="store_true", help="print one JSON object")
    restore = _command(commands, "restore", "restore a backup into an empty data folder and database")
    restore.add_argument("source", type=Path, help="the folder of the backup")
    restore.add_argument("--sha256", help="that of the manifest, as it was printed when the backup was made")
    restore.add_argument(
        "--audit", action="store_true", help="also walk every hour again from raw beats, as audit does"
    )
    restore.add_argument("--json", action="store_true", help="print one JSON object")
    account = _command(commands, "account", "make an account, give it a role, or a new first password")
    account.add_argument("action", choices=["create", "role", "reset", "stop"], help="what to do")
    account.add_argument("--staff-number", required=True, help="the account's staff number")
    account.add_argument("--name", help="for create: the real name")
    account.add_argument("--identity-number", help="for create: the identity number (18 characters)")
    account.add_argument(
        "--unit", help="for create: name or id of the unit; the first one of an empty database is made"
    )
    account.add_argument("--role", help="for create and role: e.g. academy_admin")
    account.add_argument("--reason", help="for stop: retired, resigned, deceased, moved, other")
    account.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _command(commands: Any, name: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.add_argument("--data", type=Path, help="the data folder (default: ./data or JIANGTANG_DATA)")
    return command


def _address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=int, help="port (default: 8080)")


if __name__ == "__main__":
    sys.exit(main())
