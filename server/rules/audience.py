"""Audiences that are no unit's: of the members of a topic class, whom only their names let in (rules §8)."""

from uuid import UUID

_TOPIC_CLASS = "topic-class/"


def of_topic_class(id: UUID) -> str:
    """The audience path of what is for the members of that topic class alone."""
    return f"{_TOPIC_CLASS}{id.hex}/"


def topic_class_of(audience_path: str) -> UUID | None:
    """The topic class whose members an audience is; None for an audience of units."""
    if not audience_path.startswith(_TOPIC_CLASS):
        return None
    return UUID(audience_path.removeprefix(_TOPIC_CLASS).rstrip("/"))
