"""A proxy that injures: what passes waits for a while, or the lines are cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class FaultProxy:
    """Hands bytes on to `port` of this computer; `delay_s` holds each piece back, `cut` ends all lines."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._writers: set[asyncio.StreamWriter] = set()
        self.delay_s = 0.0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, thence = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers |= {writer, thence}
        try:
            await asyncio.gather(self._pass(reader, thence), self._pass(there, writer))
        finally:
            for each in (writer, thence):
                self._writers.discard(each)
                each.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                await asyncio.sleep(self.delay_s)
                writer.write(piece)
                await writer.drain()
        writer.close()

    def cut(self) -> None:
        """End every line that passes here; new ones are taken."""
        for writer in self._writers:
            writer.transport.abort()


@asynccontextmanager
async def a_proxy(port: int) -> AsyncIterator[FaultProxy]:
    """A proxy in front of `port`, on a port of its own."""
    proxy = FaultProxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()
        await server.wait_closed()
