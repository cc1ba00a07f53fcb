"""The life of a post: written, screened, held, decided, reviewed (rules §7)."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from server.base.bus import Message
from server.base.office import Office
from server.base.work import SYSTEM, Actor
from server.forum.release import release
from server.moderation import decide, report, review, store, write
from server.moderation.store import Post
from server.moderation.tell import shown
from server.moderation.write import Place, Speaker
from server.people.store import Person
from server.rules.conduct import Mode, PostAction, PostState
from server.rules.powers import Role
from server.rules.refusal import Refusal
from tests.clock import TestClock
from tests.people import Province, a_province

CLASS = UUID(int=77)
GROUNDS = ("abuse", "art-12", "请就事论事")


@pytest.fixture
async def town(office: Office) -> Province:
    return await a_province(office)


@pytest.fixture
async def author(town: Province) -> Person:
    return await town.a_learner()


@pytest.fixture
async def moderator(town: Province) -> Actor:
    return await town.acting(await town.a(Role.MODERATOR, over=town.root))


@pytest.fixture
def told(office: Office) -> list[Message]:
    heard: list[Message] = []
    office.bus.listen("", heard.append)
    return heard


async def say(
    office: Office, town: Province, author: Person, text: str, mode: Mode = Mode.AFTER, draft: UUID | None = None
) -> Post:
    place = Place("class", CLASS, "乡村治理", mode, f"class:{CLASS}")
    speaker = Speaker(author.id, "learner", author.unit_path, author.authority_path)
    return await office.do(await town.acting(author), write.submit, place, speaker, text, draft or uuid4())


async def now(office: Office, post: Post) -> Post:
    async with office.read() as tx:
        found = await store.by_id(tx, post.id)
    assert found is not None
    return found


async def test_criticism_is_published_at_once_and_told_to_the_class(
    office: Office, town: Province, author: Person, told: list[Message]
) -> None:
    post = await say(office, town, author, "建议减少层层报表，这样的做法群众不满意")
    assert post.state is PostState.PUBLISHED
    [message] = [each for each in told if each.type == "post.published"]
    assert (message.topic, message.data["author"]["name"]) == (f"class:{CLASS}", author.name)


async def test_first_posts_wait_where_trust_is_asked_and_later_ones_do_not(
    office: Office, town: Province, author: Person, moderator: Actor
) -> None:
    for number in range(3):
        post = await say(office, town, author, f"心得 {number}", Mode.TRUST)
        assert post.state is PostState.HELD
        await office.do(moderator, decide.decide, post.id, post.version, PostAction.APPROVE, None, None, None)
    assert (await say(office, town, author, "第四次发言", Mode.TRUST)).state is PostState.PUBLISHED


async def test_a_blocked_text_stays_with_its_author_and_nobody_else_hears_of_it(
    office: Office, town: Province, author: Person, told: list[Message]
) -> None:
    post = await say(office, town, author, "代刷学时，联系我")
    assert (post.state, post.category) == (PostState.BLOCKED, "cheating_offer")
    assert not [each for each in told if each.type == "post.published"]


async def test_the_grounds_of_a_refusal_are_read_again_by_the_author_alone(
    office: Office, town: Province, author: Person, moderator: Actor
) -> None:
    post = await say(office, town, author, "大家好", Mode.BEFORE)
    await office.do(moderator, decide.decide, post.id, post.version, PostAction.REJECT, *GROUNDS)
    async with office.read() as tx:
        said = await store.in_place(tx, "class", CLASS, author.id, limit=10)
        [own] = await shown(tx, said, author.id)
        [others] = await shown(tx, said, moderator.id)
    assert (own["state"], own["kind"], own["basis"], own["reason"]) == ("rejected", *GROUNDS)
    assert (others["kind"], others["basis"], others["reason"]) == (None, None, None)


async def test_the_same_draft_sent_again_is_the_same_post(office: Office, town: Province, author: Person) -> None:
    draft = uuid4()
    first, again = (
        await say(office, town, author, "老师好", draft=draft),
        await say(office, town, author, "x", draft=draft),
    )
    assert first.id == again.id
    assert again.text == "老师好"


async def test_a_removed_post_leaves_every_screen_and_its_author_is_told_why(
    office: Office, town: Province, author: Person, moderator: Actor, told: list[Message]
) -> None:
    post = await say(office, town, author, "大家好")
    told.clear()
    await office.do(moderator, decide.decide, post.id, post.version, PostAction.REMOVE, *GROUNDS)
    assert (await now(office, post)).state is PostState.REMOVED
    by_type = {each.type: each for each in told}
    assert by_type["post.removed"].topic == f"class:{CLASS}"
    assert by_type["post.decided"].data["reason"] == GROUNDS[2]
    async with office.read() as tx:
        assert [each.id for each in await store.in_place(tx, "class", CLASS, uuid4())] == []


@pytest.mark.parametrize("missing", range(3))
async def test_a_decision_against_the_author_needs_kind_basis_and_reason(
    office: Office, town: Province, author: Person, moderator: Actor, missing: int
) -> None:
    post = await say(office, town, author, "大家好")
    grounds = [each if number != missing else None for number, each in enumerate(GROUNDS)]
    with pytest.raises(Refusal) as refused:
        await office.do(moderator, decide.decide, post.id, post.version, PostAction.REMOVE, *grounds)
    assert refused.value.status == 422


async def test_who_decides_about_another_version_than_was_seen_is_refused(
    office: Office, town: Province, author: Person, moderator: Actor
) -> None:
    post = await say(office, town, author, "大家好")
    with pytest.raises(Refusal, match=r"post\.changed"):
        await office.do(moderator, decide.decide, post.id, post.version + 1, PostAction.REMOVE, *GROUNDS)


async def test_two_moderators_at_once_leave_one_decision(
    office: Office, town: Province, author: Person, moderator: Actor
) -> None:
    second = await town.acting(await town.a(Role.MODERATOR, over=town.root))
    post = await say(office, town, author, "大家好", Mode.BEFORE)
    jobs = [
        office.do(moderator, decide.decide, post.id, post.version, PostAction.APPROVE, None, None, None),
        office.do(second, decide.decide, post.id, post.version, PostAction.REJECT, *GROUNDS),
    ]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert sum(isinstance(each, Refusal) for each in outcomes) == 1
    async with office.read() as tx:
        assert len((await store.decisions_of(tx, [post.id]))[post.id]) == 1


async def test_a_claimed_item_is_not_decided_by_another_until_the_claim_ends(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock
) -> None:
    second = await town.acting(await town.a(Role.MODERATOR, over=town.root))
    post = await say(office, town, author, "大家好", Mode.BEFORE)
    claimed = await office.do(moderator, decide.claim, post.id)
    with pytest.raises(Refusal, match=r"desk\.claimed"):
        await office.do(second, decide.decide, post.id, claimed.version, PostAction.APPROVE, None, None, None)
    clock.pass_(301)
    await office.do(second, decide.decide, post.id, claimed.version, PostAction.APPROVE, None, None, None)


async def test_a_decision_is_undone_within_ten_seconds_and_not_later(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock
) -> None:
    post = await say(office, town, author, "大家好")
    taken = await office.do(moderator, decide.decide, post.id, post.version, PostAction.REMOVE, *GROUNDS)
    clock.pass_(9)
    await office.do(moderator, decide.undo, taken.id)
    back = await now(office, post)
    assert back.state is PostState.PUBLISHED
    again = await office.do(moderator, decide.decide, post.id, back.version, PostAction.REMOVE, *GROUNDS)
    clock.pass_(11)
    with pytest.raises(Refusal, match=r"decision\.late"):
        await office.do(moderator, decide.undo, again.id)


async def test_a_post_whose_decision_is_taken_back_keeps_its_place_in_the_queue(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock
) -> None:
    post = await say(office, town, author, "大家好", Mode.BEFORE)
    for _ in range(2):
        clock.pass_(300)
        version = (await now(office, post)).version
        taken = await office.do(moderator, decide.decide, post.id, version, PostAction.APPROVE, None, None, None)
        await office.do(moderator, decide.undo, taken.id)
    back = await now(office, post)
    assert (back.state, back.state_at) == (PostState.HELD, post.state_at)


async def test_a_clean_held_post_is_released_after_half_an_hour_of_working_time(
    office: Office, town: Province, author: Person, clock: TestClock
) -> None:
    post = await say(office, town, author, "心得体会", Mode.TRUST)
    clock.pass_(29 * 60)
    assert await office.do(SYSTEM, release) == 0
    clock.pass_(2 * 60)
    assert await office.do(SYSTEM, release) == 1
    assert (await now(office, post)).state is PostState.PUBLISHED


async def test_a_suspicious_held_post_waits_for_a_person_however_long(
    office: Office, town: Province, author: Person, clock: TestClock
) -> None:
    await say(office, town, author, "加微信领取资料")
    clock.pass_(86400)
    assert await office.do(SYSTEM, release) == 0


async def test_a_report_leaves_the_post_visible_and_puts_it_into_the_queue(
    office: Office, town: Province, author: Person
) -> None:
    post = await say(office, town, author, "大家好")
    reader = await town.acting(await town.a_learner())
    for _ in range(2):
        await office.do(reader, report.report, post.id, "abuse", "不文明")
    reported = await now(office, post)
    assert (reported.state, reported.reports) == (PostState.PUBLISHED, 1)


async def test_suspected_secrets_are_held_at_the_first_report(office: Office, town: Province, author: Person) -> None:
    post = await say(office, town, author, "会议内容如下")
    reader = await town.acting(await town.a_learner())
    await office.do(reader, report.report, post.id, "secrets", "疑似涉密")
    assert (await now(office, post)).state is PostState.HELD


async def test_a_review_is_decided_by_another_person_and_may_overturn(
    office: Office, town: Province, author: Person, moderator: Actor
) -> None:
    post = await say(office, town, author, "大家好")
    await office.do(moderator, decide.decide, post.id, post.version, PostAction.REMOVE, *GROUNDS)
    asked = await office.do(await town.acting(author), review.ask, post.id, "并无不当")
    with pytest.raises(Refusal, match=r"power\.self"):
        await office.do(moderator, review.settle, asked.id, overturn=True, reason="再看")
    other = await town.acting(await town.a(Role.MODERATOR, over=town.root))
    await office.do(other, review.settle, asked.id, overturn=True, reason="属于正常交流")
    assert (await now(office, post)).state is PostState.PUBLISHED
    with pytest.raises(Refusal, match=r"review\.settled"):
        await office.do(other, review.settle, asked.id, overturn=False, reason="再看")


async def test_a_review_is_asked_once_and_within_fifteen_days(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock
) -> None:
    me = await town.acting(author)
    post = await say(office, town, author, "大家好")
    await office.do(moderator, decide.decide, post.id, post.version, PostAction.REMOVE, *GROUNDS)
    late = await say(office, town, author, "大家好啊")
    await office.do(moderator, decide.decide, late.id, late.version, PostAction.REMOVE, *GROUNDS)
    await office.do(me, review.ask, post.id, "并无不当")
    with pytest.raises(Refusal, match=r"review\.asked_before"):
        await office.do(me, review.ask, post.id, "并无不当")
    clock.pass_(timedelta(days=16).total_seconds())
    with pytest.raises(Refusal, match=r"review\.late"):
        await office.do(me, review.ask, late.id, "并无不当")


async def test_a_withdrawn_post_is_gone_for_readers_and_only_its_author_withdraws(
    office: Office, town: Province, author: Person
) -> None:
    post = await say(office, town, author, "大家好")
    with pytest.raises(Refusal, match=r"post\.unknown"):
        await office.do(await town.acting(await town.a_learner()), write.withdraw, post.id)
    await office.do(await town.acting(author), write.withdraw, post.id)
    assert (await now(office, post)).state is PostState.WITHDRAWN
