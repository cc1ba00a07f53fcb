"""What there is of one person's own affairs: hours in the ledger, a check of presence, an exemption, pictures."""

from decimal import Decimal
from uuid import UUID

from server.attendance import store as attendance
from server.attendance.store import AskedCheck, Stay
from server.base.files import Files
from server.base.pictures import Picture
from server.base.work import Work
from server.forum import write as forum
from server.hours import append
from server.hours.store import exemptions
from server.hours.store.exemptions import Exemption
from server.live.store import LiveClass
from server.moderation import pictures
from server.people.store import Person
from server.rules.checks import Check
from server.rules.ledger import Facts, RowKind
from server.rules.words import ActivityKind, Nature
from server.rules.year import Ground

ALT = "材料清单"


async def studied(work: Work, person: Person, lesson: LiveClass) -> dict[str, UUID]:
    """A stay in the class, a check that waits there, and the hours that it gave."""
    opened = round(work.now.timestamp() * 1000)
    stay = Stay(work.id(), person.id, "class", lesson.id, "办公电脑", "s", opened, None, False)
    await attendance.add_stay(work.tx, stay)
    check = AskedCheck(work.id(), person.id, lesson.id, stay.id, Check(str(stay.id), opened, 120))
    await attendance.add_check(work.tx, check)
    entry = await credited(work, person, lesson.id, "1.5")
    return {"stay_id": stay.id, "check_id": check.id, "entry_id": entry}


async def credited(work: Work, person: Person, lesson: UUID, hours: str, nature: Nature = Nature.ELECTIVE) -> UUID:
    """A row in the ledger, whatever it rests on."""
    facts = Facts(
        RowKind.CREDIT, person.pseudonym, work.now.year, Decimal(hours), nature, False, ActivityKind.CLASS,
        lesson, f"assessment:{work.id()}.1", "2019-11-09", 1, None, "assessment", work.now,
    )  # fmt: skip
    return (await append.write(work, person.id, facts)).id


async def exempted(work: Work, person: Person) -> UUID:
    """An exemption from this year, for illness."""
    given = Exemption(work.id(), person.id, work.now.year, Ground.ILLNESS, "皖干网〔2026〕1号", None, work.now)
    assert await exemptions.add(work.tx, given)
    return given.id


async def drawn(work: Work, files: Files) -> UUID:
    """A picture that is in no post yet: nobody else sees it."""
    made = Picture(b"RIFF....WEBP", 1, 1)
    kept = await pictures.announce(work, made, ALT)
    await pictures.whole(work, kept.id, await files.put(kept.key, made.data))
    return kept.id


async def shown(work: Work, files: Files, board: UUID) -> UUID:
    """A picture in a post that everybody may read."""
    picture = await drawn(work, files)
    await forum.start(work, board, "题目", "内容", work.id(), [picture])
    return picture
