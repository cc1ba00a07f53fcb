"""Keeps a publisher's ICE transport to the addresses we are told, and strangers' datagrams out of it.

The library binds every interface but loopback, and hands any datagram that isn't STUN to DTLS whoever sent it: a forged
alert of 15 bytes from another socket ends a handshake. Here a datagram that isn't STUN passes only from the remote
address of a checked pair (RFC 8445 §6.1.2.2), and only while the queue behind is short. All that is touched of aioice's
inside is in this file.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from aioice import Candidate
from aioice.ice import Connection, StunProtocol
from aiortc import RTCRtpTransceiver

_MAGIC_COOKIE = b"\x21\x12\xa4\x42"
_STUN_HEADER = 20
_FIRST_BYTE_OF_DTLS = 20
_LONGEST_QUEUE = 1_024
SILENT_S = 30.0

Received = Callable[[bytes, tuple[Any, ...]], None]


@dataclass(slots=True)
class Door:
    """What came to one publisher's sockets and was turned away."""

    strangers: int = 0
    overflow: int = 0
    heard_at: float = 0.0
    """Monotonic seconds of the last datagram of a checked pair that was no STUN."""


def keep_to(transceiver: RTCRtpTransceiver, hosts: Sequence[str]) -> Door:
    """Makes the transceiver's transport gather only on `hosts` (IP addresses), each socket guarded."""
    connection: Connection = transceiver.receiver.transport.transport.iceGatherer._connection
    gather, door = connection.get_component_candidates, Door()

    async def on_our_hosts(component: int, addresses: list[str], timeout: int = 5) -> list[Candidate]:
        candidates = await gather(component, list(hosts), timeout)
        for protocol in connection._protocols:
            _replace(protocol, "datagram_received", _guarded(protocol, connection, door))
        return candidates

    _replace(connection, "get_component_candidates", on_our_hosts)
    _replace(connection, "data_received", _bounded(connection, door))
    _replace(connection, "query_consent", partial(_listen, connection, door))
    return door


async def _listen(connection: Connection, door: Door) -> None:
    """Holds the line while packets come, and closes it after `SILENT_S` without any.

    The library asks for consent (RFC 7675) and closes after six requests without an answer. Encoders that never answer
    (FFmpeg's WHIP muxer is one) lost their line every half minute, though they sent all the while.
    """
    door.heard_at = time.monotonic()
    left = SILENT_S
    while left > 0:
        await asyncio.sleep(left)
        left = door.heard_at + SILENT_S - time.monotonic()
    connection._query_consent_task = None
    await connection.close()


def missing() -> list[str]:
    """What this file touches of aioice's inside and the installed one doesn't have."""
    connection = Connection(ice_controlling=False)
    touched = ("get_component_candidates", "data_received", "_protocols", "_check_list", "_queue", "query_consent")
    lost = [f"aioice Connection.{name}" for name in touched if not hasattr(connection, name)]
    return lost if hasattr(StunProtocol, "datagram_received") else [*lost, "aioice StunProtocol.datagram_received"]


def _guarded(protocol: StunProtocol, connection: Connection, door: Door) -> Received:
    received: Received = protocol.datagram_received

    def datagram_received(data: bytes, address: tuple[Any, ...]) -> None:
        source = (address[0], address[1])
        if _is_stun(data) or any(pair.remote_addr == source for pair in connection._check_list):
            received(data, address)
        else:
            door.strangers += 1

    return datagram_received


def _bounded(connection: Connection, door: Door) -> Callable[[bytes, int], None]:
    """What isn't STUN goes to DTLS and SRTP by a queue that the library leaves without bound."""
    queue_up = connection.data_received

    def data_received(data: bytes, component: int) -> None:
        # The first byte tells the protocols apart (RFC 7983); 0-3 here is STUN that couldn't be read.
        if not data or data[0] < _FIRST_BYTE_OF_DTLS:
            door.strangers += 1
        elif connection._queue.qsize() >= _LONGEST_QUEUE:
            door.overflow += 1
        else:
            door.heard_at = time.monotonic()
            queue_up(data, component)

    return data_received


def _is_stun(data: bytes) -> bool:
    """RFC 8489 §5: two zero bits, the magic cookie."""
    return len(data) >= _STUN_HEADER and data[0] < 4 and data[4:8] == _MAGIC_COOKIE


def _replace(owner: object, name: str, value: object) -> None:
    setattr(owner, name, value)
