"""Where the server's orders come in: one address, each order signed for its body and taken once."""

from collections.abc import Callable

from aiohttp import web
from pydantic import ValidationError

from media.errors import Refused
from media.orders import AUDIENCE, ORDER, PATH
from media.signing import BODY_LIFE_S, SKEW_S, SignatureError, bearer, check_body
from media.studio import Studio

_LARGEST_ORDER = 65_536


class OrderDoor:
    """`clock` gives unix seconds."""

    def __init__(self, studio: Studio, secret: bytes, clock: Callable[[], float]) -> None:
        self._studio, self._secret, self._clock = studio, secret, clock
        self._seen: dict[str, float] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._post)]

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.content.read(_LARGEST_ORDER)
        self._check(bearer(request.headers.get("Authorization")), body)
        try:
            order = ORDER.validate_json(body)
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            raise Refused(422, "order.malformed", f"The order is malformed: {where}.") from error
        return web.json_response(await self._studio.carry(order))

    def _check(self, token: str, body: bytes) -> None:
        now = self._clock()
        try:
            seal = check_body(self._secret, AUDIENCE, token, body, now)
        except SignatureError as error:
            raise Refused(401, error.code, "The order is not signed by the server.") from error
        self._seen = {number: at for number, at in self._seen.items() if now - at < BODY_LIFE_S + 2 * SKEW_S}
        if seal.id in self._seen:
            raise Refused(409, "order.repeated", "The order has been taken.")
        self._seen[seal.id] = now
