"""Every setting of a deployment stands in `deploy/env.example`, and nothing else does."""

import re
from pathlib import Path

import pytest

from media.config import MediaSettings
from server.base.config import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "env.example"


def shown() -> dict[str, str]:
    return dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.M))


def test_every_setting_is_in_the_example_and_every_line_of_it_is_a_setting() -> None:
    server = {str(f.validation_alias or f"JIANGTANG_{name.upper()}") for name, f in Settings.model_fields.items()}
    shared = {"data", "log_level", "pages"}
    media = {f"JIANGTANG_MEDIA_{name.upper()}" for name in MediaSettings.model_fields if name not in shared}
    assert set(shown()) == server | media | {"JIANGTANG_FAILPOINTS"}


def test_a_copy_of_the_example_changes_nothing() -> None:
    lines = EXAMPLE.read_text().splitlines()
    assert not [line for line in lines if line and not line.startswith("#")]


def test_what_the_example_shows_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what has one: an empty line says that nothing is set; the pages are found beside the program."""
    before = Settings(), MediaSettings()
    for name, text in shown().items():
        if text and name != "JIANGTANG_WEB":
            monkeypatch.setenv(name, text)
    assert (Settings(), MediaSettings()) == before
