"""Posts of the demo forum that came to the desk: one decided, one under review, one put right, one reported."""

from datetime import timedelta
from uuid import UUID

from server.base.office import Office
from server.base.work import Work
from server.demo.forum import actor_of, forward, morning, start
from server.demo.persons import Cast
from server.moderation import decide, report, review, store
from server.moderation.store import Review
from server.rules.conduct import PostAction, PostState

ARTICLE = "art-12"
LATER = timedelta(hours=3)


async def work_through(office: Office, boards: list[UUID], cast: Cast) -> None:
    """Tell the cases from the oldest to the newest, each by the verbs that the desk itself uses."""
    author, other = cast.shown["second_learner"].id, cast.learners[20]
    await _put_right(office, boards[0], other, cast)
    await _under_review(office, boards[1], author, cast)
    await _decided(office, boards[0], author, cast)
    await _reported(office, boards[1], cast)


async def _put_right(office: Office, board: UUID, author: UUID, cast: Cast) -> None:
    """A review by another person has given the post back."""
    text = "上午窗口离不开人，直播能不能多安排在下午？"
    then, post = await _judged(office, 9, board, author, ("直播时间的建议", text), ("flooding", "重复发言"), cast)
    asked = await _asked(then, author, post, "这条意见我只发过一次，请再看看。")
    forward(then, LATER)
    second = await actor_of(office, cast.shown["second_moderator"].id)
    await then.do(second, review.settle, asked.id, overturn=True, reason="查实只发过一次，属于正常建议")
    await then.outbox.drain()


async def _under_review(office: Office, board: UUID, author: UUID, cast: Cast) -> None:
    """Its author has asked; the other moderator has yet to decide."""
    text = "通知总是头天晚上才到，安排的人怕是没在窗口坐过一天班。"
    judged = ("abuse", "措辞贬损他人，请就事论事")
    then, post = await _judged(office, 6, board, author, ("培训通知能不能早两天发", text), judged, cast)
    await _asked(then, author, post, "我只是对通知时间提意见，没有针对哪一个人。")
    await then.outbox.drain()


async def _decided(office: Office, board: UUID, author: UUID, cast: Cast) -> None:
    """Its author may still ask for a review."""
    text = "我听说明年学时要翻一番，大家早点做准备，消息应该可靠。"
    judged = ("rumour", "没有依据，学时要求以正式文件为准")
    then, _ = await _judged(office, 4, board, author, ("明年的学时要求", text), judged, cast)
    await then.outbox.drain()


async def _reported(office: Office, board: UUID, cast: Cast) -> None:
    """It stays where it is until a person holds it."""
    author, reporter = cast.learners[21], cast.learners[22]
    then = morning(office, 1)
    text = "这个标准套到山区根本行不通，写的人怕是没有来过。建议先到三个乡镇试半年。"
    _, post = await then.do(await actor_of(office, author), start, board, "一个标准套不到所有乡镇", text)
    forward(then, timedelta(hours=1))
    await then.do(await actor_of(office, reporter), report.report, post, "abuse", "语气不好，容易引起争论")
    await then.outbox.drain()


async def _judged(
    office: Office, days: int, board: UUID, author: UUID, said: tuple[str, str], why: tuple[str, str], cast: Cast
) -> tuple[Office, UUID]:
    """A thread that a moderator has decided against some hours after it was opened."""
    then = morning(office, days)
    _, post = await then.do(await actor_of(office, author), start, board, *said)
    forward(then, LATER)
    moderator = await actor_of(office, cast.shown["moderator"].id)
    await then.do(moderator, _decide, post, *why)
    forward(then, LATER)
    return then, post


async def _decide(work: Work, post_id: UUID, kind: str, reason: str) -> None:
    post = await store.by_id(work.tx, post_id)
    assert post is not None
    action = PostAction.REJECT if post.state is PostState.HELD else PostAction.REMOVE
    await decide.decide(work, post_id, post.version, action, kind, ARTICLE, reason)


async def _asked(then: Office, author: UUID, post: UUID, text: str) -> Review:
    return await then.do(await actor_of(then, author), review.ask, post, text)
