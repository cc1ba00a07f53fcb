"""Reads a publisher's SDP offer (RFC 9725 §4.2, RFC 9429) and writes the part of it that we use in our own words.

What the WebRTC library gets to see is never the publisher's text but what `Offer.canonical` writes: one picture in
H.264, at most one sound in Opus, no addresses. So no malformed line reaches the library's parser, no candidate makes us
send a packet to an address that hasn't proved itself, and a profile that the library doesn't list is accepted all the
same, because we never decode.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from media.errors import Refused

LARGEST_OFFER = 65_536
_MOST_SECTIONS = 16
_MOST_LINES = 2_000
_ICE = r"[A-Za-z0-9+/]"
_LIBRARY_PROFILE = "42e01f"
_DYNAMIC = range(96, 128)
_NOT_FOR_RTP = range(72, 77)  # RFC 5761 §4: they look like RTCP
_KEPT_EXTENSIONS = ("urn:ietf:params:rtp-hdrext:sdes:mid", "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time")
_KEPT_FEEDBACK = ("nack", "nack pli", "goog-remb")
_DIGEST_BYTES = {"sha-256": 32, "sha-384": 48, "sha-512": 64}


@dataclass(frozen=True, slots=True)
class Codec:
    """One payload type; `rtx` is the payload type of its retransmissions (RFC 4588), `profile` only H.264's."""

    payload: int
    rtx: int | None = None
    profile: str = ""
    feedback: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One m= section that we accept; `ssrcs` are the stream's own and, if any, its retransmissions'."""

    kind: Literal["audio", "video"]
    mid: str
    codec: Codec
    ssrcs: tuple[int, ...]
    extensions: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a publisher offers, as far as it concerns us; `sections` in the order of the offer."""

    sections: tuple[Section, ...]
    ufrag: str
    password: str
    fingerprints: tuple[tuple[str, str], ...]
    setup: str

    @property
    def video(self) -> Section:
        return next(section for section in self.sections if section.kind == "video")

    @property
    def audio(self) -> Section | None:
        return next((section for section in self.sections if section.kind == "audio"), None)

    def canonical(self) -> str:
        """The offer in our own words, for the WebRTC library."""
        mids = " ".join(section.mid for section in self.sections)
        lines = ["v=0", "o=- 0 0 IN IP4 0.0.0.0", "s=-", "t=0 0", f"a=group:BUNDLE {mids}"]
        lines += [f"a=ice-ufrag:{self.ufrag}", f"a=ice-pwd:{self.password}", f"a=setup:{self.setup}"]
        lines += [f"a=fingerprint:{algorithm} {digest}" for algorithm, digest in self.fingerprints]
        for section in self.sections:
            lines += _written(section)
        return "\r\n".join(lines) + "\r\n"


def read_offer(text: str) -> Offer:
    """The offer in `text`; raises `Refused`: 400 malformed, 406 no codec of ours, 422 well-formed but not for us."""
    session, sections = _split(text)
    accepted = [_section(lines, index) for index, lines in enumerate(sections)]
    kinds = [section.kind for section in accepted]
    if kinds.count("video") != 1 or kinds.count("audio") > 1:
        raise _unsupported("one section of video and at most one of audio are taken")
    _check_bundle(session, accepted)
    transport = session + sections[0]
    if "a=ice-lite" in transport:
        raise _unsupported("a publisher that doesn't send connectivity checks can't be reached")
    setup = _last(transport, "setup")
    if setup not in ("actpass", "active", "passive"):
        raise _malformed("a=setup")
    return Offer(
        sections=tuple(accepted),
        ufrag=_matching(_last(transport, "ice-ufrag"), _ICE + "{4,256}", "a=ice-ufrag"),
        password=_matching(_last(transport, "ice-pwd"), _ICE + "{22,256}", "a=ice-pwd"),
        fingerprints=_fingerprints(transport),
        setup=setup,
    )


def read_candidates(text: str) -> str:
    """The ice-ufrag of a trickled SDP fragment (RFC 8840 §4) after checking its form; raises `Refused` 400.

    The candidates themselves are not used: a publisher is known by the checks it sends (RFC 8445 §7.3.1.3).
    """
    lines = _lines(text)
    candidates = [line for line in lines if line.startswith("a=candidate:")]
    if not all(len(line.split()) >= 8 for line in candidates):
        raise _malformed("a=candidate")
    return _matching(_last(lines, "ice-ufrag"), _ICE + "{4,256}", "a=ice-ufrag")


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) > _MOST_LINES or any(ord(c) < 32 for line in lines for c in line):
        raise _malformed("not lines of text")
    return lines


def _split(text: str) -> tuple[list[str], list[list[str]]]:
    lines = _lines(text)
    if lines[0] != "v=0" or not all(re.match(r"[a-z]=", line) for line in lines):
        raise _malformed("not SDP")
    starts = [n for n, line in enumerate(lines) if line.startswith("m=")]
    if not 1 <= len(starts) <= _MOST_SECTIONS:
        raise _malformed("the number of m= lines")
    ends = [*starts[1:], len(lines)]
    return lines[: starts[0]], [lines[start:end] for start, end in zip(starts, ends, strict=True)]


def _section(lines: list[str], index: int) -> Section:
    first = re.fullmatch(r"m=([a-z]+) [0-9]{1,5} ([A-Z/]+)((?: [!-~]+)+)", lines[0])
    if first is None:
        raise _malformed("m=")
    kind = first[1]
    if kind not in ("audio", "video") or first[2] != "UDP/TLS/RTP/SAVPF":
        raise _unsupported(f"a section of {kind} over {first[2]}")
    payloads = [_number(payload, 127, "m=") for payload in first[3].split()]
    if "a=rtcp-mux" not in lines or not {"a=sendonly", "a=sendrecv"} & set(lines):
        raise _unsupported("RTP and RTCP share one port, and the publisher sends")
    return Section(
        kind="video" if kind == "video" else "audio",
        mid=_matching(_last(lines, "mid", str(index)), r"[!-~]{1,16}", "a=mid"),
        codec=_h264(lines, payloads) if kind == "video" else _opus(lines, payloads),
        ssrcs=_ssrcs(lines),
        extensions=_extensions(lines),
    )


def _h264(lines: list[str], payloads: list[int]) -> Codec:
    names, parameters = _named(lines, "rtpmap"), _named(lines, "fmtp")
    for payload in payloads:
        given = dict(p.strip().partition("=")[::2] for p in parameters.get(payload, "").split(";"))
        is_h264 = payload in _DYNAMIC and names.get(payload, "").lower() == "h264/90000"
        if not is_h264 or given.get("packetization-mode") != "1":
            continue
        profile = _matching(given.get("profile-level-id", "42e01f"), "[0-9A-Fa-f]{6}", "profile-level-id")
        codec = Codec(payload, profile=profile, feedback=_feedback(lines, payload))
        return replace(codec, rtx=_rtx(names, parameters, payload))
    raise Refused(406, "media.no_h264", "The offer has no H.264 with packetization-mode 1.")


def _rtx(names: dict[int, str], parameters: dict[int, str], payload: int) -> int | None:
    found = (p for p, name in names.items() if name.lower() == "rtx/90000" and parameters.get(p) == f"apt={payload}")
    return next((p for p in found if p not in _NOT_FOR_RTP), None)


def _opus(lines: list[str], payloads: list[int]) -> Codec:
    names = _named(lines, "rtpmap")
    named = (p for p in payloads if p in _DYNAMIC and names.get(p, "").lower() == "opus/48000/2")
    payload = next(named, None)
    if payload is None:
        raise Refused(406, "media.no_opus", "The offer has sound, but not in Opus.")
    return Codec(payload)


def _feedback(lines: list[str], payload: int) -> tuple[str, ...]:
    offered = set(_values(lines, "rtcp-fb"))
    return tuple(word for word in _KEPT_FEEDBACK if offered & {f"{payload} {word}", f"* {word}"})


def _ssrcs(lines: list[str]) -> tuple[int, ...]:
    named = dict.fromkeys(_number(value.partition(" ")[0], 0xFFFFFFFF, "a=ssrc") for value in _values(lines, "ssrc"))
    for group in _values(lines, "ssrc-group"):
        semantics, *members = group.split()
        if semantics == "FID" and len(members) == 2:
            return tuple(_number(member, 0xFFFFFFFF, "a=ssrc-group") for member in members)
    return tuple(named)[:1]


def _extensions(lines: list[str]) -> tuple[tuple[int, str], ...]:
    found = []
    for value in _values(lines, "extmap"):
        number, _, uri = value.partition(" ")
        if uri in _KEPT_EXTENSIONS:
            found.append((_number(number.partition("/")[0], 255, "a=extmap"), uri))
    return tuple(found)


def _fingerprints(lines: list[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for value in dict.fromkeys(_values(lines, "fingerprint")):
        algorithm, _, digest = value.partition(" ")
        size = _DIGEST_BYTES.get(algorithm.lower())
        if size is not None:
            form = f"(?i:[0-9a-f]{{2}}(:[0-9a-f]{{2}}){{{size - 1}}})"
            found.append((algorithm.lower(), _matching(digest, form, "a=fingerprint")))
    if not found:
        raise _malformed("a=fingerprint")
    return tuple(found)


def _check_bundle(session: list[str], sections: list[Section]) -> None:
    mids = [section.mid for section in sections]
    payloads = [section.codec.payload for section in sections]
    bundle = next((value.split()[1:] for value in _values(session, "group") if value.startswith("BUNDLE")), mids[:1])
    if len(set(mids)) != len(mids) or len(set(payloads)) != len(payloads) or not set(mids) <= set(bundle):
        raise _unsupported("the sections share one transport (RFC 9725 §4.4.1)")


def _written(section: Section) -> list[str]:
    codec, video = section.codec, section.kind == "video"
    payloads = [codec.payload] if codec.rtx is None else [codec.payload, codec.rtx]
    lines = [f"m={section.kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, payloads))}"]
    lines += [f"a=mid:{section.mid}", "a=sendonly", "a=rtcp-mux"]
    lines += [f"a=extmap:{number} {uri}" for number, uri in section.extensions]
    lines.append(f"a=rtpmap:{codec.payload} {'H264/90000' if video else 'opus/48000/2'}")
    lines += [f"a=rtcp-fb:{codec.payload} {word}" for word in codec.feedback]
    if video:
        lines.append(f"a=fmtp:{codec.payload} packetization-mode=1;profile-level-id={_LIBRARY_PROFILE}")
    if codec.rtx is not None:
        lines += [f"a=rtpmap:{codec.rtx} rtx/90000", f"a=fmtp:{codec.rtx} apt={codec.payload}"]
    if len(section.ssrcs) == 2:
        lines.append(f"a=ssrc-group:FID {section.ssrcs[0]} {section.ssrcs[1]}")
    return lines + [f"a=ssrc:{ssrc} cname:publisher" for ssrc in section.ssrcs]


def _values(lines: list[str], name: str) -> list[str]:
    start = f"a={name}:"
    return [line[len(start) :] for line in lines if line.startswith(start)]


def _last(lines: list[str], name: str, otherwise: str = "") -> str:
    """The attribute's value; a section's own goes before the session's."""
    return next(reversed(_values(lines, name)), otherwise)


def _named(lines: list[str], name: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for value in _values(lines, name):
        payload, _, rest = value.partition(" ")
        found[_number(payload, 127, f"a={name}")] = rest.strip()
    return found


def _number(text: str, most: int, where: str) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > most:
        raise _malformed(where)
    return int(text)


def _matching(text: str, pattern: str, where: str) -> str:
    if not re.fullmatch(pattern, text):
        raise _malformed(where)
    return text


def _malformed(where: str) -> Refused:
    return Refused(400, "media.bad_sdp", f"The SDP is malformed: {where}.")


def _unsupported(why: str) -> Refused:
    return Refused(422, "media.unsupported_offer", f"The offer can't be taken: {why}.")
