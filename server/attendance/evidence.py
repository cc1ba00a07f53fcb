"""Beats in SQL, packed or not, and the evidence of learners put together for the rules."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance.pack import pack, percent, unpack
from server.attendance.tables import beats, checks, earnings, packs, refused_beats, signs, stays
from server.base.db import insert_ignoring
from server.rules.checks import Check
from server.rules.evidence import Evidence, StayEvidence
from server.rules.presence import Beat, Earning, Reason

AT_ONCE = 1000
"""Identifiers in one statement; databases have a limit."""


def _some(name: str) -> sa.BindParameter[Any]:
    """Several values of one parameter."""
    return sa.bindparam(name, expanding=True)


# Built once: whoever enters a class, and every seat that is made again, asks all of them.
_VISITS = (
    sa.select(stays.c.id, stays.c.account)
    .where(stays.c.activity == sa.bindparam("activity"), stays.c.account.in_(_some("accounts")))
    .order_by(stays.c.id)
)
_PACKED = sa.select(packs).where(packs.c.stay.in_(_some("stays"))).order_by(packs.c.stay, packs.c.first_seq)
_LOOSE = sa.select(beats).where(beats.c.stay.in_(_some("stays"))).order_by(beats.c.stay, beats.c.seq)
_EARNING = sa.select(earnings).where(earnings.c.stay.in_(_some("stays"))).order_by(earnings.c.at_ms, earnings.c.id)
_ASKED = (
    sa.select(checks)
    .where(checks.c.activity == sa.bindparam("activity"), checks.c.account.in_(_some("accounts")))
    .order_by(checks.c.asked_ms, checks.c.id)
)
_SIGNS = (
    sa.select(signs.c.account, signs.c.at_ms)
    .where(signs.c.activity == sa.bindparam("activity"), signs.c.account.in_(_some("accounts")))
    .order_by(signs.c.at_ms)
)


async def append(tx: AsyncConnection, received: Iterable[tuple[UUID, Beat]]) -> None:
    """Write accepted beats; one that is there already stays as it is.

    Thousands come in a second, so their rows go to the driver as they are: half the time of binding them by name.
    """
    lite = tx.dialect.name == "sqlite"
    rows = [(stay.bytes if lite else stay, *_values(beat).values()) for stay, beat in received]
    if rows:
        await tx.exec_driver_sql(_inserting(tx), rows)


def _inserting(tx: AsyncConnection) -> str:
    """The text of the statement, compiled once for each kind of database."""
    name = tx.dialect.name
    if name not in _INSERTING:
        _INSERTING[name] = str(insert_ignoring(tx, beats).compile(dialect=tx.dialect))
    return _INSERTING[name]


_INSERTING: dict[str, str] = {}


async def refuse(tx: AsyncConnection, refused: Iterable[tuple[UUID, Beat, Reason]]) -> None:
    """Keep refused beats with their reason, the first of each number."""
    rows = [{"stay": stay, **_values(beat), "reason": reason.value} for stay, beat, reason in refused]
    if rows:
        await tx.execute(insert_ignoring(tx, refused_beats), rows)


async def refused_count(tx: AsyncConnection, account: UUID, activity: UUID) -> int:
    query = sa.select(sa.func.count()).select_from(refused_beats.join(stays, stays.c.id == refused_beats.c.stay))
    query = query.where(stays.c.account == account, stays.c.activity == activity)
    return int((await tx.execute(query)).scalar_one())


async def strangers(tx: AsyncConnection, stay: UUID, seqs: Collection[int]) -> set[int]:
    """Those of the numbers that no accepted beat of the stay has."""
    loose = await tx.execute(sa.select(beats.c.seq).where(beats.c.stay == stay, beats.c.seq.in_(seqs)))
    packed = await tx.execute(sa.select(packs.c.beats).where(packs.c.stay == stay))
    known = set(loose.scalars()) | {beat.seq for blob in packed.scalars() for beat in unpack(blob)}
    return set(seqs) - known


async def last_receipts(tx: AsyncConnection, stay_ids: Collection[UUID]) -> dict[UUID, int]:
    """When the last beat of each stay was received; a stay without beats is left out."""
    found: dict[UUID, int] = {}
    wanted = list(stay_ids)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        for table in (packs, beats):
            query = sa.select(table.c.stay, sa.func.max(table.c.received_ms)).where(table.c.stay.in_(some))
            found |= {row[0]: row[1] for row in await tx.execute(query.group_by(table.c.stay))}
    return found


async def beats_of(tx: AsyncConnection, stay_ids: Collection[UUID]) -> dict[UUID, tuple[Beat, ...]]:
    """All accepted beats of each stay in their order."""
    found: defaultdict[UUID, list[Beat]] = defaultdict(list)
    some = {"stays": list(stay_ids)}
    for row in await tx.execute(_PACKED, some):
        found[row.stay] += unpack(row.beats)
    for row in await tx.execute(_LOOSE, some):
        found[row.stay].append(_beat(row))
    return {stay: tuple(each) for stay, each in found.items()}


async def pack_stay(tx: AsyncConnection, stay: UUID) -> int:
    """Put the loose beats of a stay into one blob; how many there were."""
    rows = (await tx.execute(sa.select(beats).where(beats.c.stay == stay).order_by(beats.c.seq))).all()
    if rows:
        loose = [_beat(row) for row in rows]
        first, last = loose[0], loose[-1]
        row = {"first_seq": first.seq, "last_seq": last.seq, "received_ms": last.received_ms, "beats": pack(loose)}
        await tx.execute(packs.insert().values(stay=stay, **row))
        await tx.execute(beats.delete().where(beats.c.stay == stay, beats.c.seq <= last.seq))
    return len(rows)


async def evidence_of(tx: AsyncConnection, activity: UUID, accounts: Collection[UUID]) -> dict[UUID, Evidence]:
    """All that each learner left in an activity."""
    visits = (await tx.execute(_VISITS, {"activity": activity, "accounts": list(accounts)})).all()
    stay_ids = [row.id for row in visits]
    found = await beats_of(tx, stay_ids) if stay_ids else {}
    changes = await _earning_of(tx, stay_ids) if stay_ids else defaultdict(list)
    asked = await _checks_of(tx, activity, accounts)
    active = await _signs_of(tx, activity, accounts)
    of_account: defaultdict[UUID, list[StayEvidence]] = defaultdict(list)
    for row in visits:
        of_account[row.account].append(StayEvidence(str(row.id), found.get(row.id, ()), tuple(changes[row.id])))
    return {
        account: Evidence(tuple(of_account[account]), tuple(asked[account]), tuple(active[account]))
        for account in accounts
    }


async def all_studied(tx: AsyncConnection) -> list[tuple[UUID, UUID]]:
    """Every pair of account and activity of which there is a stay, for the audit."""
    rows = await tx.execute(
        sa.select(stays.c.account, stays.c.activity).distinct().order_by(*stays.c["account", "activity"])
    )
    return [(row.account, row.activity) for row in rows]


async def _earning_of(tx: AsyncConnection, stay_ids: Sequence[UUID]) -> defaultdict[UUID, list[Earning]]:
    found: defaultdict[UUID, list[Earning]] = defaultdict(list)
    for row in await tx.execute(_EARNING, {"stays": list(stay_ids)}):
        found[row.stay].append(Earning(row.at_ms, Reason(row.held) if row.held else None))
    return found


async def _checks_of(tx: AsyncConnection, activity: UUID, accounts: Collection[UUID]) -> defaultdict[UUID, list[Check]]:
    found: defaultdict[UUID, list[Check]] = defaultdict(list)
    for row in await tx.execute(_ASKED, {"activity": activity, "accounts": list(accounts)}):
        found[row.account].append(check_of(row))
    return found


async def _signs_of(tx: AsyncConnection, activity: UUID, accounts: Collection[UUID]) -> defaultdict[UUID, list[int]]:
    found: defaultdict[UUID, list[int]] = defaultdict(list)
    for row in await tx.execute(_SIGNS, {"activity": activity, "accounts": list(accounts)}):
        found[row.account].append(row.at_ms)
    return found


def check_of(row: Any) -> Check:
    """The check of a row, as the rules know it."""
    return Check(
        stay=str(row.stay),
        asked_ms=row.asked_ms,
        answer_s=row.answer_s,
        shown_ms=row.shown_ms,
        answered_ms=row.answered_ms,
        missed_ms=row.missed_ms,
        withdrawn_ms=row.withdrawn_ms,
    )


def _values(beat: Beat) -> dict[str, Any]:
    """By column, in the order of the table."""
    return {
        "seq": beat.seq,
        "position_ms": beat.position_ms,
        "rate_percent": percent(beat.rate),
        "since_previous_ms": beat.since_previous_ms,
        "playing": beat.playing,
        "visible": beat.visible,
        "ended": beat.ended,
        "received_ms": beat.received_ms,
    }


def _beat(row: Any) -> Beat:
    return Beat(
        seq=row.seq,
        position_ms=row.position_ms,
        rate=row.rate_percent / 100,
        since_previous_ms=row.since_previous_ms,
        playing=row.playing,
        visible=row.visible,
        ended=row.ended,
        received_ms=row.received_ms,
    )
