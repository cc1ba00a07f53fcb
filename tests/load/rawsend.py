"""The limit of a fan-out: a process that sends the same bytes to each of its sockets in a loop of `send()`."""

import selectors
import socket
import struct

_GREETING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
_TEXT = 0x81


def frame(size: int) -> bytes:
    """A text frame of a server with so many bytes."""
    return struct.pack("!BBH", _TEXT, 126, size) + b"x" * size


def serve_raw(size: int) -> None:
    """Listen on a free port, say which, and send to all whenever one of them says something."""
    told = frame(size)
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listening, selectors.EpollSelector() as waiting:
        print(listening.getsockname()[1], flush=True)
        waiting.register(listening, selectors.EVENT_READ)
        sockets: list[socket.socket] = []
        greeted: set[int] = set()
        while True:
            for key, _ in waiting.select():
                if key.fileobj is listening:
                    sockets.append(_let_in(listening, waiting))
                    continue
                heard = key.fileobj
                assert isinstance(heard, socket.socket)
                if not heard.recv(65_536):
                    return
                if heard.fileno() in greeted:
                    for each in sockets:
                        each.send(told)
                else:
                    greeted.add(heard.fileno())
                    heard.send(_GREETING + frame(126))


def _let_in(listening: socket.socket, waiting: selectors.BaseSelector) -> socket.socket:
    made, _ = listening.accept()
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    waiting.register(made, selectors.EVENT_READ)
    return made
