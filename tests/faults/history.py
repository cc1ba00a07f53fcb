"""What clients were told, and what the database holds afterwards: nothing acknowledged lost, nothing counted twice."""

from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from server.attendance import evidence
from server.attendance import store as attendance
from server.base.office import Office
from server.hours.audit import audit
from server.hours.store.ledger import ledger
from server.moderation.tables import posts


@dataclass(slots=True)
class History:
    """Acknowledged operations; what was sent without an answer may be there or not."""

    beats: set[tuple[UUID, int]] = field(default_factory=set)
    posts: set[UUID] = field(default_factory=set)
    sent: int = 0

    async def check(self, office: Office, class_id: UUID, accounts: list[UUID]) -> list[str]:
        """What is wrong; empty when nothing is."""
        async with office.read() as tx:
            stays = await attendance.stays_of(tx, class_id, accounts)
            kept = await evidence.beats_of(tx, [stay.id for stay in stays])
            said = list((await tx.execute(sa.select(posts.c.draft))).scalars())
            rows = (await tx.execute(sa.select(ledger.c.learner, ledger.c.activity, ledger.c.hours))).all()
        there = {(stay, beat.seq) for stay, each in kept.items() for beat in each}
        twice = [(stay, len(each)) for stay, each in kept.items() if len({beat.seq for beat in each}) != len(each)]
        credited = {(row.learner, row.activity) for row in rows if row.hours}
        found = [f"beats lost: {sorted(map(str, self.beats - there))[:5]}"] if self.beats - there else []
        found += [f"beats twice: {twice}"] if twice else []
        found += [f"posts lost: {self.posts - set(said)}"] if self.posts - set(said) else []
        found += ["posts twice"] if len(said) != len(set(said)) else []
        found += ["hours twice"] if len(credited) != len([row for row in rows if row.hours]) else []
        return found + [str(each) for each in (await audit(office)).differences]
