"""WHIP sessions (RFC 9725): one for each publisher that was answered, known by an unguessable address and its grant."""

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from media.errors import Refused
from media.gate import Gate, digest
from media.publisher import Publisher
from media.studio import Studio
from media.webrtc.answer import Rates
from media.webrtc.offer import read_candidates, read_offer
from media.webrtc.peer import Peer


@dataclass(frozen=True, slots=True)
class Session:
    """One WHIP session; `etag` names its ICE session, `ufrag` is the publisher's part of it."""

    id: str
    stream: str
    token: str
    etag: str
    ufrag: str
    answer: str
    publisher: Publisher


class Whip:
    """The sessions of this process; `hosts` are the addresses on which packets are taken."""

    def __init__(self, studio: Studio, gate: Gate, hosts: Sequence[str], monotonic: Callable[[], float]) -> None:
        self._studio, self._gate, self._hosts, self._monotonic = studio, gate, hosts, monotonic
        self._sessions: dict[str, Session] = {}

    async def begin(self, stream: str, token: str, text: str) -> Session:
        """Answers an offer (RFC 9725 §4.2); raises `Refused`. A grant is spent only by an offer that is taken."""
        leave = await self._gate.publisher(stream, token)
        offer = read_offer(text)
        publisher = self._studio.admit(leave)
        peer = Peer(
            offer,
            clock=self._monotonic,
            on_sample=publisher.take,
            on_connected=publisher.connected,
            on_gone=lambda: publisher.end("closed"),
        )
        publisher.connection = peer
        try:
            self._gate.spend(leave)
            answer = await peer.answer(self._hosts, Rates(leave.start_kbps, leave.min_kbps, leave.max_kbps))
        except BaseException:
            await peer.close()
            raise
        number = secrets.token_urlsafe(24)
        session = Session(number, stream, digest(token), secrets.token_hex(8), offer.ufrag, answer, publisher)
        self._forget_gone()
        self._sessions[number] = session
        return session

    def trickle(self, session: Session, if_match: str | None, text: str) -> None:
        """Takes further candidates (RFC 9725 §4.3.2); raises `Refused` 400, 412, 422 or 428.

        They are not needed, since a publisher is known by its checks. ICE is not restarted: whose line is lost comes
        again with a new grant.
        """
        if if_match is None:
            raise Refused(428, "media.etag_missing", "If-Match must name the ICE session.")
        if if_match.strip() == "*":
            raise _no_restart()
        if session.etag not in [tag.strip().strip('"') for tag in if_match.split(",")]:
            raise Refused(412, "media.etag_stale", "If-Match names another ICE session.")
        if read_candidates(text) != session.ufrag:
            raise _no_restart()

    def end(self, session: Session) -> None:
        """The publisher leaves (RFC 9725 §4.2)."""
        session.publisher.end("closed")
        self._sessions.pop(session.id, None)

    def find(self, stream: str, number: str, token: str) -> Session:
        """The session at this address, for who began it; raises `Refused` 401, 403 or 404."""
        session = self._sessions.get(number)
        if session is None or session.stream != stream or session.publisher.gone:
            raise Refused(404, "media.unknown_session", "There is no such WHIP session.")
        if not token:
            raise Refused(401, "grant.missing", "A bearer grant is needed.", {"WWW-Authenticate": "Bearer"})
        if not hmac.compare_digest(session.token, digest(token)):
            raise Refused(403, "grant.wrong_session", "The session was begun with another grant.")
        return session

    def _forget_gone(self) -> None:
        self._sessions = {number: s for number, s in self._sessions.items() if not s.publisher.gone}


def _no_restart() -> Refused:
    return Refused(422, "media.no_ice_restart", "ICE is not restarted here; publish again.")
