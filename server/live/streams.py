"""Names of streams: a class is a stream of its own id, its rehearsal another one that is never recorded."""

from uuid import UUID

REHEARSAL = ".rehearsal"


def stream_of(class_id: UUID, *, rehearsal: bool = False) -> str:
    """The stream of a class or of its rehearsal, as media knows it."""
    return f"{class_id}{REHEARSAL if rehearsal else ''}"


def class_of(stream: str) -> tuple[UUID, bool] | None:
    """The class of a stream and whether it is the rehearsal; None for a name that is none of ours."""
    name = stream.removesuffix(REHEARSAL)
    try:
        class_id = UUID(name)
    except ValueError:
        return None
    return (class_id, stream != name) if str(class_id) == name else None
