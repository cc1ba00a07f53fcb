"""No event is lost: not by a server that is away, not by a crash of media, not by a full disk."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from media.events import Event, EventName
from media.journal import Journal

Answer = Callable[[Event], Awaitable[int]]


class FakeServer:
    """Takes events and answers with the statuses it was given, then 204; keeps what it was posted."""

    def __init__(self, *statuses: int | OSError) -> None:
        self.statuses = list(statuses)
        self.posted: list[str] = []
        self.taken: list[str] = []

    async def post(self, event: Event) -> int:
        self.posted.append(event.id)
        answer = self.statuses.pop(0) if self.statuses else 204
        if isinstance(answer, OSError):
            raise answer
        if answer < 300:
            self.taken.append(event.id)
        return answer


async def never(event: Event) -> int:
    await asyncio.Event().wait()
    raise AssertionError(event)


def event(number: int, name: EventName = "on_air", stream: str = "class-1", run: str = "run-1") -> Event:
    return Event(f"e{number}", stream, run, name, number)


async def test_events_of_one_stream_arrive_in_order_though_the_server_stumbles(tmp_path: Path) -> None:
    server = FakeServer(503, OSError("refused"), 204, 500)
    journal = Journal(tmp_path, server.post)
    for number in range(3):
        journal.put(event(number))
    assert await journal.flush(5)
    assert server.taken == ["e0", "e1", "e2"]
    assert server.posted == ["e0", "e0", "e0", "e1", "e1", "e2"]
    await journal.close()


async def test_a_stream_that_is_held_back_doesnt_hold_back_another(tmp_path: Path) -> None:
    taken: list[str] = []

    async def post(event: Event) -> int:
        if event.stream == "stuck":
            return 503
        taken.append(event.id)
        return 204

    journal = Journal(tmp_path, post)
    journal.put(event(1, stream="stuck"))
    journal.put(event(2, stream="free"))
    await journal.flush(0.1)
    assert taken == ["e2"]
    await journal.close()


async def test_what_was_not_answered_is_posted_after_the_next_start(tmp_path: Path) -> None:
    first = Journal(tmp_path, never)
    first.put(event(1))
    first.put(event(2, "off_air"))
    await first.close()
    server = FakeServer()
    second = Journal(tmp_path, server.post)
    assert await second.flush(5)
    assert server.taken == ["e1", "e2"]
    await second.close()


async def test_what_was_answered_is_not_posted_again(tmp_path: Path) -> None:
    server = FakeServer()
    for _ in range(2):
        journal = Journal(tmp_path, server.post)
        if not server.taken:
            journal.put(event(1))
        assert await journal.flush(5)
        await journal.close()
    assert server.posted == ["e1"]


async def test_a_kill_loses_no_event(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, pathlib, signal, sys\n"
        "from media.events import Event\n"
        "from media.journal import Journal\n"
        "async def away(event): raise OSError('away')\n"
        "async def main():\n"
        "    journal = Journal(pathlib.Path(sys.argv[1]), away)\n"
        "    for n in range(200): journal.put(Event(f'e{n}', f'class-{n % 3}', 'run', 'on_air', n))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    server = FakeServer()
    journal = Journal(tmp_path, server.post)
    assert await journal.flush(10)
    assert sorted(server.taken) == sorted(f"e{n}" for n in range(200))
    for stream in range(3):
        numbers = [int(e[1:]) for e in server.taken if int(e[1:]) % 3 == stream]
        assert numbers == sorted(numbers)
    await journal.close()


async def test_a_line_cut_short_by_the_crash_spoils_no_other(tmp_path: Path) -> None:
    first = Journal(tmp_path, never)
    first.put(event(1))
    await first.close()
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'\n{"id":"e2","str')
    server = FakeServer()
    second = Journal(tmp_path, server.post)
    assert await second.flush(5)
    assert server.taken == ["e1"]
    await second.close()


async def test_a_later_still_on_air_takes_the_place_of_an_unposted_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path, never)
    journal.put(event(0))
    for number in range(1, 100):
        journal.put(event(number, "still_on_air"))
    assert journal.waiting == 2
    await journal.close()
    server = FakeServer()
    again = Journal(tmp_path, server.post)
    assert await again.flush(5)
    assert server.taken == ["e0", "e99"]
    await again.close()


async def test_an_event_refused_for_good_doesnt_hold_back_the_class(tmp_path: Path) -> None:
    server = FakeServer(422)
    journal = Journal(tmp_path, server.post)
    journal.put(event(1))
    journal.put(event(2, "off_air"))
    assert await journal.flush(5)
    assert server.taken == ["e2"]
    await journal.close()


async def test_the_file_doesnt_grow_with_what_is_delivered(tmp_path: Path) -> None:
    server = FakeServer()
    journal = Journal(tmp_path, server.post)
    for number in range(3_000):
        journal.put(event(number, "line"))
        journal.put(event(number + 10_000, "line", run="run-2"))
    assert await journal.flush(10)
    assert (tmp_path / "events.jsonl").stat().st_size < 1_000_000
    await journal.close()


async def test_a_full_disk_costs_the_safety_not_the_event(tmp_path: Path) -> None:
    server = FakeServer()
    journal = Journal(tmp_path, server.post)
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, journal._file)
    os.close(full)
    journal.put(event(1, "line"))
    assert await journal.flush(5)
    assert server.taken == ["e1"]
    await journal.close()
