"""A post: where it stands once screened, and after what is done to it."""

from collections.abc import Mapping
from typing import Any

from server.rules.conduct import Mode, PostAction, Screened, advance, first_state, release_at
from server.rules.policy import Policy


def answer(given: Mapping[str, Any], policy: Policy) -> Mapping[str, Any]:
    state = first_state(Screened(given["screened"]), Mode(given["mode"]), given.get("published_before", 0), policy)
    for action in given.get("actions", ()):
        state = advance(state, PostAction(action))
    said: dict[str, Any] = {"state": state.value}
    if "written_at" in given:
        said["released_at"] = release_at(given["written_at"], policy)
    return said
