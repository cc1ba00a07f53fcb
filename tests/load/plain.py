"""The limit of a page's opening: aiohttp alone, which answers every request and message with bytes that lie ready."""

import asyncio
import json
import socket

from aiohttp import web

ANSWER = json.dumps({"text": "x" * 2000})
_READY = json.dumps({"v": 1, "type": "socket.ready", "data": {}})
_DATA = '{"stay":"plain","acked_seq":1,"verdicts":[]}'


async def _answer(_request: web.Request) -> web.Response:
    return web.Response(text=ANSWER, content_type="application/json")


async def _socket(request: web.Request) -> web.WebSocketResponse:
    line = web.WebSocketResponse(compress=False)
    await line.prepare(request)
    await line.send_str(_READY)
    async for message in line:
        id = json.dumps(json.loads(message.data)["id"])
        await line.send_str(f'{{"v":1,"type":"ack","id":{id},"data":{_DATA}}}')
    return line


async def _serve() -> None:
    app = web.Application()
    app.router.add_get("/socket", _socket)
    app.router.add_route("*", "/{path:.*}", _answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    listening = socket.create_server(("127.0.0.1", 0), backlog=4096)
    await web.SockSite(runner, listening, backlog=4096).start()
    print(listening.getsockname()[1], flush=True)
    await asyncio.Event().wait()


def serve_plain() -> None:
    """Serve on a free port until killed; the port is said on standard output."""
    import uvloop

    uvloop.run(_serve())
