"""People, classes, study and assessments for the tests of hours, made as verbs."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from server.attendance import assessed, evidence
from server.attendance import store as attendance
from server.attendance.receipts import instant
from server.attendance.store import Stay, StoredAssessment
from server.base.work import Work
from server.live import store as live
from server.live.store import LiveClass
from server.people.store import Person
from server.rules.attendance import Assessment
from server.rules.policy import RULES_VERSION
from server.rules.stretches import Stretch, difference, total_ms
from tests.rules.browser import Browser, at
from tests.server.live.classes import ended

DAY = "2026-09-15"
MINUTE_MS = 60_000


def on(time: str, day: str = DAY) -> int:
    """Milliseconds since 1970 of a time of day in Anhui."""
    return at(time, day)


async def lesson(work: Work, /, title: str = "基层治理", **changes: Any) -> LiveClass:
    """A class of 90 minutes from 09:00 to 10:30, ended."""
    begins = changes.pop("starts_at", instant(on("09:00:00")))
    ends = changes.pop("ended_at", instant(on("10:30:00")))
    return await ended(work, title=title, starts_at=begins, went_on_air_at=begins, ended_at=ends, **changes)


async def studied(work: Work, who: Person, of: LiveClass, browser: Browser) -> UUID:
    """The beats of one page, as they would have come in."""
    stay = Stay(work.id(), who.id, "class", of.id, "办公电脑", "s", browser.beats[0].received_ms, None, True)
    await attendance.add_stay(work.tx, stay)
    for change in browser.earning:
        await attendance.add_earning(work.tx, work.id(), stay.id, change.at_ms, change.held)
    await evidence.append(work.tx, [(stay.id, beat) for beat in browser.beats])
    return stay.id


async def judged(work: Work, /, who: Person, of: LiveClass, hours: str, **changes: Any) -> StoredAssessment:
    """An assessment with that result, whatever the evidence."""
    before = await attendance.assessment(work.tx, who.id, of.id)
    stored = stored_as(work, who, of, result_of(of, Decimal(hours)), before, **changes)
    await assessed.save(work.tx, stored)
    return stored


def stored_as(
    work: Work, who: Person, of: LiveClass, result: Assessment, before: StoredAssessment | None, **changes: Any
) -> StoredAssessment:
    stored = StoredAssessment(
        id=before.id if before else work.id(),
        account=who.id,
        kind="class",
        class_id=of.id,
        version=before.version + 1 if before else 1,
        year=of.starts_at.year,
        makeup=False,
        planned_minutes=of.planned_minutes,
        policy_version="2019-11-09",
        rules_version=RULES_VERSION,
        at=work.now,
        result=result,
    )
    return replace(stored, **changes)


def result_of(of: LiveClass, hours: Decimal) -> Assessment:
    """45 minutes of the class for each hour, from its begin."""
    begin = on("09:00:00")
    air = (Stretch(begin, begin + 90 * MINUTE_MS),)
    verified = (Stretch(begin, begin + int(hours * 45 * MINUTE_MS)),) if hours else ()
    lengths = total_ms(verified), total_ms(air)
    share = Decimal(lengths[0]) / lengths[1]
    return Assessment(verified, (), difference(air, verified), (), air, *lengths, lengths[1], share, hours)


async def run_sql(work: Work, text: str) -> None:
    """What somebody with the database in hand could try."""
    await work.tx.execute(sa.text(text))


async def set_air(work: Work, of: LiveClass, minutes: int) -> None:
    """Correct the air time of a class to its first minutes."""
    record = await live.record_of(work.tx, of.id)
    shorter = (replace(record[0], until_ms=record[0].from_ms + minutes * MINUTE_MS),)
    await live.save_record(work.tx, of.id, record, shorter)
