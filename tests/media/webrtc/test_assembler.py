"""Packets that come late, twice or never, and what is made of them."""

import random

import pytest

from media.webrtc.assembler import Assembler, Packet, Unit

SPS = b"\x00\x00\x00\x01\x67"


def video() -> Assembler:
    return Assembler(patience_s=0.4, packet_is_unit=False)


def packet(sequence: int, timestamp: int, data: bytes = b"d", marker: bool = False) -> Packet:
    return Packet(sequence & 0xFFFF, timestamp, marker, data)


def frames(count: int, first_sequence: int = 0, packets: int = 3) -> list[Packet]:
    """`count` pictures of `packets` packets each, 33 ms apart, the data naming picture and packet."""
    return [
        packet(first_sequence + n * packets + i, n * 3000, f"{n}.{i} ".encode(), marker=i == packets - 1)
        for n in range(count)
        for i in range(packets)
    ]


def run(assembler: Assembler, packets: list[Packet], step_s: float = 0.01) -> list[Unit]:
    return [unit for n, p in enumerate(packets) for unit in assembler.push(p, n * step_s)]


def test_a_picture_is_released_with_its_last_packet() -> None:
    assembler = video()
    assert assembler.push(packet(1, 0, b"a"), 0.0) == []
    assert assembler.push(packet(2, 0, b"b", marker=True), 0.0) == [Unit(0, b"ab", after_loss=False)]


def test_a_picture_without_marker_is_released_when_the_next_begins() -> None:
    assembler = video()
    assembler.push(packet(1, 0, b"a"), 0.0)
    assert assembler.push(packet(2, 3000, b"b"), 0.0) == [Unit(0, b"a", after_loss=False)]


def test_packets_out_of_order_make_the_same_pictures() -> None:
    ordered = run(video(), frames(50))
    shuffled = frames(50)
    chance = random.Random(7)
    for start in range(1, 147, 3):
        part = shuffled[start : start + 3]
        chance.shuffle(part)
        shuffled[start : start + 3] = part
    assert run(video(), shuffled) == ordered
    assert len(ordered) == 50


def test_a_packet_that_comes_twice_counts_once() -> None:
    twice = [p for p in frames(20) for _ in range(2)]
    assert run(video(), twice) == run(video(), frames(20))


def test_sequence_numbers_wrap_around() -> None:
    assert len(run(video(), frames(20, first_sequence=65_500))) == 20


def test_a_hole_that_is_filled_in_time_costs_nothing() -> None:
    packets = frames(20)
    late = packets.pop(10)
    packets.insert(30, late)
    assert run(video(), packets) == run(video(), frames(20))


def test_a_hole_is_not_waited_for_longer_than_the_patience() -> None:
    packets = frames(200)
    del packets[10]
    assembler = video()
    came: dict[bytes, float] = {}
    for n, p in enumerate(packets):
        for unit in assembler.push(p, n * 0.01):
            came[unit.data.split(b".")[0]] = n * 0.01
    assert b"3" not in came
    assert came[b"5"] - came[b"2"] <= 0.45
    assert came[b"150"] - came[b"149"] < 0.04


def test_the_first_picture_after_a_loss_says_so() -> None:
    packets = frames(100)
    del packets[10]
    after = [unit for unit in run(video(), packets) if unit.after_loss]
    assert [unit.data for unit in after] == [b"4.0 4.1 4.2 "]


def test_a_picture_whose_beginning_is_missing_is_not_handed_on() -> None:
    packets = frames(100)
    del packets[9]
    assert all(unit.data.count(b".") == 3 for unit in run(video(), packets))


def test_parameter_sets_prove_that_a_key_picture_is_whole() -> None:
    packets = frames(60)
    del packets[9:12]
    packets[9] = packet(12, 4 * 3000, SPS)
    units = run(video(), packets)
    assert [unit.data[:5] for unit in units if unit.after_loss] == [SPS]


def test_two_holes_are_given_up_one_after_the_other() -> None:
    packets = frames(200)
    del packets[40]
    del packets[10]
    numbers = [int(unit.data.split(b".")[0]) for unit in run(video(), packets)]
    assert numbers == sorted(set(range(200)) - {3, 13})


@pytest.mark.parametrize("first", [30_000, 50_000])
def test_a_sender_that_starts_again_elsewhere_is_followed_at_once(first: int) -> None:
    assembler = video()
    run(assembler, frames(5))
    units = run(assembler, [packet(first + n, 10**6 + n * 3000, b"x", marker=True) for n in range(3)])
    assert [unit.data for unit in units] == [b"x", b"x"]
    assert units[0].after_loss
    assert assembler.waiting == 0


def test_padding_makes_no_picture() -> None:
    assembler = video()
    units = run(assembler, [packet(1, 0, b"a", marker=True), packet(2, 0, b""), packet(3, 3000, b"b", marker=True)])
    assert [unit.data for unit in units] == [b"a", b"b"]


def test_each_packet_of_sound_is_a_unit() -> None:
    sound = Assembler(patience_s=0.06, packet_is_unit=True)
    units = run(sound, [packet(n, n * 960, bytes([n])) for n in (1, 3, 2, 4)])
    assert [unit.data for unit in units] == [b"\x01", b"\x02", b"\x03", b"\x04"]


def test_lost_sound_is_passed_over_after_its_short_patience() -> None:
    sound = Assembler(patience_s=0.06, packet_is_unit=True)
    units = run(sound, [packet(n, n * 960, bytes([n])) for n in range(1, 30) if n != 5], step_s=0.02)
    assert [unit.timestamp // 960 for unit in units if unit.after_loss] == [6]
    assert len(units) == 28


def test_memory_stays_bounded_whatever_is_lost() -> None:
    assembler = video()
    chance = random.Random(3)
    most = 0
    for n, p in enumerate(frames(3_000)):
        if chance.random() > 0.3:
            assembler.push(p, n * 0.002)
        most = max(most, assembler.waiting)
    assert most < 300
