"""Typed keys under which the application holds its parts."""

from aiohttp import web

from server.base.hub import Hub
from server.base.office import Office
from server.base.services import Services

OFFICE: web.AppKey[Office] = web.AppKey("office", Office)
SERVICES: web.AppKey[Services] = web.AppKey("services", Services)
HUB: web.AppKey[Hub] = web.AppKey("hub", Hub)
REQUEST_ID: web.RequestKey[str] = web.RequestKey("request id", str)
