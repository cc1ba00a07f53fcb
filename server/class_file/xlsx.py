"""Sheets as a workbook: every cell is written as a text, so that none is ever a formula, a link or a number."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from server.class_file.sheet import Sheet

TEXTS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
WIDEST = 48


def write(sheets: Sequence[Sheet]) -> bytes:
    """The workbook; takes long for many rows and is called in a thread."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, TEXTS) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for each in sheets:
            _write(book.add_worksheet(each.title), each, head)
    return made.getvalue()


def _write(page: Any, sheet: Sheet, head: Any) -> None:
    for column, title in enumerate(sheet.columns):
        page.write_string(0, column, title, head)
        longest = max([len(title), *(len(row[column]) for row in sheet.rows)])
        page.set_column(column, column, min(longest * 2 + 2, WIDEST))
    for number, row in enumerate(sheet.rows, 1):
        for column, text in enumerate(row):
            page.write_string(number, column, text)
    page.freeze_panes(1, 1)
