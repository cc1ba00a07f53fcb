"""A real publisher on loopback: its pictures and its sound come out as they went in, over a bad line as well."""

import asyncio
import contextlib
import socket
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import pytest

from media.h264 import video_info
from media.sample import Sample, Track
from media.webrtc.answer import Rates
from media.webrtc.offer import read_offer
from media.webrtc.peer import Peer
from tests.media.lecturer import LOOPBACK, Lecturer
from tests.media.waiting import until

RATES = Rates(2000, 600, 3000)
FORGED_ALERT = bytes.fromhex("15fefd00000000000000000002") + bytes([2, 40])
NULL_CIPHER_HELLO = (
    bytes.fromhex("16fefd0000000000000000003601000002a0000000000000002afefd") + bytes(34) + b"\0\2\0\0\1\0"
)
NOISE = bytes(range(256))


@dataclass
class Class:
    """What came of one publisher."""

    samples: list[Sample] = field(default_factory=list)
    news: list[str] = field(default_factory=list)

    def of(self, track: Track) -> list[Sample]:
        return [sample for sample in self.samples if sample.track is track]


async def publish(lecturer: Lecturer, seen: Class) -> Peer:
    peer = Peer(
        read_offer(await lecturer.offer()),
        clock=time.monotonic,
        on_sample=seen.samples.append,
        on_connected=lambda: seen.news.append("connected"),
        on_gone=lambda: seen.news.append("gone"),
    )
    await lecturer.accept(await peer.answer(LOOPBACK, RATES))
    return peer


@contextlib.asynccontextmanager
async def publishing(lecturer: Lecturer, seen: Class) -> AsyncIterator[Peer]:
    peer = await publish(lecturer, seen)
    try:
        await lecturer.connected()
        yield peer
    finally:
        await lecturer.close()
        await peer.close()


async def test_pictures_and_sound_come_out_still_encoded() -> None:
    seen = Class()
    async with publishing(Lecturer(), seen) as peer:
        await until(lambda: len(seen.of(Track.VIDEO)) >= 20 and len(seen.of(Track.AUDIO)) >= 40)
        reading = peer.line.read(time.monotonic())
    first, *_ = seen.of(Track.VIDEO)
    found = video_info(first.data)
    assert first.key
    assert found is not None
    assert (found.width, found.height) == (320, 180)
    assert (reading.width, reading.height, reading.loss) == (320, 180, 0.0)
    assert reading.kbps > 50
    steps = [b.pts - a.pts for a, b in pairwise(seen.of(Track.AUDIO))]
    assert statistics.mode(steps) == 960  # one packet; a sender report in between may shift a single one
    assert all(step > 0 for step in steps)


async def test_sound_and_picture_share_one_line_of_time() -> None:
    seen = Class()
    async with publishing(Lecturer(), seen):
        await until(lambda: len(seen.of(Track.VIDEO)) >= 40)
    picture, sound = seen.of(Track.VIDEO)[-1], seen.of(Track.AUDIO)[-1]
    assert abs(picture.pts / 90_000 - sound.pts / 48_000) < 0.15


async def test_sound_that_travels_longer_is_put_where_it_was_taken() -> None:
    seen = Class()
    async with publishing(Lecturer(sound_late_s=0.3), seen):
        await asyncio.sleep(4)
        picture, sound = seen.of(Track.VIDEO)[-1], seen.of(Track.AUDIO)[-1]
    behind = picture.pts / 90_000 - sound.pts / 48_000
    assert 0.2 < behind < 0.6


async def test_a_bad_line_costs_no_picture_and_no_second() -> None:
    seen = Class()
    came: list[float] = []
    async with publishing(Lecturer(loss=0.1, delay_s=0.025), seen):
        for wanted in range(1, 100):
            await until(partial(lambda n: len(seen.of(Track.VIDEO)) >= n, wanted))
            came.append(time.monotonic())
    pictures = seen.of(Track.VIDEO)
    assert max(b.pts - a.pts for a, b in pairwise(pictures)) <= 90_000 * 0.5
    assert max(b - a for a, b in pairwise(came)) < 3.0


async def test_a_publisher_may_send_no_sound() -> None:
    seen = Class()
    async with publishing(Lecturer(audio=False), seen) as peer:
        await until(lambda: len(seen.of(Track.VIDEO)) >= 10)
        assert peer.audio is None
    assert seen.of(Track.AUDIO) == []


async def test_a_key_picture_comes_when_it_is_asked_for() -> None:
    seen = Class()
    async with publishing(Lecturer(audio=False), seen) as peer:
        await until(lambda: len(seen.samples) >= 5)
        before = sum(sample.key for sample in seen.samples)
        await asyncio.sleep(0.5)
        peer.ask_key_picture()
        await until(lambda: sum(sample.key for sample in seen.samples) > before, within_s=3)


async def test_who_hangs_up_is_gone_once() -> None:
    seen = Class()
    async with publishing(Lecturer(), seen):
        await until(lambda: seen.news == ["connected"])
    assert seen.news == ["connected", "gone"]


async def test_an_offer_without_addresses_is_enough() -> None:
    lecturer = Lecturer()
    offer = await lecturer.offer()
    bare = "".join(
        line + "\r\n" for line in offer.splitlines() if not line.startswith(("a=candidate", "a=end-of-candidates"))
    )
    assert read_offer(bare).canonical() == read_offer(offer).canonical()
    assert "candidate" not in read_offer(offer).canonical()
    await lecturer.close()


@pytest.mark.parametrize("forged", [FORGED_ALERT, NULL_CIPHER_HELLO, NOISE])
async def test_forged_datagrams_from_another_socket_dont_end_the_handshake(forged: bytes) -> None:
    lecturer, seen = Lecturer(), Class()
    peer = Peer(
        read_offer(await lecturer.offer()),
        clock=time.monotonic,
        on_sample=seen.samples.append,
        on_connected=lambda: seen.news.append("connected"),
        on_gone=lambda: seen.news.append("gone"),
    )
    answer = await peer.answer(LOOPBACK, RATES)
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stranger.bind(("127.0.0.1", 0))
    flood = asyncio.create_task(forge(stranger, port_of(answer), forged))
    await lecturer.accept(answer)
    await lecturer.connected()
    await until(lambda: len(seen.of(Track.VIDEO)) >= 5)
    flood.cancel()
    stranger.close()
    assert peer.door.strangers > 10
    assert seen.news == ["connected"]
    await lecturer.close()
    await peer.close()


async def test_empty_and_half_read_datagrams_from_strangers_dont_end_a_class() -> None:
    seen = Class()
    async with publishing(Lecturer(), seen) as peer:
        await until(lambda: len(seen.of(Track.VIDEO)) >= 5)
        _, port = peer.addresses[0]
        stun_header_of_nonsense = bytes.fromhex("0001ffff2112a442") + bytes(12)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for datagram in (b"", b"\x00", stun_header_of_nonsense, b"\x80" * 200, FORGED_ALERT) * 50:
                stranger.sendto(datagram, ("127.0.0.1", port))
        before = len(seen.of(Track.VIDEO))
        await until(lambda: len(seen.of(Track.VIDEO)) >= before + 10)
        assert peer.door.strangers == 250


async def forge(stranger: socket.socket, port: int, forged: bytes) -> None:
    while True:
        for _ in range(20):
            stranger.sendto(forged, ("127.0.0.1", port))
        await asyncio.sleep(0.001)


def port_of(answer: str) -> int:
    return next(int(line.split()[5]) for line in answer.splitlines() if line.startswith("a=candidate"))
