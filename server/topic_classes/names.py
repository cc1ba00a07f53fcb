"""Who belongs to a topic class holds a role over it, and over each of its live classes, by name (rules §8)."""

from collections.abc import Collection, Iterable
from uuid import UUID

from server.base.outbox import Event
from server.base.work import Work
from server.people import news
from server.people import store as people
from server.rules.powers import Role, ScopeKind
from server.rules.topic_class import Place
from server.topic_classes.store import Member


async def give(work: Work, role: Role, accounts: Collection[UUID], over: Collection[UUID]) -> None:
    """The role over topic classes or live classes."""
    rows = [
        {
            "id": work.id(), "account": account, "role": role.value, "scope_kind": ScopeKind.CLASS.value,
            "scope_id": each, "until": None, "given_by": work.actor.id, "given_at": work.now,
        }
        for account in accounts
        for each in over
    ]  # fmt: skip
    if rows:
        await people.give_roles(work.tx, rows)
    for account in accounts:
        news.person_changed(work, account)


async def admit(work: Work, members: Iterable[Member], over: Collection[UUID]) -> None:
    """Let members in; who waits is not yet one."""
    await give(work, Role.LEARNER, [each.account for each in members if each.place is Place.ENROLLED], over)


async def take(work: Work, role: Role, accounts: Collection[UUID], over: Collection[UUID]) -> None:
    """Take back the role over these classes; what is held there besides stays."""
    await people.take_roles_over(work.tx, role, accounts, over, work.actor.id, work.now)
    for account in accounts:
        news.person_changed(work, account)
        out = {"account": str(account), "classes": [str(each) for each in over]}
        work.emit(Event("class.shut_out", str(account), out))
