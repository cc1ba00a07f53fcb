"""Who may do what over which subtree, authority or class (rules §8; Articles 8, 14, 15, 16)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A bundle of powers; one person may hold several."""

    LEARNER = "learner"
    LECTURER = "lecturer"
    ASSISTANT = "assistant"
    CLASS_TEACHER = "class_teacher"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    SUB_CENTRE_ADMIN = "sub_centre_admin"
    ACADEMY_ADMIN = "academy_admin"
    DEPARTMENT = "department"
    AUDITOR = "auditor"


class Power(StrEnum):
    """One thing that somebody may be allowed to do."""

    UNITS_SEE = "units.see"
    PEOPLE_SEE = "people.see"
    PEOPLE_ENROL = "people.enrol"
    PEOPLE_CHANGE = "people.change"
    PEOPLE_STOP = "people.stop"
    PEOPLE_RESET = "people.reset"
    PEOPLE_SIGN_OUT = "people.sign_out"
    ROLES_SEE = "roles.see"
    ROLES_GIVE = "roles.give"

    LIVE_SEE = "live.see"
    LIVE_PLAN = "live.plan"
    LIVE_RUN = "live.run"
    LIVE_STAFF = "live.staff"
    LIVE_AUDIENCE = "live.audience"
    LIVE_SPEAKING = "live.speaking"
    LIVE_CUT = "live.cut"
    ATTEND = "attendance.attend"

    TOPIC_SEE = "topic_classes.see"
    TOPIC_PLAN = "topic_classes.plan"
    TOPIC_PROGRESS = "topic_classes.progress"

    SPEAK = "posts.speak"
    POSTS_REPORT = "posts.report"
    POSTS_REVIEW_ASK = "posts.review_ask"

    FORUM_READ = "forum.read"
    FORUM_PLAN = "forum.plan"
    FORUM_PAUSE = "forum.pause"

    DESK_SEE = "desk.see"
    DESK_DECIDE = "desk.decide"
    DESK_REVIEW = "desk.review"
    SANCTION_PLACE = "sanctions.place"
    SANCTION = "sanctions.everywhere"
    SANCTION_CONFIRM = "sanctions.confirm"

    HOURS_SEE = "hours.see"
    HOURS_QUESTIONS = "hours.questions"
    HOURS_ANSWER = "hours.answer"
    HOURS_DECIDE = "hours.decide"

    AUDIT = "audit.read"
    SEALED_SEE = "sealed.see"


class ScopeKind(StrEnum):
    """Over what a role reaches."""

    ALL = "all"
    UNIT = "unit"
    AUTHORITY = "authority"
    CLASS = "class"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a role holds.

    `path` is the path of the unit or authority at the top of the subtree, for `self` that of the
    holder's own unit: the ids from the root down, each closed by a slash (`1/34/3401/`), so that
    a subtree is a common beginning.
    """

    kind: ScopeKind
    path: str = ""
    class_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A role held by somebody over a scope, until an instant where it is lent."""

    role: Role
    scope: Scope
    until: datetime | None = None


class TargetKind(StrEnum):
    """What a power is asked about."""

    PLATFORM = "platform"
    UNIT = "unit"
    PERSON = "person"
    CLASS = "class"
    TOPIC_CLASS = "topic_class"
    POST = "post"
    SANCTION = "sanction"
    QUESTION = "question"
    BOARD = "board"


def tops(path: str) -> list[str]:
    """A unit's path and those of all units above it, highest first."""
    return [path[: at + 1] for at, char in enumerate(path) if char == "/"]


@dataclass(frozen=True, slots=True)
class Target:
    """The thing that a power is asked about, as far as the answer depends on it.

    `owner`: the account whose record, post, review or question it is. `unit_path`: where it stands
    (the person's unit, the unit that holds the class). `authority_path`: who manages the owner.
    `audience_path`: beginning of the unit paths that a class is meant for, empty for all.
    `hands`: accounts that have already decided or proposed in the same thing.
    """

    kind: TargetKind
    owner: UUID | None = None
    unit_path: str = ""
    authority_path: str = ""
    class_id: UUID | None = None
    audience_path: str = ""
    lecturers: frozenset[UUID] = field(default_factory=frozenset)
    assistants: frozenset[UUID] = field(default_factory=frozenset)
    hands: frozenset[UUID] = field(default_factory=frozenset)


_P = Power
_STUDIO = {
    _P.LIVE_SEE, _P.LIVE_RUN, _P.LIVE_AUDIENCE, _P.LIVE_SPEAKING, _P.ATTEND, _P.SPEAK, _P.POSTS_REPORT, _P.FORUM_READ,
}  # fmt: skip
_ROSTER = {_P.UNITS_SEE, _P.PEOPLE_SEE, _P.PEOPLE_ENROL, _P.PEOPLE_CHANGE, _P.PEOPLE_STOP, _P.PEOPLE_RESET}
_RECORD = {_P.PEOPLE_SIGN_OUT, _P.ROLES_SEE, _P.ROLES_GIVE, _P.HOURS_SEE, _P.HOURS_QUESTIONS, _P.HOURS_ANSWER}
_DESK = {
    _P.DESK_SEE, _P.DESK_DECIDE, _P.DESK_REVIEW, _P.SANCTION_PLACE, _P.SANCTION, _P.SANCTION_CONFIRM, _P.FORUM_PAUSE,
}  # fmt: skip
_CLASSES = {_P.LIVE_SEE, _P.LIVE_PLAN, _P.LIVE_STAFF, _P.LIVE_AUDIENCE, _P.LIVE_CUT, _P.LIVE_SPEAKING}
_TOPIC = {_P.TOPIC_SEE, _P.TOPIC_PLAN, _P.TOPIC_PROGRESS}
_READ = {_P.UNITS_SEE, _P.PEOPLE_SEE, _P.ROLES_SEE, _P.LIVE_SEE, _P.LIVE_AUDIENCE, _P.DESK_SEE, _P.FORUM_READ}
_READ_RECORD = {_P.HOURS_SEE, _P.HOURS_QUESTIONS, _P.AUDIT, _P.TOPIC_SEE, _P.TOPIC_PROGRESS}

BUNDLES: dict[Role, frozenset[Power]] = {
    Role.LEARNER: frozenset(
        {_P.LIVE_SEE, _P.TOPIC_SEE, _P.ATTEND, _P.SPEAK, _P.POSTS_REPORT, _P.POSTS_REVIEW_ASK, _P.FORUM_READ}
    ),
    Role.LECTURER: frozenset(_STUDIO),
    Role.ASSISTANT: frozenset(_STUDIO),
    Role.CLASS_TEACHER: frozenset(
        {_P.LIVE_SEE, _P.FORUM_READ, _P.SPEAK, _P.POSTS_REPORT, _P.DESK_SEE, _P.DESK_DECIDE, _P.FORUM_PAUSE} | _TOPIC
    ),
    Role.AUTHOR: frozenset({_P.LIVE_SEE, _P.FORUM_READ}),
    Role.REVIEWER: frozenset({_P.LIVE_SEE, _P.FORUM_READ}),
    Role.MODERATOR: frozenset(_DESK | {_P.LIVE_SEE, _P.LIVE_CUT, _P.LIVE_SPEAKING, _P.FORUM_READ}),
    Role.SUB_CENTRE_ADMIN: frozenset(_ROSTER | _RECORD | _CLASSES | _TOPIC | {_P.HOURS_DECIDE, _P.FORUM_READ}),
    Role.ACADEMY_ADMIN: frozenset(
        _ROSTER | _RECORD | _CLASSES | _TOPIC | _DESK | {_P.HOURS_DECIDE, _P.FORUM_READ, _P.FORUM_PLAN}
    ),
    Role.DEPARTMENT: frozenset(_READ | _READ_RECORD),
    Role.AUDITOR: frozenset(_READ | _READ_RECORD | {_P.SEALED_SEE}),
}

BY_AUTHORITY = frozenset(_RECORD | {_P.PEOPLE_CHANGE, _P.PEOPLE_STOP, _P.PEOPLE_RESET, _P.SANCTION, _P.HOURS_DECIDE})
"""Powers over a person's record, which follow the managing authority and never the unit alone (Article 16)."""

NEVER_OWN = frozenset(
    {_P.PEOPLE_CHANGE, _P.PEOPLE_STOP, _P.PEOPLE_RESET, _P.ROLES_GIVE, _P.DESK_DECIDE, _P.DESK_REVIEW}
    | {_P.SANCTION_PLACE, _P.SANCTION, _P.SANCTION_CONFIRM, _P.HOURS_ANSWER, _P.HOURS_DECIDE}
)
"""Decisions that nobody takes on their own post, matter, review or roster entry."""

SECOND_PERSON = frozenset({_P.DESK_REVIEW, _P.SANCTION_CONFIRM})
"""Decisions that need somebody who had no hand in the first one."""

_SEEN_BY: dict[TargetKind, frozenset[Power]] = {
    TargetKind.PLATFORM: frozenset(),
    TargetKind.UNIT: frozenset({_P.UNITS_SEE}),
    TargetKind.PERSON: frozenset({_P.PEOPLE_SEE, _P.HOURS_SEE}),
    TargetKind.CLASS: frozenset({_P.LIVE_SEE}),
    TargetKind.TOPIC_CLASS: frozenset({_P.TOPIC_SEE}),
    TargetKind.POST: frozenset({_P.DESK_SEE, _P.LIVE_SEE}),
    TargetKind.SANCTION: frozenset({_P.DESK_SEE}),
    TargetKind.QUESTION: frozenset({_P.HOURS_QUESTIONS}),
    TargetKind.BOARD: frozenset({_P.FORUM_READ}),
}


_OWN_ONLY = {TargetKind.TOPIC_CLASS, TargetKind.BOARD, TargetKind.POST, TargetKind.SANCTION}
"""What a class teacher reaches in own topic classes only."""


def may(holdings: Iterable[Holding], power: Power, target: Target | None, now: datetime, actor_id: UUID) -> bool:
    """Whether the actor has `power` over `target`; without a target, whether over anything at all."""
    if target is not None and _barred(power, target, actor_id):
        return False
    for each in holdings:
        if not _lives(each, now) or power not in BUNDLES[each.role]:
            continue
        if target is None or _reaches(each, power, target, actor_id):
            return True
    return target is not None and actor_id in target.assistants and power in BUNDLES[Role.ASSISTANT]


def sees(holdings: Iterable[Holding], target: Target, now: datetime, actor_id: UUID) -> bool:
    """Whether the actor may know that `target` exists; who may not gets the answer for nothing."""
    if target.owner == actor_id or target.kind is TargetKind.PLATFORM:
        return True
    held = tuple(holdings)
    return any(may(held, power, target, now, actor_id) for power in _SEEN_BY[target.kind])


def reach(holdings: Iterable[Holding], power: Power, now: datetime) -> tuple[Scope, ...]:
    """The scopes over which the actor has `power`, to bound a list."""
    return tuple(
        each.scope
        for each in holdings
        if _lives(each, now) and power in BUNDLES[each.role] and not (power in _DESK and _is_no_own(each))
    )


def within(path: str, top: str) -> bool:
    """Whether the unit at `path` is `top` or below it; nothing is below an empty path."""
    return bool(top) and path.startswith(top)


def _lives(holding: Holding, now: datetime) -> bool:
    return holding.until is None or now < holding.until


def _barred(power: Power, target: Target, actor_id: UUID) -> bool:
    if power in NEVER_OWN and target.owner == actor_id:
        return True
    return power in SECOND_PERSON and actor_id in target.hands


def _reaches(holding: Holding, power: Power, target: Target, actor_id: UUID) -> bool:
    if target.kind is TargetKind.BOARD and target.class_id is None and power is not Power.FORUM_PAUSE:
        return True  # the forum is open to everybody inside, save the groups of topic classes
    scope = holding.scope
    if holding.role is Role.LECTURER and scope.kind is not ScopeKind.CLASS:
        return actor_id in target.lecturers
    if holding.role is Role.ASSISTANT and scope.kind is not ScopeKind.CLASS:
        return actor_id in target.assistants
    if target.kind in _OWN_ONLY and _is_no_own(holding):
        return False
    if scope.kind is ScopeKind.ALL:
        return True
    if scope.kind is ScopeKind.CLASS:
        return scope.class_id is not None and scope.class_id == target.class_id
    if scope.kind is ScopeKind.SELF:
        return _reaches_self(scope, power, target, actor_id)
    return _reaches_subtree(scope, power, target)


def _reaches_self(scope: Scope, power: Power, target: Target, actor_id: UUID) -> bool:
    if power is Power.POSTS_REVIEW_ASK:
        return target.owner == actor_id
    return target.class_id is not None and scope.path.startswith(target.audience_path)


def _reaches_subtree(scope: Scope, power: Power, target: Target) -> bool:
    if power in BY_AUTHORITY or scope.kind is ScopeKind.AUTHORITY:
        return within(target.authority_path, scope.path)
    if power is Power.PEOPLE_SEE or (power is Power.SANCTION_CONFIRM and not target.unit_path):
        return within(target.authority_path, scope.path) or within(target.unit_path, scope.path)
    if power is Power.SANCTION_PLACE and _is_superior(target.authority_path, scope.path):
        return False
    return within(target.unit_path, scope.path)


def _is_no_own(holding: Holding) -> bool:
    """Whether a class teacher holds the role over a unit: that lets them plan, not look into what others hold."""
    return holding.role is Role.CLASS_TEACHER and holding.scope.kind is not ScopeKind.CLASS


def _is_superior(authority_path: str, path: str) -> bool:
    return within(path, authority_path) and path != authority_path
