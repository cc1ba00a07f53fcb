"""Telling: a notice to one person, to several, or to an audience, and a word to the pages that are open."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from server.base.hub import EVERYBODY
from server.base.work import Work
from server.notices import store
from server.notices.store import Notice
from server.notices.views import NoticeView, view_of

KEPT = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class About:
    """What a notice says, without whom it is for; see `store.Notice`."""

    code: str
    subject_kind: str
    subject: UUID | str
    data: dict[str, Any] = field(default_factory=dict)


async def tell(work: Work, accounts: Collection[UUID], about: About) -> None:
    """Tell some persons; each open page of theirs gets `notice.added`."""
    made = [_notice(work, about, account=each) for each in accounts]
    await store.add(work.tx, made)
    await work.fail("notice.after_rows")
    for each in made:
        shown: NoticeView = view_of(each, None)
        work.push(f"person:{each.account}", "notice.added", shown.model_dump(mode="json"))


async def tell_audience(work: Work, audience_path: str, about: About) -> None:
    """Tell everybody whose unit is within an audience, by one row; open pages get `notice.changed` and ask again."""
    await store.add(work.tx, [_notice(work, about, audience_path=audience_path)])
    await work.fail("notice.after_rows")
    work.push(EVERYBODY, "notice.changed", {})


async def replace(work: Work, account: UUID, about: About | None, noun: str, subject: str) -> None:
    """Tell a person what is so now about a subject, in the place of what was told under `noun` before."""
    before = await store.take_back(work.tx, noun, subject, account)
    if about is not None:
        await tell(work, [account], about)
    elif before:
        work.push(f"person:{account}", "notice.changed", {})


async def sweep(work: Work) -> int:
    """Periodic: forget what is older than half a year; the number of notices forgotten."""
    return await store.forget(work.tx, work.now - KEPT)


def _notice(work: Work, about: About, *, account: UUID | None = None, audience_path: str | None = None) -> Notice:
    return Notice(
        work.id(), account, audience_path, about.code, about.subject_kind, str(about.subject), about.data, work.now
    )
