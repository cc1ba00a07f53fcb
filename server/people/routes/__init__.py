"""All endpoints of people, in one list for the application."""

from server.base.api import Routes
from server.people.routes import me, resets, roles, roster, session

NOUNS: tuple[Routes, ...] = (session.routes, me.routes, resets.routes, roster.routes, roles.routes)
