"""Typed keys under which the application holds its parts."""

from typing import TYPE_CHECKING

from aiohttp import web

from server.base.office import Office
from server.base.services import Services

if TYPE_CHECKING:
    from server.base.channel import Hub

OFFICE: web.AppKey[Office] = web.AppKey("office", Office)
SERVICES: web.AppKey[Services] = web.AppKey("services", Services)
HUB: "web.AppKey[Hub]" = web.AppKey("hub", object)  # type: ignore[arg-type]
