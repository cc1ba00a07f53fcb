"""Password and session rules as data, by profile: `gov` (等保 2.0 level 3) or `nist`."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """One profile; lengths in characters, 0 days or passwords meaning "not asked for"."""

    min_length: int
    max_length: int
    classes: int
    max_age_days: int
    remembered: int
    tries: int
    lock_minutes: int
    idle_desk_minutes: int
    idle_learner_hours: int
    absolute_hours: int


@cache
def password_rules(profile: str) -> PasswordRules:
    """The rules of a profile; `KeyError` where there is none of that name."""
    text = (resources.files(__package__) / "data" / "passwords.toml").read_text("utf-8")
    return PasswordRules(**tomllib.loads(text)[profile])


def weaknesses(password: str, rules: PasswordRules, personal: Iterable[str] = ()) -> tuple[str, ...]:
    """What is wrong with a new password: `short`, `long`, `simple`, `personal`, `repeated`; empty when nothing is.

    `personal` are the person's own words (account, staff number, birth date), which it may not contain.
    """
    found = {
        "short": len(password) < rules.min_length,
        "long": len(password) > rules.max_length,
        "simple": _classes(password) < rules.classes,
        "personal": any(len(word) >= 4 and word.lower() in password.lower() for word in personal),
        "repeated": len(set(password)) < 4,
    }
    return tuple(name for name, wrong in found.items() if wrong)


def _classes(password: str) -> int:
    kinds = (str.islower, str.isupper, str.isdigit, lambda each: not each.isalnum())
    return sum(any(kind(each) for each in password) for kind in kinds)
