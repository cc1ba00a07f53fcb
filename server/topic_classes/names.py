"""Who belongs to a topic class holds a role over it, and over each of its live classes, by name (rules §8)."""

from collections.abc import Collection
from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.people import news
from server.people import store as people
from server.rules.powers import Role, ScopeKind
from server.rules.topic_class import Place
from server.topic_classes.store import Member


async def give(work: Work, account: UUID, role: Role, over: UUID) -> None:
    """The role over one topic class or live class."""
    row = {
        "id": work.id(), "account": account, "role": role.value, "scope_kind": ScopeKind.CLASS.value,
        "scope_id": over, "until": None, "given_by": work.actor.id, "given_at": work.now,
    }  # fmt: skip
    await people.give_role(work.tx, row)
    news.person_changed(work, account)


async def admit(work: Work, member: Member, over: Collection[UUID]) -> None:
    """Let a member in; who waits is not yet one."""
    if member.place is Place.ENROLLED:
        for each in over:
            await give(work, member.account, Role.LEARNER, each)


async def take(work: Work, account: UUID, over: Collection[UUID]) -> None:
    """Take back what was held over these classes."""
    for held in await people.roles_of(work.tx, account, by_name=True):
        if held.scope_id in over:
            await people.take_role(work.tx, held.id, account, work.actor.id, work.now)
    news.person_changed(work, account)
    out = {"account": str(account), "classes": [str(each) for each in over]}
    work.emit(Event("class.shut_out", str(account), out))
