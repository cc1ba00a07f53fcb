"""The policy as data: every number with its unit, its article or clause and who set it (rules §2)."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from decimal import Decimal
from importlib import resources
from typing import Any, get_origin
from zoneinfo import ZoneInfo

from server.rules.refusal import Article, Basis, Clause

RULES_VERSION = 1
"""Version of the functions in this package that decide about hours; a ledger row carries it."""


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of every year."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> "MonthDay":
        """Read `11-30`; 29 February is no day of every year."""
        day = date.fromisoformat(f"2001-{text}")
        return cls(day.month, day.day)

    def of(self, year: int) -> date:
        return date(year, self.month, self.day)

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


Grades = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Policy:
    """All fields of one policy document; the units and sources stand in its data file."""

    version: str
    effective: date

    year_start: MonthDay
    year_end: MonthDay
    makeup_start: MonthDay
    makeup_end: MonthDay
    closing_end: MonthDay
    december: str
    timezone: str
    min_total_hours: Decimal
    min_required_share: Decimal
    minutes_per_hour: Decimal
    hour_quantum: Decimal
    live_min_ratio: Decimal
    live_full_ratio: Decimal
    live_shortened: Decimal
    live_credit: str
    live_grace_s: int
    live_repair_days: int
    course_min_ratio: Decimal
    speed_required: Decimal
    speed_elective: Decimal
    exam_pass_score: Decimal
    exam_attempts: int
    exam_makeup_attempts: int
    exam_needs_watching: bool
    exam_extra_time: Decimal
    daily_hours_cap: Decimal | None
    heartbeat_interval_s: int
    heartbeat_gap_factor: Decimal
    late_beat_s: int
    presence_check_minutes: tuple[int, int]
    presence_answer_s: int
    presence_answer_extended_s: int
    presence_checks_max: int
    document_idle_s: int
    topic_live_share: Decimal
    discussion_posts: int
    place_mode: str
    live_place_mode: str
    trust_posts: int
    release_minutes: int
    working_hours: tuple[str, str]
    working_days: tuple[int, ...]
    review_days: int
    answer_days: int
    long_sanction_days: int
    desk_claim_s: int
    desk_goal_h: int
    captions_required: str
    unit_reminder_days: int
    joiners_after: MonthDay
    joiners: str
    consequences_from_year: int
    cycles: tuple[int, ...]
    exempt_year: str
    grades: Grades
    notice_threshold: Decimal
    praise_threshold: Decimal
    ranking_from: MonthDay
    min_unit_size: int
    erase_after_days: int
    log_months: int
    password_profile: str

    def __post_init__(self) -> None:
        """ValueError where no time would ever be working time, which somebody waits for."""
        begin, end = (time.fromisoformat(each) for each in self.working_hours)
        if begin >= end:
            raise ValueError(f"policy field working_hours: {self.working_hours!r}")
        if not self.working_days or not set(self.working_days) <= set(range(1, 8)):
            raise ValueError(f"policy field working_days: {self.working_days!r}")

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which every border of a day or a year is taken."""
        return ZoneInfo(self.timezone)

    @property
    def gap_s(self) -> Decimal:
        """Longest silence between two beats, in seconds, that leaves no gap."""
        return self.heartbeat_gap_factor * self.heartbeat_interval_s


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field of the policy comes from and whether a sub-centre may change it (Article 18)."""

    field: str
    label: str
    unit: str
    article: int | None
    clause: int | None
    set_by: str
    overlay: str
    floor: Decimal | None

    @property
    def basis(self) -> Basis:
        return Article(self.article) if self.article is not None else Clause(self.field)


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A policy, with the source of each of its fields."""

    policy: Policy
    sources: Mapping[str, Source]


def read(text: str, before: PolicyDocument | None = None) -> PolicyDocument:
    """Read a policy document; a field that is missing, strange or of another shape is a `ValueError`.

    Over the document `before`, only what changes has to be named, and a change only its value.
    """
    tables = tomllib.loads(text, parse_float=Decimal)
    head = tables.pop("policy")
    if before is not None:
        return _read_changes(head, tables, before)
    names = {each.name for each in fields(Policy)} - {"version", "effective"}
    if names != set(tables):
        raise ValueError(f"policy fields missing or strange: {sorted(names ^ set(tables))}")
    values = {name: value_of(name, table["value"]) for name, table in tables.items()}
    policy = Policy(version=head["version"], effective=head["effective"], **values)
    return PolicyDocument(policy, {name: _source(name, table) for name, table in tables.items()})


def _read_changes(head: Mapping[str, Any], tables: Mapping[str, Any], before: PolicyDocument) -> PolicyDocument:
    if strange := set(tables) - set(before.sources):
        raise ValueError(f"policy fields strange: {sorted(strange)}")
    values = {name: value_of(name, table["value"]) for name, table in tables.items()}
    return PolicyDocument(
        replace(before.policy, version=head["version"], effective=head["effective"], **values), before.sources
    )


def value_of(name: str, raw: Any) -> Any:
    """The value of a field as its type says, from TOML or JSON."""
    kind = _TYPES[name]
    try:
        return _READERS[kind](raw) if kind in _READERS else _same(kind, raw)
    except (TypeError, ArithmeticError) as error:
        raise ValueError(f"policy field {name}: {raw!r}") from error


class Policies:
    """The policy documents of the academy, oldest first."""

    def __init__(self, documents: Iterable[PolicyDocument]) -> None:
        self.documents = tuple(sorted(documents, key=lambda each: each.policy.effective))
        if not self.documents:
            raise ValueError("no policy document")

    @classmethod
    def shipped(cls) -> "Policies":
        """The documents that come with the platform."""
        files = (resources.files(__package__) / "data").iterdir()
        return cls(read(each.read_text("utf-8")) for each in files if each.name.startswith("policy-"))

    def changed_by(self, texts: Iterable[str]) -> "Policies":
        """These documents and later ones, each a text that names what it changes."""
        documents = list(self.documents)
        for text in texts:
            documents.append(read(text, documents[-1]))
        return Policies(documents)

    def document_at(self, at: datetime) -> PolicyDocument:
        """The document in force at an aware instant; before the first one, the first."""
        passed = [each for each in self.documents if each.policy.effective <= at.astimezone(each.policy.zone).date()]
        return passed[-1] if passed else self.documents[0]

    def in_force(self, at: datetime) -> Policy:
        """The policy in force at an aware instant."""
        return self.document_at(at).policy

    def version(self, version: str) -> Policy:
        """The policy of that version; `KeyError` where there is none."""
        return {each.policy.version: each.policy for each in self.documents}[version]


def _source(name: str, table: Mapping[str, Any]) -> Source:
    if ("article" in table) == ("clause" in table):
        raise ValueError(f"policy field {name}: an article or a clause")
    return Source(
        field=name,
        label=table["label"],
        unit=table["unit"],
        article=table.get("article"),
        clause=table.get("clause"),
        set_by=table["set_by"],
        overlay=table.get("overlay", "none"),
        floor=table.get("floor"),
    )


def _same(kind: Any, raw: Any) -> Any:
    if type(raw) is not (get_origin(kind) or kind):
        raise TypeError(kind)
    return raw


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool):
        raise TypeError(raw)
    return Decimal(raw)


_TYPES: dict[str, Any] = {each.name: each.type for each in fields(Policy)}
_READERS: dict[Any, Callable[[Any], Any]] = {
    Decimal: _decimal,
    Decimal | None: lambda raw: None if raw == "none" else _decimal(raw),
    MonthDay: MonthDay.parse,
    tuple[int, int]: lambda raw: (int(raw[0]), int(raw[1])),
    tuple[int, ...]: lambda raw: tuple(int(each) for each in raw),
    tuple[str, str]: lambda raw: (str(raw[0]), str(raw[1])),
}
