"""The shape of the data folder, which is written into it."""

from pathlib import Path

VERSION = "1"


class OtherShape(Exception):
    """The data folder belongs to another version of the program."""


def stamp(data: Path) -> None:
    """Write the version into a new data folder; OtherShape where another one stands there."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / "VERSION"
    if not path.exists():
        path.write_text(f"{VERSION}\n")
    elif (found := path.read_text().strip()) != VERSION:
        raise OtherShape(f"{data} is of version {found}, this program knows {VERSION}")
