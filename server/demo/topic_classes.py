"""Topic classes of the demo academy: one under way, in which people talk, and one that some have completed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from server.attendance import store as attendance
from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.demo import forum, history
from server.demo.history import Moved
from server.demo.persons import Cast
from server.demo.tree import Tree
from server.forum import boards
from server.live import store as live
from server.live.store import LiveClass
from server.rules.audience import of_topic_class
from server.rules.conduct import Mode
from server.rules.powers import Role
from server.rules.topic_class import Credit, Place
from server.topic_classes import names, plan, store
from server.topic_classes.store import Announcement, Discussion, Member, Module, TopicClass, TopicState

TITLE = "依法行政能力提升专题班"
ABOUT = "面向各市工作人员，通过两次直播课堂和自学，熟悉宪法与依法行政的基本要求。"
ANNOUNCED = "第二讲为行政执法案例研讨，请提前准备一个本单位的案例，缺课的同学可先补看第一讲回放。"
TALK = (
    "第一讲里讲到“行政执法公示、全过程记录、重大决定法制审核”三项制度，我们县执法中队人少，"
    "全过程记录最难做到。大家是怎么分工的？",
    "我们是两人一组，一人执法一人记录，回来当天归档。设备不够就先保证现场检查和强制措施这两个环节。",
    "建议把记录要求写进任务单，出发前对一遍，比事后补材料省力。",
    "请把本单位一个真实的执法案例（隐去当事人信息）带到第二讲，我们按三项制度逐条对照。",
)
"""The last one is the class teacher's."""

DONE_TITLE = "乡村治理现代化专题研讨班"
DONE_ABOUT = "听一次直播课堂，结合本村本镇实际参加讨论，结业后一次计 1.0 学时。"
DONE_TALK = (
    "我们镇把村规民约里的红白事标准重新议了一遍，先开户主会，再上村民代表会，执行起来阻力小多了。",
    "积分制试了一年，关键是兑换要兑现。我们和镇上超市签了协议，每季度公示一次积分。",
    "老师讲的“小事不出组”很实用。组长都是熟人，调解比镇里去人有用，但要给误工补贴。",
    "我们村外出务工的多，议事改在视频群里开，纪要贴在村务公开栏，效果不错。",
)


async def hold(office: Office, tree: Tree, cast: Cast) -> None:
    """One around the oldest class of the past days, whose learners are its members; one around the next, over."""
    async with office.read() as tx:
        lessons = sorted(await live.listed(tx), key=lambda each: each.starts_at)
    await _under_way(office, tree, cast, lessons[0])
    if len(lessons) > 1:
        await _completed(office, tree, cast, lessons[1])


async def _under_way(office: Office, tree: Tree, cast: Cast, held: LiveClass) -> None:
    now = office.clock.now()
    topic = _topic(cast, tree, TITLE, ABOUT, held.starts_at - timedelta(days=1), now + timedelta(days=10))
    coming = await office.do(SYSTEM, _coming, tree, cast)
    there = await _attended(office, held)
    absent = [each for each in cast.learners if each not in there][:3]
    topic, board = await office.do(SYSTEM, _make, topic, [held, coming], [*there, *absent], False)
    await office.do(SYSTEM, _announce, topic, ANNOUNCED)
    speakers = [*(there * len(TALK))[: len(TALK) - 1], topic.teacher]
    await forum.talk(office, board, "三项制度，基层怎么落地", list(zip(speakers, TALK, strict=True)))


async def _completed(office: Office, tree: Tree, cast: Cast, held: LiveClass) -> None:
    """Those who speak in it have completed it, and its hours come as they would have; it ended this morning."""
    now = office.clock.now()
    topic = _topic(cast, tree, DONE_TITLE, DONE_ABOUT, held.starts_at - timedelta(days=1), now - timedelta(hours=3))
    topic = replace(topic, credit=Credit.ON_COMPLETION, hours=Decimal(1), self_enrolment=False)
    there = await _attended(office, held)
    then = Office(
        office.db, office.services, clock=Moved(now - timedelta(days=1)), chance=office.chance,
        reactions=office.reactions,
    )  # fmt: skip
    topic, board = await then.do(SYSTEM, _make, topic, [held], there[:12], True)
    said = list(zip(there, DONE_TALK, strict=False))
    await forum.talk(then, board, "说说你们那里的做法", said)
    await then.outbox.drain()
    await office.do(SYSTEM, plan.end_due)


def _topic(cast: Cast, tree: Tree, title: str, about: str, begins: datetime, ends: datetime) -> TopicClass:
    return TopicClass(
        UUID(int=0), title, about, cast.shown["class_teacher"].id, tree.root.id, tree.root.path, True, 80, begins, ends,
        TopicState.PUBLISHED, 1,
    )  # fmt: skip


async def _attended(office: Office, held: LiveClass) -> list[UUID]:
    async with office.read() as tx:
        return await attendance.learners_of(tx, held.id)


async def _coming(work: Work, tree: Tree, cast: Cast) -> LiveClass:
    lecturer, assistant = cast.shown["lecturer"].id, cast.shown["assistant"].id
    lesson = history.planned(work, tree, "行政执法案例研讨", work.now + timedelta(days=2), lecturer, assistant)
    await live.add(work.tx, lesson)
    return lesson


async def _make(
    work: Work, topic: TopicClass, lessons: Sequence[LiveClass], members: Sequence[UUID], needed: bool
) -> tuple[TopicClass, UUID]:
    """A published topic class with these classes, a discussion and its members; its group."""
    topic = replace(topic, id=work.id())
    await store.add(work.tx, topic)
    modules = [Module(each.id, topic.id, place, True) for place, each in enumerate(lessons)]
    await store.set_modules(work.tx, topic.id, modules)
    await store.set_discussion(work.tx, topic.id, Discussion(topic.id, len(modules), needed))
    for lesson in lessons:
        await live.change(work.tx, lesson, audience_path=of_topic_class(topic.id))
    places = [topic.id, *(each.id for each in lessons)]
    await names.give(work, Role.CLASS_TEACHER, [topic.teacher], places)
    seated = [Member(topic.id, each, Place.ENROLLED, number, topic.begins_at) for number, each in enumerate(members, 1)]
    await store.add_members(work.tx, seated)
    await names.admit(work, seated, places)
    group = await boards.open_group(work, topic.id, topic.title, topic.unit_path)
    await boards.change_board(work, group.id, {"mode": Mode.AFTER.value})
    return topic, group.id


async def _announce(work: Work, topic: TopicClass, text: str) -> None:
    at = work.now - timedelta(hours=3)
    made = Announcement(work.id(), topic.id, topic.teacher, draft=work.id(), text=text, at=at)
    await store.announce(work.tx, made)
