"""Sheets as a page to print (PDF/A-2b), with the letters of a Chinese font inside."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from importlib import resources
from pathlib import Path

import pylopdf_fonts_zh_cn

from server.class_file.sheet import Sheet

NARROWEST, WIDEST = 4, 24
"""Letters of the narrowest and the widest column."""

_FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent


def write(title: str, sheets: Sequence[Sheet], at: datetime) -> bytes:
    """The document; takes long for many rows and is called in a thread."""
    import typst

    here = Path(str(resources.files(__package__)))
    shown = [asdict(each) | {"widths": _widths(each)} for each in sheets]
    data = json.dumps({"title": title, "sheets": shown}, ensure_ascii=False)
    compiler = typst.Compiler(
        str(here / "class_file.typ"), root=str(here), font_paths=[str(_FONTS)], ignore_system_fonts=True,
        sys_inputs={"data": data},
    )  # fmt: skip
    made = compiler.compile(format="pdf", pdf_standards="a-2b", timestamp=int(at.timestamp()))
    assert isinstance(made, bytes)
    return made


def _widths(sheet: Sheet) -> list[int]:
    """Shares of the page by the longest text of each column, within bounds."""
    columns = zip(sheet.columns, *sheet.rows, strict=True)
    return [min(max(*(len(text) for text in column), NARROWEST), WIDEST) for column in columns]
