"""Thousands of players in one process: each waits for the list that has the next part, then fetches the part.

The loop is epoll over plain or TLS sockets, so that the readers cost less than what they ask. A part begins with the
moment at which it was cut (monotonic, a double), which is how late it comes.
"""

import selectors
import socket
import ssl
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

STAMP = struct.Struct("!d")
_PIECE = 262_144
_HEAD_END = b"\r\n\r\n"


@dataclass(slots=True)
class Player:
    """One connection; `part` counts the parts of the class from its first."""

    socket: socket.socket
    head: bytes
    """What every request says after its address."""
    part: int
    listing: bool = True
    got: bytes = b""
    missing: int = 0


@dataclass
class Late:
    """How late every part came to every player, in seconds, and what failed."""

    waits: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    read: int = 0
    """Bytes of bodies."""


class Readers:
    """Players of one class; `listed` and `named` give the paths of the list that has a part, and of the part."""

    def __init__(self, listed: Callable[[int], str], named: Callable[[int], str]) -> None:
        self._listed, self._named = listed, named
        self._waiting = selectors.EpollSelector()
        self.players: list[Player] = []
        self.late = Late()

    def come(self, address: tuple[str, int], host: str, grants: Sequence[str], tls: ssl.SSLContext | None) -> None:
        """Connect one player for each grant; each asks once, as who says nothing is let go."""
        for grant in grants:
            made = socket.create_connection(address, timeout=20)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls is not None:
                made = tls.wrap_socket(made, server_hostname=host)
            head = f" HTTP/1.1\r\nHost: {host}:{address[1]}\r\nAuthorization: Bearer {grant}\r\n\r\n".encode()
            player = Player(made, head, 0)
            _greet(player, self._listed(0))
            made.setblocking(False)
            self.players.append(player)
            self._waiting.register(made, selectors.EVENT_READ, player)

    def play(self, first: int, seconds: float, warm_s: float) -> Late:
        """All play from part `first` on for so long; what was cut in the first `warm_s` isn't counted."""
        began = time.monotonic()
        self._from = began + warm_s
        self.late = Late()
        for player in self.players:
            player.part, player.listing = first, True
            self._ask(player)
        while (now := time.monotonic()) < began + warm_s + seconds:
            for key, _ in self._waiting.select(max(0.0, began + warm_s + seconds - now)):
                self._hear(key.data)
        return self.late

    def leave(self) -> None:
        """Close all."""
        for player in self.players:
            player.socket.close()
        self._waiting.close()

    def _ask(self, player: Player) -> None:
        path = self._listed(player.part) if player.listing else self._named(player.part)
        player.socket.send(b"GET " + path.encode() + player.head)

    def _hear(self, player: Player) -> None:
        try:
            data = player.socket.recv(_PIECE)
            while isinstance(player.socket, ssl.SSLSocket) and player.socket.pending():
                data += _piece(player)
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        except OSError as error:
            self._fail(player, repr(error))
            return
        if not data:
            self._fail(player, "closed")
        elif player.missing:
            self._more(player, len(data))
        else:
            self._begin(player, player.got + data)

    def _begin(self, player: Player, data: bytes) -> None:
        head, found, body = data.partition(_HEAD_END)
        if not found or len(body) < STAMP.size:
            player.got = data
            return
        player.got = b""
        if not head.startswith(b"HTTP/1.1 200"):
            self._fail(player, head.split(b"\r\n", 1)[0].decode())
            return
        length = _length(head)
        if not player.listing:
            player.got = body[: STAMP.size]
        self.late.read += length
        player.missing = length
        self._more(player, len(body))

    def _more(self, player: Player, had: int) -> None:
        player.missing -= had
        if player.missing:
            return
        if player.listing:
            player.listing = False
        else:
            [cut] = STAMP.unpack(player.got)
            player.got = b""
            if cut >= self._from:
                self.late.waits.append(time.monotonic() - cut)
            player.part, player.listing = player.part + 1, True
        self._ask(player)

    def _fail(self, player: Player, why: str) -> None:
        self.late.failed.append(why)
        self._waiting.unregister(player.socket)
        player.socket.close()


def _greet(player: Player, path: str) -> None:
    """One request whose answer is waited for; raises RuntimeError for a refusal."""
    player.socket.send(b"GET " + path.encode() + player.head)
    data = b""
    while _HEAD_END not in data:
        data += player.socket.recv(_PIECE)
    head, _, body = data.partition(_HEAD_END)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.split(b"\r\n", 1)[0].decode())
    missing = _length(head) - len(body)
    while missing > 0:
        missing -= len(_piece(player))


def _piece(player: Player) -> bytes:
    """What comes next; RuntimeError when nothing more will."""
    found = player.socket.recv(_PIECE)
    if not found:
        raise RuntimeError("closed")
    return found


def _length(head: bytes) -> int:
    """The length of the body that a head announces."""
    return int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
