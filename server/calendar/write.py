"""The text of a calendar (RFC 5545), with the one definition of the zone in which the academy lives.

An entry keeps its UID for ever; a moved one has a higher SEQUENCE, a called-off one stays with STATUS:CANCELLED, so
that programs change what they hold in place of adding to it. No more is said than title, time and address: who holds
the address of a calendar need not be signed in.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from server.live.store import LiveClass
from server.rules.live import State
from server.topic_classes.store import TopicClass

ZONE = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)


def text_of(name: str, events: Iterable[Event]) -> bytes:
    """A whole calendar, ready to be sent."""
    made = Calendar()
    made.add("prodid", "-//Jiangtang//Calendar//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", ZONE.key)
    made.add_component(_zone())
    for each in events:
        made.add_component(each)
    return bytes(made.to_ical())


def of_class(lesson: LiveClass, origin: str, now: datetime) -> Event:
    """A live class at its hours."""
    made = _event(f"class-{lesson.id}", lesson.title, lesson.version, now)
    made.add("dtstart", lesson.starts_at.astimezone(ZONE))
    made.add("dtend", lesson.ends_at.astimezone(ZONE))
    made.add("status", "CANCELLED" if lesson.state is State.CANCELLED else "CONFIRMED")
    made.add("url", f"{origin}/live/{lesson.id}")
    return made


def of_topic_class(found: TopicClass, origin: str, now: datetime) -> Event:
    """A topic class over its days, which leaves the hours of them free."""
    made = _event(f"topic-class-{found.id}", found.title, found.version, now)
    made.add("dtstart", found.begins_at.astimezone(ZONE).date())
    made.add("dtend", (found.ends_at.astimezone(ZONE) - datetime.resolution).date() + _DAY)  # midnight is no day more
    made.add("status", "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    made.add("url", f"{origin}/topic-classes/{found.id}")
    return made


def whole(found: TopicClass, lessons: Sequence[LiveClass], origin: str, now: datetime) -> bytes:
    """A topic class with its live classes."""
    return text_of(found.title, [of_topic_class(found, origin, now), *(of_class(one, origin, now) for one in lessons)])


def _event(uid: str, title: str, version: int, now: datetime) -> Event:
    made = Event()
    made.add("uid", f"{uid}@jiangtang")
    made.add("dtstamp", now)
    made.add("sequence", version)
    made.add("summary", title)
    return made


def _zone() -> Timezone:
    """China has kept UTC+8 without summer time since 1992: one line in place of a century of history."""
    made, standard = Timezone(), TimezoneStandard()
    made.add("tzid", ZONE.key)
    standard.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001 (RFC 5545 §3.6.5: a local time)
    standard.add("tzname", "CST")
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    made.add_component(standard)
    return made
