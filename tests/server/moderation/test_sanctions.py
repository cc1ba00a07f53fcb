"""Sanctions on speaking: effect, end, second person; never on study (rules §7)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from server.base.office import Office
from server.base.outbox import outbox
from server.base.work import Actor
from server.moderation import sanction
from server.moderation.sanction import Where
from server.people.store import Person
from server.rules.conduct import Mode, SanctionKind
from server.rules.powers import Role
from server.rules.refusal import Refusal
from tests.clock import TestClock
from tests.people import Province, a_province
from tests.server.moderation.test_life_of_a_post import CLASS, say

HERE = Where("class", CLASS, "乡村治理")


@pytest.fixture
async def town(office: Office) -> Province:
    return await a_province(office)


@pytest.fixture
async def author(town: Province) -> Person:
    return await town.a_learner()


@pytest.fixture
async def moderator(town: Province) -> Actor:
    return await town.acting(await town.a(Role.MODERATOR, over=town.root))


async def _pause(
    office: Office, moderator: Actor, person: Person, clock: TestClock, *, days: float, where: Where | None = HERE
) -> sanction.Sanction:
    until = clock.now() + timedelta(days=days)
    return await office.do(
        moderator, sanction.impose, person.id, SanctionKind.PAUSE, where, until, "art-12", "多次刷屏", uuid4()
    )


async def test_a_pause_keeps_from_speaking_until_it_ends_by_itself(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock
) -> None:
    await _pause(office, moderator, author, clock, days=1)
    with pytest.raises(Refusal, match=r"mute\.active") as refused:
        await say(office, town, author, "我想发言")
    assert refused.value.data["until"].startswith("2026-09-16")
    clock.pass_(86401)
    await say(office, town, author, "我想发言")


async def test_a_pause_of_eight_days_is_a_proposal_until_a_second_person_confirms(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock
) -> None:
    proposed = await _pause(office, moderator, author, clock, days=8)
    assert proposed.state == "proposed"
    await say(office, town, author, "仍可发言")
    with pytest.raises(Refusal, match=r"power\.self"):
        await office.do(moderator, sanction.settle, proposed.id, confirm=True)
    second = await town.acting(await town.a(Role.MODERATOR, over=town.root))
    await office.do(second, sanction.settle, proposed.id, confirm=True)
    with pytest.raises(Refusal, match=r"mute\.active"):
        await say(office, town, author, "我想发言")
    with pytest.raises(Refusal, match=r"sanction\.settled"):
        await office.do(second, sanction.settle, proposed.id, confirm=False)


async def test_a_refused_proposal_never_takes_effect(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock
) -> None:
    proposed = await _pause(office, moderator, author, clock, days=30)
    second = await town.acting(await town.a(Role.MODERATOR, over=town.root))
    assert (await office.do(second, sanction.settle, proposed.id, confirm=False)).state == "refused"
    await say(office, town, author, "仍可发言", Mode.AFTER)


async def test_a_pause_in_one_class_leaves_other_places_open_and_one_everywhere_does_not(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock
) -> None:
    await _pause(office, moderator, author, clock, days=1, where=Where("class", UUID(int=5), "别的课"))
    await say(office, town, author, "此处可发言")
    await _pause(office, moderator, author, clock, days=1, where=None)
    with pytest.raises(Refusal, match=r"mute\.active"):
        await say(office, town, author, "我想发言")


async def test_a_warning_takes_nothing_away(office: Office, town: Province, author: Person, moderator: Actor) -> None:
    args = (author.id, SanctionKind.WARNING, None, None, "art-12", "注意言辞", uuid4())
    assert (await office.do(moderator, sanction.impose, *args)).state == "active"
    await say(office, town, author, "好的")


async def test_a_sanction_sent_twice_is_imposed_once(
    office: Office, town: Province, author: Person, moderator: Actor
) -> None:
    """Its answer was lost; the second is answered with the first, and is not told again."""
    args = (SanctionKind.WARNING, None, None, "art-12", "注意言辞", uuid4())
    made = await office.do(moderator, sanction.impose, author.id, *args)
    assert await office.do(moderator, sanction.impose, author.id, *args) == made
    other = await town.a_learner()
    with pytest.raises(Refusal, match=r"sanction\.draft_used"):
        await office.do(moderator, sanction.impose, other.id, *args)
    async with office.read() as tx:
        assert await sanction.of_person(tx, author.id) == [made]
        assert await sanction.of_person(tx, other.id) == []
        told = sa.select(outbox.c.subject).where(outbox.c.name == "sanction.begun")
        assert (await tx.execute(told)).scalars().all() == [str(made.id)]


async def test_an_exclusion_is_from_a_class_and_nobody_sanctions_themselves(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock
) -> None:
    assert moderator.id is not None
    with pytest.raises(Refusal, match=r"sanction\.no_place"):
        await office.do(
            moderator, sanction.impose, author.id, SanctionKind.EXCLUSION, None, None, "art-12", "扰乱课堂", uuid4()
        )
    with pytest.raises(Refusal, match=r"power\.self"):
        await office.do(
            moderator, sanction.impose, moderator.id, SanctionKind.WARNING, None, None, "art-12", "自己", uuid4()
        )
    await office.do(
        moderator, sanction.impose, author.id, SanctionKind.EXCLUSION, HERE, None, "art-12", "扰乱课堂", uuid4()
    )
    async with office.read() as tx:
        mine = await sanction.of_person(tx, author.id)
    assert sanction.excludes(mine, CLASS, clock.now())
    assert not sanction.excludes(mine, UUID(int=5), clock.now())


async def test_a_proposal_stays_on_the_desk_however_much_was_decided_since(
    office: Office, town: Province, author: Person, moderator: Actor, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sanction, "LISTED", 2)
    proposed = await _pause(office, moderator, author, clock, days=8)
    for _ in range(3):
        clock.pass_(1)
        await _pause(office, moderator, author, clock, days=1)
    async with office.read() as tx:
        listed = await sanction.for_desk(tx, sa.true())
    assert listed[0].id == proposed.id
