"""A store that speaks S3 (moto, in this process) on a free loopback port."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

BUCKET = "academy"


@contextmanager
def a_store() -> Iterator[str]:
    """The address of a bucket, as OBJECTS_URL says it."""
    from moto.server import ThreadedMotoServer

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    try:
        _make_bucket(port)
        yield f"http://key:secret@127.0.0.1:{port}/{BUCKET}/kept"
    finally:
        server.stop()


def _make_bucket(port: int) -> None:
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", port)
    connection.request("PUT", f"/{BUCKET}", headers={"Host": f"127.0.0.1:{port}"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"no bucket: {answer.status} {answer.read()!r}")
    connection.close()
