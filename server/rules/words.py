"""The regulation's words as values: categories of learners, families of content, natures of hours (Art. 5, 6, 10)."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NewType
from uuid import UUID

Pseudonym = NewType("Pseudonym", UUID)
"""A person in the ledger: random, never the account's id."""


class Category(StrEnum):
    """Learner categories of Article 5."""

    OFFICIALS = "officials"
    ENTERPRISE = "enterprise"
    INSTITUTIONS = "institutions"
    VILLAGE = "village"
    PROFESSIONALS = "professionals"


class Family(StrEnum):
    """Content families of Article 6."""

    THEORY = "theory"
    PARTY_SPIRIT = "party_spirit"
    CAPABILITY = "capability"
    KNOWLEDGE = "knowledge"
    PROVINCE = "province"


class Nature(StrEnum):
    """Nature of hours (Article 10)."""

    REQUIRED = "required"
    ELECTIVE = "elective"


class ActivityKind(StrEnum):
    """What hours can come from."""

    CLASS = "class"
    COURSE = "course"
    TOPIC_CLASS = "topic_class"
    TEACHING = "teaching"


@dataclass(frozen=True, slots=True)
class Topic:
    """A sub-topic that Article 6 lists under a family."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """A content family with its sub-topics."""

    family: Family
    title: str
    topics: tuple[Topic, ...]


@cache
def syllabus() -> tuple[Section, ...]:
    """The content of Article 6 in its order."""
    text = (resources.files(__package__) / "data" / "syllabus.toml").read_text("utf-8")
    return tuple(
        Section(Family(each["family"]), each["title"], tuple(Topic(**topic) for topic in each["topics"]))
        for each in tomllib.loads(text)["sections"]
    )


def is_topic(family: Family, code: str) -> bool:
    """Whether Article 6 lists the sub-topic under that family."""
    return any(each.family is family and any(topic.code == code for topic in each.topics) for each in syllabus())
