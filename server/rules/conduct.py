"""What is said in class: the life of a post, modes of a place, sanctions and review (Article 12; rules §7)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources

from server.rules.policy import Policy
from server.rules.refusal import Article, Clause, Refusal


class PostState(StrEnum):
    """Where a post stands; `published` also while it is reported."""

    PUBLISHED = "published"
    HELD = "held"
    BLOCKED = "blocked"
    REJECTED = "rejected"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


class PostAction(StrEnum):
    """What is done to a post; only `release` happens by itself."""

    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"
    REMOVE = "remove"
    RESTORE = "restore"
    HOLD = "hold"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    OVERTURN = "overturn"


class Screened(StrEnum):
    """What screening decides; it never removes and never punishes."""

    PASS = "pass"  # noqa: S105 (a verdict, no secret)
    HOLD = "hold"
    BLOCK = "block"


class Mode(StrEnum):
    """When a place shows a post: `after` at once, `before` once approved, `trust` after a learner's first ones."""

    AFTER = "after"
    BEFORE = "before"
    TRUST = "trust"


class SanctionKind(StrEnum):
    """What a person may decide about the speaking of another; study and hours are never touched."""

    WARNING = "warning"
    PAUSE = "pause"
    EXCLUSION = "exclusion"


_S, _A = PostState, PostAction
TRANSITIONS: dict[PostState, dict[PostAction, PostState]] = {
    _S.PUBLISHED: {
        _A.RESTORE: _S.PUBLISHED,
        _A.REMOVE: _S.REMOVED,
        _A.HOLD: _S.HELD,
        _A.WITHDRAW: _S.WITHDRAWN,
    },
    _S.HELD: {
        _A.APPROVE: _S.PUBLISHED,
        _A.RELEASE: _S.PUBLISHED,
        _A.REJECT: _S.REJECTED,
        _A.RETURN: _S.BLOCKED,
        _A.REMOVE: _S.REMOVED,
        _A.WITHDRAW: _S.WITHDRAWN,
    },
    _S.REJECTED: {_A.OVERTURN: _S.PUBLISHED},
    _S.REMOVED: {_A.RESTORE: _S.PUBLISHED, _A.OVERTURN: _S.PUBLISHED},
    _S.BLOCKED: {_A.WITHDRAW: _S.WITHDRAWN},
    _S.WITHDRAWN: {},
}
WITH_EARLIER_TEXT: dict[PostState, dict[PostAction, PostState]] = {
    _S.HELD: {_A.HOLD: _S.HELD},
    **{
        state: {_A.RESTORE: state, _A.HOLD: state, _A.REMOVE: _S.REMOVED, _A.WITHDRAW: _S.WITHDRAWN}
        for state in (_S.REJECTED, _S.BLOCKED)
    },
}
"""Further steps while others still read the text that a post had before a change which is not published: what they
read can be reported, suspected as a secret, removed and withdrawn like any other."""

AGAINST_AUTHOR = frozenset({PostAction.REJECT, PostAction.REMOVE})
"""Decisions that may be reviewed."""

GROUNDED = AGAINST_AUTHOR | {PostAction.RETURN}
"""Decisions that need a kind of violation, a basis and a reason. A returned text (退回修改) is its author's to change;
what becomes of the changed one is decided by a person, and may be reviewed then."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A kind of violation: the article it offends, and what screening may do when a match is certain."""

    code: str
    title: str
    article: int
    block: bool = False
    hold_on_report: bool = False


@cache
def violations() -> Mapping[str, Violation]:
    """The kinds of violation by code: `speech` of Article 12 and `study` of Article 13."""
    text = (resources.files(__package__) / "data" / "violations.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return {code: Violation(code, **each) for kinds in tables.values() for code, each in kinds.items()}


def advance(state: PostState, action: PostAction, *, earlier_text: bool = False) -> PostState:
    """The state after `action`; `post.wrong_state` (409) where the table has no such step.

    `earlier_text`: others still read the text that was published before the last change.
    """
    steps = TRANSITIONS[state] | (WITH_EARLIER_TEXT.get(state, {}) if earlier_text else {})
    after = steps.get(action)
    if after is None:
        raise Refusal("post.wrong_state", state=state.value, action=action.value)
    return after


def first_state(screened: Screened, mode: Mode, published_before: int, policy: Policy) -> PostState:
    """Where a post stands once screened; `published_before` counts the learner's posts that passed."""
    if screened is Screened.BLOCK:
        return PostState.BLOCKED
    waits = mode is Mode.BEFORE or (mode is Mode.TRUST and published_before < policy.trust_posts)
    return PostState.HELD if waits or screened is Screened.HOLD else PostState.PUBLISHED


def release_at(held_at: datetime, policy: Policy) -> datetime:
    """When a held post that screening passed is released: after `release_minutes` of working time."""
    left = timedelta(minutes=policy.release_minutes)
    at = held_at.astimezone(policy.zone)
    begin, end = (time.fromisoformat(each) for each in policy.working_hours)
    while True:
        opens, closes = (datetime.combine(at.date(), each, policy.zone) for each in (begin, end))
        at = max(at, opens)
        if at.isoweekday() in policy.working_days and at < closes:
            if at + left <= closes:
                return (at + left).astimezone(UTC)
            left -= closes - at
        at = datetime.combine(at.date() + timedelta(days=1), begin, policy.zone)


def opens_at(at: datetime, hours: tuple[str, str], policy: Policy) -> datetime | None:
    """When the hours of speaking (`HH:MM` in the policy's zone) begin next; None where `at` lies within them.

    Equal ends are the whole day; an end before the begin is an end on the next day.
    """
    begin, end = (time.fromisoformat(each) for each in hours)
    there = at.astimezone(policy.zone)
    now = there.time()
    inside = begin <= now < end if begin < end else now >= begin or now < end
    if inside or begin == end:
        return None
    day = there.date() + timedelta(days=1 if now >= begin else 0)
    return datetime.combine(day, begin, policy.zone).astimezone(UTC)


def needs_second_person(kind: SanctionKind, begins: datetime, until: datetime | None, policy: Policy) -> bool:
    """Whether a sanction stays a proposal without effect until another person confirms it.

    A pause of speaking needs an end that lies ahead; a warning has none; an exclusion ends with its class.
    """
    if kind is SanctionKind.PAUSE and (until is None or until <= begins):
        raise Refusal("sanction.no_end", basis=Article(12), status=422, field="until")
    return until is not None and until - begins > timedelta(days=policy.long_sanction_days)


def review_until(decided_at: datetime, policy: Policy) -> datetime:
    """The last moment to ask for a review (申请复核): the end of the `review_days`-th day."""
    return _end_of_day(decided_at, policy.review_days, policy)


def answer_until(asked_at: datetime, policy: Policy) -> datetime:
    """The last moment to answer a question or a matter."""
    return _end_of_day(asked_at, policy.answer_days, policy)


def check_review(decided_at: datetime, asked_before: bool, now: datetime, policy: Policy) -> None:
    """Refuse a review asked a second time or too late."""
    if asked_before:
        raise Refusal("review.asked_before", basis=Clause("review_days"))
    until = review_until(decided_at, policy)
    if now >= until:
        raise Refusal("review.late", basis=Clause("review_days"), until=until.isoformat())


def _end_of_day(at: datetime, days: int, policy: Policy) -> datetime:
    day = at.astimezone(policy.zone).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), policy.zone).astimezone(UTC)
