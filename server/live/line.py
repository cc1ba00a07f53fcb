"""What media tells of a class: a publisher came or went, frames are on air, the recording is ready."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from media.events import Event as News
from server.base.office import Office
from server.base.outbox import Event
from server.base.work import SYSTEM, Work
from server.live import publish_store, store
from server.live.abilities import NO_RECORDING, READY
from server.live.publish_store import Publisher
from server.live.state import change, load, note, step
from server.live.steer import air_is_due
from server.live.store import LiveClass
from server.live.streams import class_of
from server.live.tell import tell_changed, tell_staff
from server.rules import air
from server.rules.air import Record
from server.rules.live import ATTENDED, Action, State
from server.rules.refusal import unknown

Hear = Callable[[Work, LiveClass, News], Awaitable[None]]

_SOURCES = {"encoder": publish_store.ENCODER, "video": publish_store.PREPARED}
"""What media calls publishers that are no page of ours."""

FINISHED = "finished"
"""Reason of being off air of a prepared video that was played to its end."""

LOST_BY = frozenset({"lost", "died"})
"""Reasons of being off air after which the line is to come back."""


async def take(office: Office, news: News) -> None:
    """Take one piece of news; `class.unknown` (404) for a stream of nobody."""
    found = class_of(news.stream)
    if found is None:
        raise unknown("class")
    class_id, rehearsal = found
    if not rehearsal or news.name in OF_REHEARSALS:
        await office.do(SYSTEM, hear, class_id, news)


async def hear(work: Work, class_id: UUID, news: News) -> None:
    """Write down what media says, each piece once."""
    lesson = await load(work, class_id)
    if news.name not in REPEATABLE and not await publish_store.first_word(
        work.tx, news.id, news.stream, news.name, work.now
    ):
        return
    await HEARD[news.name](work, lesson, news)
    await work.fail("line.after_news")


async def _connected(work: Work, lesson: LiveClass, news: News) -> None:
    """Somebody sends now; media that was away meanwhile is told again what should be on air."""
    source = _SOURCES.get(str(news.data.get("source")), publish_store.BROWSER)
    asked = await publish_store.publisher(work.tx, news.stream)
    let_in = asked if asked is not None and asked.source == source else None
    await publish_store.keep_publisher(
        work.tx,
        Publisher(
            news.stream, lesson.id, source, account=let_in.account if let_in else None,
            studio=let_in.studio if let_in else None, device=let_in.device if let_in else "",
            asked_at=let_in.asked_at if let_in else work.now, run=news.run, connected_at=work.now,
            heard_at=work.now,
        ),
    )  # fmt: skip
    tell_staff(work, lesson.id, "publisher.changed", _publisher(news, connected=True, source=source))
    if _is_class(news):
        air_is_due(work, lesson)


async def _lost(work: Work, lesson: LiveClass, news: News) -> None:
    if await publish_store.disconnected(work.tx, news.stream, news.run):
        gone = await publish_store.publisher(work.tx, news.stream)
        source = gone.source if gone else publish_store.BROWSER
        tell_staff(work, lesson.id, "publisher.changed", _publisher(news, connected=False, source=source))
        if _is_class(news):
            await _interrupt(work, lesson)


async def _on_air(work: Work, lesson: LiveClass, news: News) -> None:
    if lesson.state not in ATTENDED:
        return
    if not await _keep(work, lesson, lambda record: air.begin(record, news.run, news.at_ms, _ended_ms(lesson))):
        return
    if lesson.went_on_air_at is None:
        lesson = await change(work, lesson, went_on_air_at=air.instant(news.at_ms))
        await tell_changed(work, lesson)
    await _heard(work, lesson)


async def _still_on_air(work: Work, lesson: LiveClass, news: News) -> None:
    if await _keep(work, lesson, lambda record: air.reach(record, news.run, news.at_ms, _ended_ms(lesson))):
        await _heard(work, lesson)


async def _off_air(work: Work, lesson: LiveClass, news: News) -> None:
    await _keep(work, lesson, lambda record: air.leave(record, news.run, news.at_ms, _ended_ms(lesson)))
    reason = news.data.get("reason")
    if reason == "died":
        await publish_store.disconnected(work.tx, news.stream, news.run)
    record = await store.record_of(work.tx, lesson.id)
    if not record or record[-1].run != news.run or lesson.state is not State.ON_AIR:
        return
    if reason in LOST_BY:
        await step(work, lesson, Action.LOSE)
    elif reason == FINISHED:
        await step(work, lesson, Action.PAUSE, reason="video_finished")


async def _recorded(work: Work, lesson: LiveClass, news: News) -> None:
    if lesson.state is not State.ENDED or lesson.recording != NO_RECORDING:
        return
    ready = await change(work, lesson, recording=READY)
    await note(work, ready, "recorded", **news.data)
    work.emit(Event("recording.ready", str(lesson.id), {"class": str(lesson.id)}))
    work.push(f"class:{lesson.id}", "recording.ready", {"class": str(lesson.id)})
    await tell_changed(work, ready)


async def _line(work: Work, lesson: LiveClass, news: News) -> None:
    await publish_store.heard(work.tx, news.stream, news.run, work.now)
    tell_staff(work, lesson.id, "line.changed", {**news.data, "rehearsal": not _is_class(news)})


async def _disk_full(work: Work, lesson: LiveClass, news: News) -> None:
    await note(work, lesson, "disk_full", at_ms=news.at_ms)
    tell_staff(work, lesson.id, "disk.full", {"at_ms": news.at_ms})


async def _interrupt(work: Work, lesson: LiveClass) -> None:
    if lesson.state is State.ON_AIR:
        await step(work, lesson, Action.LOSE)


async def _heard(work: Work, lesson: LiveClass) -> None:
    await store.heard(work.tx, lesson.id, work.now)
    if lesson.state is State.INTERRUPTED:
        await step(work, lesson, Action.RETURN)


async def _keep(work: Work, lesson: LiveClass, told: Callable[[Record], Record]) -> bool:
    """Save what was told of the air time; whether that has changed anything."""
    before = await store.record_of(work.tx, lesson.id)
    after = told(before)
    await store.save_record(work.tx, lesson.id, before, after)
    if lesson.state is State.ENDED and air.stretches(after) != air.stretches(before):
        work.emit(Event("class.air_changed", str(lesson.id), {"class": str(lesson.id)}))
    return after != before


def _ended_ms(lesson: LiveClass) -> int | None:
    return air.media_ms(lesson.ended_at) if lesson.ended_at else None


def _is_class(news: News) -> bool:
    """Whether the news is of the class itself and not of its rehearsal."""
    found = class_of(news.stream)
    return found is not None and not found[1]


def _publisher(news: News, *, connected: bool, source: str) -> dict[str, object]:
    return {"connected": connected, "source": source, "rehearsal": not _is_class(news)}


HEARD: dict[str, Hear] = {
    "publisher_connected": _connected,
    "publisher_lost": _lost,
    "on_air": _on_air,
    "still_on_air": _still_on_air,
    "off_air": _off_air,
    "recorded": _recorded,
    "disk_full": _disk_full,
    "line": _line,
}
OF_REHEARSALS = frozenset({"publisher_connected", "publisher_lost", "disk_full", "line"})
REPEATABLE = frozenset({"still_on_air", "line"})
"""News that says nothing new when it is taken twice; the others are noted by id."""
