"""Offers: what is taken, what is put in our own words, and every malformed one is refused with a 4xx."""

import random
from pathlib import Path

import pytest
from aiortc.sdp import SessionDescription

from media.errors import Refused
from media.webrtc.answer import Rates, written
from media.webrtc.offer import Offer, read_candidates, read_offer

CHROMIUM = (Path(__file__).parent / "chromium_offer.sdp").read_bytes().decode()
FINGERPRINT = next(line for line in CHROMIUM.splitlines() if line.startswith("a=fingerprint"))
AUDIO, VIDEO = "m=audio", "m=video"


def refused(text: str) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        read_offer(text)
    return caught.value.status, caught.value.code


def without(*starts: str, text: str = CHROMIUM) -> str:
    return "".join(line + "\r\n" for line in text.splitlines() if not line.startswith(starts))


def replaced(old: str, new: str, count: int = -1) -> str:
    assert old in CHROMIUM
    return CHROMIUM.replace(old, new, count)


def test_chromiums_offer_is_taken() -> None:
    offer = read_offer(CHROMIUM)
    assert [section.kind for section in offer.sections] == ["audio", "video"]
    assert offer.video.codec.profile == "42001f"
    assert offer.video.codec.rtx is not None
    assert len(offer.video.ssrcs) == 2
    assert offer.setup == "actpass"


def test_the_canonical_offer_says_the_same_again() -> None:
    offer = read_offer(CHROMIUM)
    again = read_offer(offer.canonical())
    assert [s.mid for s in again.sections] == [s.mid for s in offer.sections]
    assert [s.ssrcs for s in again.sections] == [s.ssrcs for s in offer.sections]
    assert (again.ufrag, again.password, again.fingerprints) == (offer.ufrag, offer.password, offer.fingerprints)


def test_the_canonical_offer_carries_no_address() -> None:
    described = SessionDescription.parse(read_offer(CHROMIUM).canonical())
    assert all(media.ice_candidates == [] and media.host is None for media in described.media)


def test_h264_alone_is_in_the_canonical_offer() -> None:
    described = SessionDescription.parse(read_offer(CHROMIUM).canonical())
    assert [c.name for media in described.media for c in media.rtp.codecs] == ["opus", "H264", "rtx"]


def test_the_answer_names_the_publishers_own_profile_and_the_rates() -> None:
    offer = read_offer(CHROMIUM)
    payload = offer.video.codec.payload
    library = f"v=0\r\na=fmtp:{payload} packetization-mode=1;profile-level-id=42e01f\r\na=fmtp:1 apt={payload}\r\n"
    assert written(library, offer, Rates(2000, 600, 3000)).splitlines() == [
        "v=0",
        f"a=fmtp:{payload} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f"
        ";x-google-start-bitrate=2000;x-google-min-bitrate=600;x-google-max-bitrate=3000",
        f"a=fmtp:1 apt={payload}",
    ]
    assert "x-google" not in written(library, offer, Rates())


def test_an_offer_without_h264_is_refused_with_its_own_code() -> None:
    assert refused(CHROMIUM.replace("H264/90000", "VP8/90000")) == (406, "media.no_h264")


def test_h264_of_one_nal_unit_a_packet_is_not_taken() -> None:
    assert refused(CHROMIUM.replace("packetization-mode=1", "packetization-mode=0")) == (406, "media.no_h264")


def test_a_high_profile_is_taken_because_nothing_is_decoded() -> None:
    assert read_offer(CHROMIUM.replace("profile-level-id=42001f", "profile-level-id=640028")).video.codec.profile


def test_sound_in_another_codec_is_refused() -> None:
    assert refused(CHROMIUM.replace("opus/48000/2", "PCMU/8000")) == (406, "media.no_opus")


@pytest.mark.parametrize(
    "text",
    [
        without("a=sendrecv", "a=sendonly"),
        without("a=rtcp-mux"),
        replaced("m=audio 9", "m=application 9"),
        replaced("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
        without("a=group"),
        replaced("a=group:BUNDLE 0 1", "a=group:BUNDLE 0"),
        replaced("a=mid:1", "a=mid:0"),
        CHROMIUM + CHROMIUM[CHROMIUM.index(VIDEO) :].replace("a=mid:1", "a=mid:2"),
        CHROMIUM[: CHROMIUM.index(VIDEO)],
        replaced("s=-\r\n", "s=-\r\na=ice-lite\r\n"),
    ],
)
def test_what_is_well_formed_but_not_for_us_is_unprocessable(text: str) -> None:
    assert refused(text) == (422, "media.unsupported_offer")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=0",
        "v=1\r\n" + CHROMIUM[5:],
        "hello\r\n",
        "\x00" * 100,
        CHROMIUM.replace("a=mid:0", "a=mid:\x00"),
        CHROMIUM[: CHROMIUM.index(AUDIO)],
        CHROMIUM + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 1_000,
        CHROMIUM + "a=x\r\n" * 5_000,
        replaced("m=audio 9", "m=audio -1"),
        replaced("m=audio 9", "m=audio 999999"),
        replaced("m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=audio 9 UDP/TLS/RTP/SAVPF 9999"),
        replaced("m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126", "m=audio 9 UDP/TLS/RTP/SAVPF"),
        without("a=ice-ufrag"),
        without("a=ice-pwd"),
        without("a=fingerprint"),
        without("a=setup"),
        replaced("a=setup:actpass", "a=setup:holdconn"),
        replaced("a=ice-pwd:", "a=ice-pwd: "),
        replaced("a=ice-ufrag:", "a=ice-ufrag:" + "x" * 300),
        CHROMIUM.replace(FINGERPRINT, "a=fingerprint:sha-256 AA:BB"),
        CHROMIUM.replace(FINGERPRINT, "a=fingerprint:md5 " + "AA:" * 15 + "AA"),
        replaced("profile-level-id=42001f", "profile-level-id=zzzzzz"),
        replaced("a=ssrc-group:FID 938345585", "a=ssrc-group:FID 99999999999"),
        replaced("a=rtpmap:111", "a=rtpmap:abc"),
        CHROMIUM.replace("\r\n", "\r"),
    ],
)
def test_a_malformed_offer_is_a_bad_request(text: str) -> None:
    assert refused(text) == (400, "media.bad_sdp")


def test_no_mutation_of_an_offer_is_anything_but_taken_or_refused() -> None:
    chance = random.Random(5)
    lines = CHROMIUM.splitlines()
    for _ in range(2_000):
        mutant = list(lines)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(mutant))
            mutant[at : at + chance.randint(0, 2)] = [_mutated(mutant[at], chance)]
        offer = _read("\r\n".join(mutant) + "\r\n")
        if isinstance(offer, Offer):
            _library_reads(offer)
        else:
            assert offer in (400, 406, 422)


def _read(text: str) -> Offer | int:
    try:
        return read_offer(text)
    except Refused as refusal:
        return refusal.status


def _mutated(line: str, chance: random.Random) -> str:
    at = chance.randrange(len(line) + 1)
    return line[:at] + chance.choice(["", " ", ":", "=", "0", "99999", "é", ";", "/", "a=", "-1"]) + line[at + 1 :]


def _library_reads(offer: Offer) -> None:
    described = SessionDescription.parse(offer.canonical())
    assert [media.kind for media in described.media] == [section.kind for section in offer.sections]


def test_a_trickled_fragment_is_read() -> None:
    fragment = (
        "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
        "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host\r\na=end-of-candidates\r\n"
    )
    assert read_candidates(fragment) == "abcd"


@pytest.mark.parametrize("fragment", ["", "a=candidate:1\r\na=ice-ufrag:abcd\r\n", "a=ice-ufrag:\x00\r\n", "x" * 100])
def test_a_malformed_fragment_is_a_bad_request(fragment: str) -> None:
    with pytest.raises(Refused) as caught:
        read_candidates(fragment)
    assert caught.value.status == 400
