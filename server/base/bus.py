"""Messages between the parts of a running academy; this one stays inside a process.

What goes over the bus may be lost: the database is the truth, and whoever missed a message asks it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One thing told to all who listen to a topic, e.g. `class:<id>` or `person:<id>`."""

    topic: str
    type: str
    data: dict[str, Any] = field(default_factory=dict)


Listener = Callable[[Message], None]


class Bus(Protocol):
    """Publish to all processes; listen to every topic."""

    @property
    def node(self) -> str:
        """The name of this process among those that share the bus."""
        ...

    @property
    def whole(self) -> bool:
        """Whether all processes hear each other at this moment."""
        ...

    def publish(self, message: Message) -> None: ...

    def publish_here(self, message: Message) -> None:
        """Tell only the listeners of this process."""
        ...

    def listen(self, prefix: str, listener: Listener) -> None:
        """Call `listener` for each message whose topic begins with `prefix`."""
        ...

    def when_missed(self, forget: Callable[[], None]) -> None:
        """Call `forget` when messages of other processes were lost: what is remembered may be out of date."""
        ...


class LocalBus:
    """The bus of an academy that is one process; nothing is ever missed."""

    node = ""
    whole = True

    def __init__(self) -> None:
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)

    def publish(self, message: Message) -> None:
        for prefix, listeners in self._listeners.items():
            if message.topic.startswith(prefix):
                for listener in listeners:
                    listener(message)

    publish_here = publish

    def listen(self, prefix: str, listener: Listener) -> None:
        self._listeners[prefix].append(listener)

    def when_missed(self, forget: Callable[[], None]) -> None:
        """Nothing is."""
