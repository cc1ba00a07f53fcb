"""A topic class under way: a class teacher, members in different states, one live class held and one to come."""

from datetime import timedelta
from uuid import UUID

from server.attendance import store as attendance
from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.demo import history
from server.demo.persons import Cast
from server.demo.tree import Tree
from server.live import store as live
from server.rules.powers import Role
from server.rules.topic_class import Place
from server.topic_classes import names, store
from server.topic_classes.store import Announcement, Member, Module, TopicClass, TopicState
from server.topic_classes.targets import by_name

TITLE = "依法行政能力提升专题班"
ABOUT = "面向各市工作人员，通过两次直播课堂和自学，熟悉宪法与依法行政的基本要求。"


async def hold(office: Office, tree: Tree, cast: Cast) -> None:
    """Plan it around the oldest class of the past days, whose learners are its members."""
    async with office.read() as tx:
        held = min(await live.listed(tx), key=lambda each: each.starts_at)
    await office.do(SYSTEM, _plan, tree, cast, held)


async def _plan(work: Work, tree: Tree, cast: Cast, held: live.LiveClass) -> None:
    teacher = cast.shown["class_teacher"].id
    begins = held.starts_at - timedelta(days=1)
    topic = TopicClass(
        work.id(), TITLE, ABOUT, teacher, tree.root.id, tree.root.path, True, 80, begins,
        work.now + timedelta(days=10), TopicState.PUBLISHED, 1,
    )  # fmt: skip
    await store.add(work.tx, topic)
    lecturer, assistant = cast.shown["lecturer"].id, cast.shown["assistant"].id
    coming = history.planned(work, tree, "行政执法案例研讨", work.now + timedelta(days=2), lecturer, assistant)
    await live.add(work.tx, coming)
    modules = [held.id, coming.id]
    await store.set_modules(
        work.tx, topic.id, [Module(each, topic.id, place, True) for place, each in enumerate(modules)]
    )
    for lesson in (held, coming):
        await live.change(work.tx, lesson, audience_path=by_name(topic.id))
    for each in (topic.id, *modules):
        await names.give(work, teacher, Role.CLASS_TEACHER, each)
    await _fill(work, topic, cast, modules)
    text = "第二讲为行政执法案例研讨，请提前准备一个本单位的案例，缺课的同学可先补看第一讲回放。"
    await store.announce(work.tx, Announcement(work.id(), topic.id, teacher, text, work.now - timedelta(hours=3)))


async def _fill(work: Work, topic: TopicClass, cast: Cast, modules: list[UUID]) -> None:
    """Those who attended the first class, and three who have yet to."""
    there = await attendance.learners_of(work.tx, modules[0])
    absent = [each for each in cast.learners if each not in there][:3]
    for number, account in enumerate([*there, *absent], 1):
        member = Member(topic.id, account, Place.ENROLLED, number, topic.begins_at)
        await store.add_member(work.tx, member)
        await names.admit(work, member, [topic.id, *modules])
