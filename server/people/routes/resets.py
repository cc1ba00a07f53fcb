"""Endpoints of a forgotten password, open to everybody and telling nobody who exists."""

from typing import Annotated

from pydantic import Field

from server.base.api import PUBLIC, Ask, Body, Routes
from server.people import reset
from server.people.doorkeeper import keeper
from server.people.routes.session import address

routes = Routes("reset")


class AskBody(Body):
    account: Annotated[str, Field(min_length=1, max_length=64)]


class ConfirmBody(AskBody):
    code: Annotated[str, Field(min_length=1, max_length=16)]
    password: Annotated[str, Field(min_length=1, max_length=128)]


@routes.post("/api/v1/password-resets", power=PUBLIC, status=202, title="Ask for a code; always the same answer")
async def ask_code(ask: Ask, body: AskBody) -> None:
    await reset.ask(ask.office, keeper(ask).limiter, body.account, address(ask))


@routes.post("/api/v1/password-resets/confirm", power=PUBLIC, title="Set a new password with a code")
async def confirm(ask: Ask, body: ConfirmBody) -> None:
    await reset.confirm(ask.office, keeper(ask).limiter, body.account, body.code.strip(), body.password, address(ask))
