"""Addresses under a class: one's own attendance, and for its staff who is there and who was."""

from uuid import UUID

from server.attendance import shapes, tell
from server.attendance.audience import attendees, count
from server.attendance.close import judge
from server.attendance.evidence import evidence_of
from server.attendance.lesson import lesson_of
from server.attendance.receipts import instant
from server.attendance.report import MINUTE_MS, report_of
from server.attendance.running import RECEIVER
from server.base.api import Ask, Routes
from server.live.targets import class_target
from server.live.targets import lesson_of as class_of
from server.live.views import view_of
from server.moderation import store as moderation
from server.people import store as people
from server.rules.powers import Power
from server.rules.stretches import Stretches

pages = Routes("attendance")


@pages.get("/api/v1/classes/{class_id}/attendance", power=Power.ATTEND, target=class_target, noun="class")
async def own(ask: Ask, class_id: UUID) -> shapes.OwnView:
    """My attendance of a class as it would be assessed now"""
    async with ask.read(near=True) as tx:
        held = await lesson_of(tx, class_of(ask))
        evidence = await evidence_of(tx, class_id, [ask.me])
    result = judge(held, evidence[ask.me], held.policy(ask.services.policies))
    parts = [
        shapes.PartView(
            from_ms=each.media.from_ms, until_ms=each.media.until_ms, kind=each.kind.value, reason=each.reason
        )
        for each in result.parts()
    ]
    return shapes.OwnView(
        stretches=parts,
        air=_ranges(result.air),
        verified_minutes=tell.minutes(result.verified_ms),
        air_minutes=tell.minutes(result.air_ms),
        share=tell.share(result.share),
        hours_now=tell.hours(result.hours),
        missing=_ranges(result.missing),
    )


@pages.get("/api/v1/classes/{class_id}/audience", power=Power.LIVE_AUDIENCE, target=class_target, noun="class")
async def audience(ask: Ask, class_id: UUID) -> shapes.AudienceView:
    """Who is in the class now"""
    receiver = ask.request.app[RECEIVER]
    here = attendees(receiver.seats, class_id, receiver.receipts.stamp(), receiver.elsewhere.marks())
    async with ask.read() as tx:
        known = await people.many(tx, [each.account for each in here])
    views = [
        shapes.AttendeeView(
            id=each.account,
            name=known[each.account].name,
            unit=known[each.account].unit_name,
            earning=each.earning,
            waiting_check=each.waiting_check,
            weak=each.weak,
            since=instant(each.since_ms),
        )
        for each in here
        if each.account in known
    ]
    counted = count(here)
    return shapes.AudienceView(
        here=counted.here,
        earning=counted.earning,
        waiting_check=counted.waiting_check,
        weak=counted.weak,
        people=sorted(views, key=lambda each: each.name),
    )


@pages.get("/api/v1/classes/{class_id}/report", power=Power.LIVE_AUDIENCE, target=class_target, noun="class")
async def looking_back(ask: Ask, class_id: UUID) -> shapes.ReportView:
    """A class as its staff look back on it"""
    async with ask.read() as tx:
        report = await report_of(tx, await lesson_of(tx, class_of(ask)))
        known = await people.many(tx, [each.account for each in report.assessments])
        posts = await moderation.counts(tx, "class", class_id)
        view = await view_of(tx, class_of(ask), ask.actor, ask.now, ask.services.policies)
    studied = [
        shapes.StudiedView(
            id=each.account,
            name=known[each.account].name,
            unit=known[each.account].unit_name,
            verified_minutes=tell.minutes(each.verified_ms),
            share=tell.share(each.share),
            hours=tell.hours(each.hours),
        )
        for each in report.assessments
        if each.account in known
    ]
    return shapes.ReportView(
        class_=view,
        air=_ranges(report.air),
        air_minutes=report.air_ms / MINUTE_MS,
        curve=[shapes.PointView.model_validate(each) for each in report.curve],
        posts=shapes.PostsView(**{name: posts.get(name, 0) for name in shapes.PostsView.model_fields}),
        people=sorted(studied, key=lambda each: each.name),
    )


def _ranges(stretches: Stretches) -> list[shapes.RangeView]:
    return [shapes.RangeView(from_ms=each.from_ms, until_ms=each.until_ms) for each in stretches]
