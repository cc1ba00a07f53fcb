"""Names of persons: rare characters and `·` are welcome, invisible and turning ones are not."""

import unicodedata

from server.rules.refusal import Refusal

MAX_CHARACTERS = 30
MAX_MARKS = 3


def check(name: str, field: str = "name") -> str:
    """The tidy name; refuses `name.malformed` with what is wrong."""
    tidy = unicodedata.normalize("NFC", name).strip()
    if not tidy or len(tidy) > MAX_CHARACTERS or len(tidy.encode()) > 150:
        raise Refusal("name.malformed", status=422, field=field, why="length")
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"} for char in tidy):
        raise Refusal("name.malformed", status=422, field=field, why="invisible")
    if sum(unicodedata.category(char).startswith("M") for char in tidy) > MAX_MARKS:
        raise Refusal("name.malformed", status=422, field=field, why="marks")
    return tidy
