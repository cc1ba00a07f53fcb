"""Turns the WebRTC library's answer into ours: the publisher's own H.264 profile, and rates that steer its encoder."""

from dataclasses import dataclass

from media.webrtc.offer import Offer


@dataclass(frozen=True, slots=True)
class Rates:
    """What the publisher's encoder is asked to keep to, in kbit/s; None leaves it to the encoder."""

    start_kbps: int | None = None
    min_kbps: int | None = None
    max_kbps: int | None = None

    def parameters(self) -> str:
        """The rates as format parameters, which Chromium obeys; without them its encoder starts at 0.3 Mbit/s."""
        named = (("start", self.start_kbps), ("min", self.min_kbps), ("max", self.max_kbps))
        return "".join(f";x-google-{name}-bitrate={kbps}" for name, kbps in named if kbps is not None)


def written(library_answer: str, offer: Offer, rates: Rates) -> str:
    """The answer that is sent to the publisher."""
    codec = offer.video.codec
    start = f"a=fmtp:{codec.payload} "
    fmtp = f"{start}level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={codec.profile}{rates.parameters()}"
    lines = [fmtp if line.startswith(start) else line for line in library_answer.splitlines()]
    return "\r\n".join(lines) + "\r\n"
