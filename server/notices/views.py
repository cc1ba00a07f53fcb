"""Notices as pages show them; their words are the page's, by code."""

from datetime import datetime
from typing import Any
from uuid import UUID

from server.base.api import View
from server.notices.store import Notice


class Subject(View):
    """What a notice is about; `id` is text since a sign-in has no UUID."""

    kind: str
    id: str


class NoticeView(View):
    """`data` by `code`: title, starts_at, was, hours, nature, kind, year, minutes, hours_if_repaired, until,
    basis, place, device, address, own, thread, number, posts."""

    id: UUID
    code: str
    subject: Subject
    data: dict[str, Any]
    at: datetime
    read: bool


class NoticePage(View):
    """Newest first; `unread` counts all up to 100; `next` is the cursor for older ones."""

    items: list[NoticeView]
    unread: int
    next: UUID | None


def view_of(notice: Notice, read_until: datetime | None) -> NoticeView:
    return NoticeView(
        id=notice.id, code=notice.code, subject=Subject(kind=notice.subject_kind, id=notice.subject),
        data=notice.data, at=notice.at, read=read_until is not None and notice.at <= read_until,
    )  # fmt: skip
