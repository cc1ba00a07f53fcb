"""The demo forum: boards, and threads in which made-up learners talk about their work, told at their own time."""

from datetime import timedelta
from uuid import UUID

from server.base.office import Office
from server.base.work import SYSTEM, Actor, Work
from server.demo.history import Moved
from server.demo.threads import BOARDS, THREADS, Said
from server.forum import boards, write
from server.people import store as people

ANSWER_AFTER = timedelta(hours=3)


async def fill(office: Office, learners: list[UUID]) -> list[UUID]:
    """Open the boards and let learners write; where trust is asked the first words wait for a moderator.

    The ids of the boards in their order.
    """
    made = [await office.do(SYSTEM, boards.open_board, *board, place) for place, board in enumerate(BOARDS)]
    turn = 0
    for said in THREADS:
        turn = await _thread(office, made[said.board].id, said, learners, turn)
    return [each.id for each in made]


async def _thread(office: Office, board: UUID, said: Said, learners: list[UUID], turn: int) -> int:
    """Tell one thread; the turn of who writes next."""
    then = morning(office, said.days_ago)
    first, *answers = said.texts
    thread, _ = await then.do(await actor_of(office, learners[turn % len(learners)]), start, board, said.title, first)
    for text in answers:
        turn += 1
        forward(then, ANSWER_AFTER)
        await then.do(await actor_of(office, learners[turn % len(learners)]), reply, thread, text)
    await then.outbox.drain()
    return turn + 1


async def talk(office: Office, board: UUID, title: str, said: list[tuple[UUID, str]]) -> None:
    """A thread in a board: who says what, the first one opens it."""
    thread, _ = await office.do(await actor_of(office, said[0][0]), start, board, title, said[0][1])
    for who, text in said[1:]:
        await office.do(await actor_of(office, who), reply, thread, text)


def morning(office: Office, days_ago: int) -> Office:
    """The same academy at ten in the morning of an earlier day."""
    day = office.clock.now() - timedelta(days=days_ago)
    clock = Moved(day.replace(hour=10 - 8, minute=0, second=0, microsecond=0))
    return Office(office.db, office.services, clock=clock, chance=office.chance, reactions=office.reactions)


def forward(then: Office, length: timedelta) -> None:
    """Let time go by there."""
    then.clock = Moved(then.clock.now() + length)


async def actor_of(office: Office, account: UUID) -> Actor:
    """A demo person as the one who acts."""
    async with office.read() as tx:
        person = await people.person(tx, account)
        if person is None:
            raise RuntimeError("a demo person is gone")
        return Actor(account, await people.holdings_of(tx, person))


async def start(work: Work, board: UUID, title: str, text: str) -> tuple[UUID, UUID]:
    """A new thread and its first post."""
    thread, post = await write.start(work, board, title, text, work.id())
    return thread.id, post.id


async def reply(work: Work, thread: UUID, text: str) -> UUID:
    _, post = await write.reply(work, thread, text, work.id(), None)
    return post.id
