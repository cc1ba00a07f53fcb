"""The bus of one of several processes that live in one test."""

from server.base.bus import LocalBus, Message
from tests.server.attendance.conftest import Classroom


class NodeBus(LocalBus):
    """The bus of one of several processes; what it publishes is lost to `others` while `cut`."""

    def __init__(self, node: str) -> None:
        super().__init__()
        self.node = node
        self.cut = True
        self.others: list[NodeBus] = []

    def publish(self, message: Message) -> None:
        super().publish(message)
        for other in self.others if not self.cut else ():
            other.publish_here(message)

    def publish_here(self, message: Message) -> None:
        super().publish(message)


def bus_of(room: Classroom) -> NodeBus:
    assert isinstance(room.office.bus, NodeBus)
    return room.office.bus


def wire(*rooms: Classroom) -> None:
    """Let the processes hear each other."""
    for room in rooms:
        bus_of(room).cut = False
        bus_of(room).others = [bus_of(other) for other in rooms if other is not room]
