"""What stands in a class file; the first sheet says what was asked, when, under which policy, at which checkpoint."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.shapes import hours_text
from server.class_file.sheet import Sheet
from server.hours.store import ledger
from server.live import store as live
from server.live.store import LiveClass
from server.people import store as people
from server.people.store import Person
from server.rules.live import State
from server.rules.policy import Policies, Policy
from server.rules.topic_class import DISCUSSION, Condition, Place
from server.topic_classes import store
from server.topic_classes.completion import Line, lines
from server.topic_classes.store import Discussion, TopicClass, TopicState

TITLE = "班级档案"

_STATES = {TopicState.DRAFT: "草稿", TopicState.PUBLISHED: "进行中", TopicState.ENDED: "已结束"}
_CLASSES = {
    State.SCHEDULED: "未开始", State.WAITING: "等待开播", State.ON_AIR: "直播中", State.PAUSED: "课间休息",
    State.INTERRUPTED: "信号中断", State.ENDED: "已结束", State.CANCELLED: "已取消",
}  # fmt: skip
_CONDITIONS = {
    "needed_modules": "必须完成的模块（已达到/要求）",
    "live_share": "直播课出勤（已达到/要求）",
    DISCUSSION: "讨论发言（已公开/要求）",
}
_NEEDED = {True: "必须完成", False: "选学"}
"""Never 必修, which is the word of Article 10 for required hours."""

_PLACES = {Place.ENROLLED: "已入班", Place.WAITING: "候补中"}


async def gather(tx: AsyncConnection, found: TopicClass, now: datetime, policies: Policies) -> list[Sheet]:
    """All sheets of a class file."""
    policy = policies.in_force(found.begins_at)
    roster = await store.members_of(tx, found.id)
    modules = await store.modules_of(tx, found.id)
    lessons = await live.by_ids(tx, [each.class_id for each in modules])
    lecturers = {each.lecturers[0] for each in lessons.values()}
    known = await people.many(tx, {found.teacher, *lecturers, *(each.account for each in roster)})
    ordered = [(lessons[each.class_id], each.needed) for each in modules]
    seated = [each for each in roster if each.place is Place.ENROLLED]
    progress = await lines(tx, found, seated, policies)
    return [
        await _about(tx, found, now, policy),
        _plan(found, known, ordered, await store.discussion_of(tx, found.id), policy),
        Sheet(
            "名册", ("序号", "姓名", "单位", "职务", "状态", "入班或候补时间"),
            tuple(
                (str(number), who.name, who.unit_name, who.post or "", _PLACES[each.place], _time(each.since, policy))
                for number, each in enumerate(roster, 1)
                for who in (known[each.account],)
            ),
        ),
        _attendance(progress, known, ordered),
        await _completion(tx, found, progress, known, policy),
    ]  # fmt: skip


async def _about(tx: AsyncConnection, found: TopicClass, now: datetime, policy: Policy) -> Sheet:
    head = await ledger.head(tx)
    rows = [
        ("专题班", found.title),
        ("范围", "本班全部学员（含候补）"),
        ("生成时间", _time(now, policy)),
        ("政策版本", policy.version),
        ("台账检查点", f"第 {head[0] + 1} 行 {head[1].hex()}" if head else "台账尚无记录"),
    ]
    return Sheet("说明", ("项目", "内容"), tuple(rows))


def _plan(
    found: TopicClass,
    known: dict[UUID, Person],
    ordered: Sequence[tuple[LiveClass, bool]],
    talk: Discussion | None,
    policy: Policy,
) -> Sheet:
    credit = "按模块计学时" if found.hours is None else f"结业后一次计 {hours_text(found.hours)} 学时"
    head = [
        ("班主任", known[found.teacher].name, "", "", _STATES[found.state]),
        ("学时", credit, "", "", ""),
        ("起止", _time(found.begins_at, policy), _time(found.ends_at, policy), "", ""),
    ]
    classes = [
        (
            _NEEDED[needed],
            lesson.title,
            _time(lesson.starts_at, policy),
            f"{lesson.planned_minutes} 分钟 {known[lesson.lecturers[0]].name}",
            _CLASSES[lesson.state],
        )
        for lesson, needed in ordered
    ]
    if talk is not None:
        classes.insert(talk.place, (_NEEDED[talk.needed], "讨论", "", "", ""))
    return Sheet("计划", ("项目", "内容", "时间", "时长与讲师", "状态"), tuple(head + classes))


def _attendance(
    progress: Sequence[Line], known: dict[UUID, Person], ordered: Sequence[tuple[LiveClass, bool]]
) -> Sheet:
    """The share of each live class that was attended; a class called off has none."""
    rows = [
        (known[line.member.account].name, *(_share(line.shares.get(lesson.id)) for lesson, _ in ordered))
        for line in progress
    ]
    return Sheet("出勤", ("姓名", *(lesson.title for lesson, _ in ordered)), tuple(rows))


async def _completion(
    tx: AsyncConnection, found: TopicClass, progress: Sequence[Line], known: dict[UUID, Person], policy: Policy
) -> Sheet:
    names = [each.name for each in progress[0].conditions] if progress else []
    learners = [known[line.member.account].pseudonym for line in progress]
    given = await ledger.given_by(tx, learners, {found.id, *(id for line in progress for id in line.shares)})
    rows = []
    for line in progress:
        who = known[line.member.account]
        met = {each.name: each for each in line.conditions}
        at = line.member.completed_at
        rows.append(
            (
                who.name, *(_reached(met.get(name)) for name in names), "已结业" if line.complete else "未结业",
                _time(at, policy) if at else "", hours_text(given.get(who.pseudonym, Decimal(0))),
            )
        )  # fmt: skip
    titles = [_CONDITIONS[name] for name in names]
    return Sheet("结业", ("姓名", *titles, "结业", "结业时间", "已计学时"), tuple(rows))


def _reached(found: Condition | None) -> str:
    if found is None:
        return ""
    if found.name == "live_share":
        return f"{_share(found.reached)} / {_share(found.asked)}"
    return f"{found.reached.normalize():f} / {found.asked.normalize():f}"


def _share(share: Decimal | None) -> str:
    """A share in per cent, never rounded up to a border that was not reached."""
    return "" if share is None else f"{(share * 100).quantize(Decimal('0.1'), ROUND_DOWN)}%"


def _time(at: datetime, policy: Policy) -> str:
    return at.astimezone(policy.zone).strftime("%Y-%m-%d %H:%M")
