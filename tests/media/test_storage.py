"""Folders of classes: whole files, whole lines, names that stay inside, seals."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from media.index import EndLine, OffLine, SegmentLine, StretchLine
from media.storage import Died, NoSuchName, Sealed, Shelf, Storage

BEGINNING = StretchLine("a", "init-0.mp4", "avc1.42c01f", 1_280, 720, 1_000)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The kernel refuses longer files, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path)


@pytest.fixture
def shelf(storage: Storage) -> Shelf:
    return storage.shelf("class-1")


def test_a_file_is_where_a_reader_looks_for_it(storage: Storage, shelf: Shelf) -> None:
    shelf.write("a", "0.m4s", b"segment")
    assert storage.file("class-1", "a", "0.m4s").read_bytes() == b"segment"


def test_a_file_that_does_not_fit_is_not_there_at_all(shelf: Shelf) -> None:
    with files_of_at_most(1_000), pytest.raises(OSError, match="large"):
        shelf.write("a", "0.m4s", b"x" * 5_000)
    assert list((shelf.folder / "a").iterdir()) == []


def test_a_line_that_does_not_fit_leaves_the_lines_before(shelf: Shelf) -> None:
    shelf.append(BEGINNING)
    size = (shelf.folder / "index.jsonl").stat().st_size
    with files_of_at_most(size + 20), pytest.raises(OSError, match="large"):
        shelf.append(SegmentLine(0, 1_000, 4.0, 10, 100))
    assert (shelf.folder / "index.jsonl").stat().st_size == size
    shelf.append(SegmentLine(0, 1_000, 4.0, 10, 100))
    assert [segment.msn for segment in shelf.index().segments] == [0]


def test_after_a_kill_in_the_middle_of_a_line_the_next_line_is_whole(storage: Storage, shelf: Shelf) -> None:
    shelf.append(BEGINNING)
    with (shelf.folder / "index.jsonl").open("ab") as file:
        file.write(b'{"kind":"segm')
    again = storage.shelf("class-1")
    again.append(SegmentLine(0, 1_000, 4.0, 10, 100))
    assert [segment.msn for segment in again.index().segments] == [0]


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "sealed", "journal", "x" * 65, "a.b", ".rehearsal", "a\0"])
def test_names_stay_inside(storage: Storage, name: str) -> None:
    with pytest.raises(NoSuchName):
        storage.shelf(name)
    with pytest.raises(NoSuchName):
        storage.index(name)
    with pytest.raises(NoSuchName):
        storage.sealed(name)


def test_runs_stay_inside(storage: Storage) -> None:
    with pytest.raises(NoSuchName):
        storage.file("class-1", "..", "index.jsonl")


def test_a_rehearsal_has_a_folder_of_its_own(storage: Storage) -> None:
    assert storage.shelf("class-1.rehearsal").folder != storage.shelf("class-1").folder


def test_what_is_sealed_is_kept_but_not_served(storage: Storage, shelf: Shelf, tmp_path: Path) -> None:
    shelf.append(BEGINNING)
    shelf.write("a", "0.m4s", b"segment")
    shelf.seal()
    assert storage.sealed("class-1")
    assert storage.index("class-1") is None
    assert not storage.file("class-1", "a", "0.m4s").exists()
    assert (tmp_path / "sealed" / "class-1" / "a" / "0.m4s").read_bytes() == b"segment"
    with pytest.raises(Sealed):
        storage.shelf("class-1")


def test_streams_that_were_on_air_are_told_once_with_the_end_of_what_is_kept(storage: Storage, shelf: Shelf) -> None:
    for line in (BEGINNING, SegmentLine(0, 1_000, 4.0, 10, 100)):
        shelf.append(line)
    paused = storage.shelf("class-2")
    for other in (BEGINNING, OffLine("paused", 2_000)):
        paused.append(other)
    assert list(storage.died()) == [Died("class-1", "a", 5_000)]
    assert list(storage.died()) == []


def test_the_number_of_a_segment_that_was_growing_is_not_given_again(storage: Storage, shelf: Shelf) -> None:
    for line in (BEGINNING, SegmentLine(0, 1_000, 4.0, 10, 100)):
        shelf.append(line)
    assert len(list(storage.died())) == 1
    assert [(segment.msn, segment.gap) for segment in shelf.index().segments] == [(0, False), (1, True)]


def test_other_folders_are_no_streams(storage: Storage, tmp_path: Path) -> None:
    for name in ("journal", "sealed", "lost+found"):
        (tmp_path / name).mkdir()
    assert list(storage.died()) == []
    assert list(Storage(tmp_path / "none").died()) == []


def test_a_class_of_which_nothing_is_kept_has_no_index(storage: Storage, shelf: Shelf) -> None:
    assert storage.index("class-1") is None
    shelf.append(EndLine(1_000))
    kept = storage.index("class-1")
    assert kept is not None
    assert kept.ended
