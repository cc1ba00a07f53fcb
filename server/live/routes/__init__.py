"""Endpoints, socket messages and topics of live classes."""

from server.live.routes import internal, on_air, plan, publishing, room

NOUNS = (plan.routes, on_air.routes, publishing.routes, room.routes, internal.routes)
