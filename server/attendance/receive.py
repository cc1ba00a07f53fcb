"""Beats of all sockets: judged in memory, written together, and only then acknowledged (rules §3.1-3.4).

Theory of operation. Messages that arrive within `GROUP_S` are judged one after the other and written
in one unit; their senders hear the answer after its COMMIT. What is remembered of a stay (a `Seat`)
moves on only with that COMMIT: when the unit fails, the seats are forgotten and made again from what
the database holds, so that a beat sent again finds the same answer.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.attendance import evidence as beats_store
from server.attendance import store
from server.attendance.figures import ACK_SECONDS, BEATS
from server.attendance.lesson import last_aired, lesson
from server.attendance.nodes import Elsewhere, Stale, check_fresh
from server.attendance.receipts import Receipts
from server.attendance.seat import Seat, seat_of
from server.attendance.seats import Seats
from server.attendance.store import Stay
from server.base.bus import Message
from server.base.office import Office
from server.base.work import SYSTEM, Work
from server.rules.presence import Beat, Reason, Verdict
from server.rules.refusal import Refusal, unknown

GROUP_S = 0.02
"""Time for which messages gather before their common write."""

LOAD_AT_ONCE = 50

LOAD_NEAR = 3
"""So few seats are made on the loop: that of who enters is asked for faster than a thread takes it up."""

LOADED_AT_MOST = 10
"""Times for which missing seats are made again while news drops them."""

JUDGED_AT_MOST = 4
"""Times for which beats are judged, each after seats that were out of date have been made again."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a browser is told of its beats once they are written."""

    stay: UUID
    acked_seq: int
    verdicts: tuple[Verdict, ...]
    verified_ms: int
    pending_ms: int


@dataclass(slots=True)
class _Batch:
    """The beats of one message, on their way."""

    account: UUID
    stay: UUID
    beats: tuple[Beat, ...]
    socket: str
    done: asyncio.Future[Acknowledged]

    def fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


@dataclass(slots=True)
class _Head:
    """A seat as it is remembered, and as it is after the beats of this write."""

    before: Seat
    seat: Seat


@dataclass(slots=True)
class _Write:
    """What one unit writes; `heads` are the seats that it moves on, by stay; other processes write too if `shared`."""

    heads: dict[UUID, _Head] = field(default_factory=dict)
    accepted: list[tuple[UUID, Beat]] = field(default_factory=list)
    refused: list[tuple[UUID, Beat, Reason]] = field(default_factory=list)
    ended: list[tuple[UUID, int]] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    shared: bool = False


class Receiver:
    """The seats of this process and the one writer of its beats."""

    def __init__(self, office: Office, group_s: float = GROUP_S) -> None:
        self.office = office
        self._group_s = group_s
        self.receipts = Receipts(office.clock)
        self.seats = Seats()
        self._lock = asyncio.Lock()
        self._active: set[UUID] = set()
        self._changed: set[UUID] = set()
        self._wanted: set[UUID] = set()
        self._waiting: list[_Batch] = []
        self._serving: asyncio.Task[None] | None = None
        self.elsewhere = Elsewhere(office.bus, self.receipts.stamp)
        office.bus.listen("attendance:", self._told)
        office.bus.when_missed(self._missed)

    async def receive(self, account: UUID, stay: UUID, beats: Iterable[Beat], socket: str) -> Acknowledged:
        """Take the beats of one message; returns once they are written down.

        Refuses `stay.unknown` for a stay that is not the account's, `beat.too_often`.
        """
        batch = _Batch(account, stay, tuple(beats), socket, asyncio.get_running_loop().create_future())
        self._waiting.append(batch)
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve(), name="beats")
        began = self.office.clock.monotonic()
        try:
            return await batch.done
        finally:
            ACK_SECONDS.observe(self.office.clock.monotonic() - began)

    async def seat(self, stay: UUID) -> Seat:
        """The seat of a stay, from memory or made from the evidence; `stay.unknown` when there is none."""
        self._wanted.add(stay)
        async with self._lock:  # whoever holds it next loads for all who came while it was held
            wanted = frozenset(self._wanted | {stay})
            await self._load(wanted)
            self._wanted -= wanted
            seat = self.seats.get(stay)
        if seat is None:
            raise unknown("stay")
        return seat

    async def refresh(self) -> None:
        """Make the seats of those again for whom something changed; drop those long silent; follow the media clock."""
        changed, self._changed = self._changed, set()
        async with self._lock:
            await self._load(changed)
        self.seats.forget_idle(self.receipts.stamp())
        async with self.office.read() as tx:
            for activity in {seat.stay.activity for seat in self.seats}:
                self.receipts.reach(last_aired(await lesson(tx, activity)))

    # --- the writer -------------------------------------------------------------------------------

    async def _serve(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._group_s)
            batches, self._waiting = self._waiting, []
            try:
                async with self._lock:
                    await self._write(batches)
            except Exception as error:
                for batch in batches:
                    self.seats.forget(batch.stay)
                    batch.fail(error)

    async def _write(self, batches: list[_Batch]) -> None:
        write, answers = await self._written(batches)
        for verdict, number in write.verdicts.items():
            BEATS.labels(verdict.removeprefix("beat.")).inc(number)
        for head in write.heads.values():
            self.seats.move_on(head.before, head.seat)
        for batch, answer in answers:
            if isinstance(answer, Refusal):
                batch.fail(answer)
            elif not batch.done.done():
                batch.done.set_result(answer)

    async def _written(self, batches: list[_Batch]) -> tuple[_Write, list[tuple[_Batch, Acknowledged | Refusal]]]:
        """What was written for the batches, and the answer to each."""
        for left in reversed(range(JUDGED_AT_MOST)):
            await self._load(batch.stay for batch in batches)
            write = _Write(shared=bool(self.office.bus.node))
            answers = [(batch, self._judge(batch, write)) for batch in batches]
            try:
                if write.accepted or write.refused:
                    await self.office.do(SYSTEM, _write_beats, write)
                return write, answers
            except Stale as stale:
                for stay in stale.stays:
                    self.seats.forget(stay)
                if not left:
                    raise
        raise AssertionError("unreachable")

    async def _load(self, stays: Iterable[UUID]) -> None:
        """Make the seats that are not remembered, some in one view of the database.

        News that comes meanwhile drops seats again, so it is looked again until none that exists is missing.
        """
        wanted = set(stays)
        for _ in range(LOADED_AT_MOST):
            missing = self.seats.missing(wanted)
            for start in range(0, len(missing), LOAD_AT_ONCE):
                some = missing[start : start + LOAD_AT_ONCE]
                async with self.office.read(near=len(some) <= LOAD_NEAR) as tx:
                    found = await store.stays_by_ids(tx, some)
                    for activity in {each.activity for each in found.values()}:
                        await self._make(tx, [each for each in found.values() if each.activity == activity])
                wanted -= set(some) - found.keys()
            if not missing:
                return

    async def _make(self, tx: AsyncConnection, stays: list[Stay]) -> None:
        """Make the seats of some stays in one activity."""
        activity = stays[0].activity
        held = await lesson(tx, activity)
        if held is None:
            return
        policy = held.policy(self.office.services.policies)
        evidence = await beats_store.evidence_of(tx, activity, {each.account for each in stays})
        for stay in stays:
            chance = self.office.chance.random()
            seat = seat_of(stay, evidence[stay.account], policy, chance, self.receipts.stamp())
            changes = (change.at_ms for each in evidence[stay.account].stays for change in each.earning)
            self.receipts.reach(max(seat.heard_ms, last_aired(held), *changes))
            self.seats.put(seat)

    def _judge(self, batch: _Batch, write: _Write) -> Acknowledged | Refusal:
        """Judge one message against its seat as it stands."""
        head = write.heads.get(batch.stay) or self._head(batch.stay, write)
        if head is None or head.seat.stay.account != batch.account:
            return unknown("stay")
        judged = head.seat.after(batch.beats, batch.socket)
        if judged is None:
            return Refusal("beat.too_often", status=429)
        seat, verdicts = judged
        head.seat = seat
        pairs = zip(batch.beats, verdicts, strict=True)
        news = tuple(verdict for beat, verdict in pairs if _sort(batch.stay, beat, verdict, write))
        return Acknowledged(batch.stay, seat.presence.seq, news, seat.verified_ms, seat.pending_ms)

    def _head(self, stay: UUID, write: _Write) -> _Head | None:
        before = self.seats.get(stay)
        if before is None:
            return None
        head = write.heads[stay] = _Head(before, self._woken(before))
        return head

    def _woken(self, seat: Seat) -> Seat:
        """The seat, its timer started anew where its learner was active since the last beat."""
        if seat.stay.id not in self._active:
            return seat
        self._active.discard(seat.stay.id)
        return seat.active(self.office.chance.random())

    def _missed(self) -> None:
        for seat in self.seats:
            self.seats.forget(seat.stay.id)

    def _told(self, message: Message) -> None:
        """What changed for a learner: a sign of activity starts the timer anew, after else all is made again."""
        seats = self.seats.of_account(UUID(message.topic.removeprefix("attendance:")))
        if message.type == "sign":
            self._active |= {seat.stay.id for seat in seats if str(seat.stay.activity) == message.data["activity"]}
            return
        for seat in seats:
            self._changed.add(seat.stay.id)
            self.seats.forget(seat.stay.id)


def _sort(stay: UUID, beat: Beat, verdict: Verdict, write: _Write) -> bool:
    """Put a beat where it is to be written; whether it is news and not one sent again."""
    write.verdicts[verdict.reason or "beat.counted"] += 1
    if verdict.reason in (Reason.AGAIN, Reason.ENDED):
        write.refused.append((stay, beat, verdict.reason))
        return verdict.reason is Reason.ENDED
    write.accepted.append((stay, beat))
    if beat.ended:
        write.ended.append((stay, beat.received_ms))
    return True


async def _write_beats(work: Work, write: _Write) -> None:
    """Write the beats of one moment; where a class was closed before, its stays hold new evidence again."""
    if write.shared:
        await check_fresh(work.tx, [head.before for head in write.heads.values()])
    await beats_store.append(work.tx, write.accepted)
    await work.fail("beats.after_insert")
    await beats_store.refuse(work.tx, await _unknown(work, write.refused))
    for stay, at_ms in write.ended:
        await store.end_stay(work.tx, stay, at_ms)
    stays = [head.seat.stay for head in write.heads.values() if head.seat is not head.before]
    closed = await store.closed_of(work.tx, {stay.activity for stay in stays})
    await store.set_dirty(work.tx, [stay.id for stay in stays if stay.activity in closed])
    await work.fail("beats.before_commit")


async def _unknown(work: Work, refused: list[tuple[UUID, Beat, Reason]]) -> list[tuple[UUID, Beat, Reason]]:
    """Leave out beats sent again; one with an old number that was never taken came out of order."""
    again: dict[UUID, set[int]] = {}
    for stay, beat, reason in refused:
        if reason is Reason.AGAIN:
            again.setdefault(stay, set()).add(beat.seq)
    late = {stay: await beats_store.strangers(work.tx, stay, seqs) for stay, seqs in again.items()}
    kept = [each for each in refused if each[2] is not Reason.AGAIN]
    return kept + [(s, beat, Reason.ORDER) for s, beat, reason in refused if beat.seq in late.get(s, ())]
