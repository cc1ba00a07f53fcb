"""A demo academy that was not finished is begun anew; everything else is left alone."""

from pathlib import Path

from server import demo


def test_an_unfinished_demo_is_removed_with_its_recordings_but_not_its_keys(tmp_path: Path) -> None:
    for name in ("db.sqlite3", "db.sqlite3-wal", "media/x/index.jsonl", "keys/identity.key", "files/demo/lecture.mp4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    demo.put_policy(tmp_path)
    demo.start_over(tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"keys/identity.key", "files/demo/lecture.mp4", "policies/demo.toml"}


def test_a_finished_academy_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").write_text("x")
    demo.start_over(tmp_path)
    assert (tmp_path / "db.sqlite3").exists()
