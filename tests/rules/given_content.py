"""A family of content and a sub-topic, or a category of learners: whether the regulation knows it."""

from collections.abc import Mapping
from typing import Any

from server.rules.policy import Policy
from server.rules.words import Category, Family, is_topic, syllabus


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    if "categories" in given:
        return {"known": set(given["categories"]) == set(Category)}
    titles = {each.family: each.title for each in syllabus()}
    family = Family(given["family"])
    return {"known": is_topic(family, given["topic"]), "title": titles[family]}
