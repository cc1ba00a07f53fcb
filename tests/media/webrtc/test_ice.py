"""Whose datagrams pass into DTLS: those of checked pairs, and of them no more than are worked off."""

from collections.abc import AsyncIterator

import pytest
from aioice import Candidate
from aioice.ice import CandidatePair, Connection, StunProtocol
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection

from media.webrtc import ice
from media.webrtc.ice import Door, keep_to

LECTURER, STRANGER = ("127.0.0.1", 5_000), ("127.0.0.1", 6_000)
DTLS, SRTP = b"\x16\xfe\xfd" + b"\x00" * 20, b"\x80" * 100
STUN_OF_NONSENSE = bytes.fromhex("0001ffff2112a442") + bytes(12)


class House:
    """A gathered transport with one checked pair, that of the lecturer."""

    def __init__(self, connection: Connection, door: Door) -> None:
        self.connection, self.door = connection, door
        self.socket: StunProtocol = connection._protocols[0]
        remote = Candidate("1", 1, "udp", 1, *LECTURER, "host")
        remote._network_host = LECTURER[0]
        connection._check_list.append(CandidatePair(self.socket, remote))

    def comes(self, data: bytes, address: tuple[str, int], times: int = 1) -> int:
        """How many of them wait for DTLS afterwards."""
        for _ in range(times):
            self.socket.datagram_received(data, address)
        return self.connection._queue.qsize()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    transceiver = pc.addTransceiver("video", direction="recvonly")
    door = keep_to(transceiver, ["127.0.0.1"])
    gatherer = transceiver.receiver.transport.transport.iceGatherer
    await gatherer.gather()
    assert [candidate.ip for candidate in gatherer.getLocalCandidates()] == ["127.0.0.1"]
    house = House(gatherer._connection, door)
    yield house
    house.connection._check_list.clear()
    await pc.close()
    await gatherer._connection.close()


async def test_a_checked_address_gets_in(house: House) -> None:
    assert house.comes(DTLS, LECTURER) == 1
    assert house.comes(SRTP, LECTURER) == 2


@pytest.mark.parametrize("data", [DTLS, SRTP, b"", b"\x00", STUN_OF_NONSENSE, b"\x15" * 15])
async def test_a_stranger_doesnt(house: House, data: bytes) -> None:
    assert house.comes(data, STRANGER, times=10) == 0
    assert house.door.strangers == 10


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"\x05zrtp"])
async def test_what_is_neither_dtls_nor_srtp_gets_in_from_nobody(house: House, data: bytes) -> None:
    assert house.comes(data, LECTURER) == 0


async def test_the_queue_has_an_end(house: House) -> None:
    assert house.comes(SRTP, LECTURER, times=5_000) == 1_024
    assert house.door.overflow == 5_000 - 1_024


def test_another_aioice_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ice.missing() == []
    monkeypatch.delattr(Connection, "get_component_candidates")
    monkeypatch.delattr(StunProtocol, "datagram_received")
    assert "aioice Connection.get_component_candidates" in ice.missing()
