"""Recorded classes on disk: one folder a class, segments beside an index to which lines are only ever added."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from media.index import Index, Line, OffLine, SegmentLine, read, written

INDEX = "index.jsonl"
SEALED = "sealed"
RESERVED = frozenset({SEALED, "journal", "prepared"})
STREAM_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}(\.rehearsal)?")
LOST_SEGMENT_S = 1.0
RUN_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Sealed(PermissionError):
    """The class was cut; its recording is withheld."""


class NoSuchName(ValueError):
    """No stream or run is called so."""


@dataclass(frozen=True, slots=True)
class Died:
    """A stream that was on air when the process ended; `at_ms` is the end of what is on disk."""

    stream: str
    run: str
    at_ms: int


class Shelf:
    """The folder of one class. Its writing methods block and raise OSError; they run on the storage's executor."""

    def __init__(self, folder: Path, sealed: Path, executor: Executor) -> None:
        """Open or begin the folder; a line cut off by a kill is taken back."""
        self.folder = folder
        self.executor = executor
        self._sealed = sealed
        folder.mkdir(parents=True, exist_ok=True)
        _drop_torn_line(folder / INDEX)

    def index(self) -> Index:
        """All that is known of the class."""
        path = self.folder / INDEX
        return read(path.read_bytes()) if path.is_file() else Index()

    def append(self, line: Line) -> None:
        """One line more, on the disk when this returns; a part of a line is taken back."""
        with (self.folder / INDEX).open("ab", buffering=0) as file:
            before = file.tell()
            try:
                _write_whole(file.fileno(), written(line))
            except OSError:
                os.ftruncate(file.fileno(), before)
                raise

    def write(self, run: str, name: str, body: bytes) -> None:
        """A whole file or none."""
        target = self.folder / run / name
        target.parent.mkdir(exist_ok=True)
        unfinished = target.with_name(f".{name}")
        try:
            with unfinished.open("wb", buffering=0) as file:
                _write_whole(file.fileno(), body)
            unfinished.replace(target)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise

    def seal(self) -> None:
        """Move everything to where no reader gets."""
        self._sealed.parent.mkdir(parents=True, exist_ok=True)
        self.folder.replace(self._sealed)

    def remove(self) -> None:
        """Throw everything away, as is done with a rehearsal."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Storage:
    """All classes under one root; names come from outside and are checked here."""

    def __init__(self, root: Path, executor: Executor | None = None) -> None:
        """`executor` runs what blocks on the disk."""
        self._root = root
        self._executor = executor or ThreadPoolExecutor(2, thread_name_prefix="media-disk")

    def shelf(self, stream: str) -> Shelf:
        """The folder of a class; Sealed, NoSuchName."""
        if self.sealed(stream):
            raise Sealed(stream)
        return Shelf(self._folder(stream), self._root / SEALED / stream, self._executor)

    def sealed(self, stream: str) -> bool:
        """Whether the class was cut; NoSuchName."""
        return (self._root / SEALED / self._folder(stream).name).is_dir()

    def file(self, stream: str, run: str, name: str) -> Path:
        """Where a stored segment or init section is; NoSuchName."""
        if RUN_NAME.fullmatch(run) is None:
            raise NoSuchName(run)
        return self._folder(stream) / run / name

    def index_file(self, stream: str) -> Path:
        """Where the index of a class is; NoSuchName."""
        return self._folder(stream) / INDEX

    def files(self, stream: str) -> list[Path]:
        """Segments and init sections of a class that are on this disk."""
        return sorted(self._folder(stream).glob("*/*.m[4p]*"))

    def over(self) -> list[str]:
        """Classes that have ended and have segments on this disk."""
        return [name for name in self._names() if self.files(name) and self._ended(name)]

    def index(self, stream: str) -> Index | None:
        """What is recorded of a class, None when nothing is; NoSuchName."""
        path = self.index_file(stream)
        return read(path.read_bytes()) if path.is_file() else None

    def died(self) -> Iterator[Died]:
        """Streams that were on air when the process ended, each marked off air."""
        for name in self._names():
            shelf = self.shelf(name)
            index = shelf.index()
            if index.on_air and index.stretch is not None:
                if index.segments:
                    shelf.append(_lost_after(index))
                shelf.append(OffLine("died", index.end_ms))
                yield Died(name, index.stretch.run, index.end_ms)

    def _ended(self, stream: str) -> bool:
        index = self.index(stream)
        return index is not None and index.ended

    def _names(self) -> list[str]:
        """Every class that has a folder."""
        names = sorted(folder.name for folder in self._root.iterdir()) if self._root.is_dir() else []
        return [name for name in names if name not in RESERVED and STREAM_NAME.fullmatch(name)]

    def _folder(self, stream: str) -> Path:
        if STREAM_NAME.fullmatch(stream) is None or stream in RESERVED:
            raise NoSuchName(stream)
        return self._root / stream


def _lost_after(index: Index) -> SegmentLine:
    """The segment that was growing has been listed under its number, which must not be given again."""
    return SegmentLine(index.segments[-1].msn + 1, index.end_ms, LOST_SEGMENT_S, 0, 0, gap=True)


def _write_whole(file: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]
    os.fdatasync(file)


def _drop_torn_line(path: Path) -> None:
    if path.is_file():
        content = path.read_bytes()
        if not content.endswith(b"\n"):
            os.truncate(path, content.rfind(b"\n") + 1)
