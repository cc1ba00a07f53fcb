"""Every setting of a deployment stands in `deploy/env.example`, and nothing else does."""

import re
from pathlib import Path

from media.config import MediaSettings
from server.base.config import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "env.example"


def _named() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.M))


def test_every_setting_is_in_the_example_and_every_line_of_it_is_a_setting() -> None:
    server = {str(f.validation_alias or f"JIANGTANG_{name.upper()}") for name, f in Settings.model_fields.items()}
    shared = {"data", "log_level", "pages"}
    media = {f"JIANGTANG_MEDIA_{name.upper()}" for name in MediaSettings.model_fields if name not in shared}
    assert _named() == server | media | {"JIANGTANG_FAILPOINTS"}
