"""All endpoints of moderation, in one list for the application."""

from server.base.api import Routes
from server.moderation.routes import desk, pictures, posts, sanctions

NOUNS: tuple[Routes, ...] = (desk.routes, posts.routes, sanctions.routes, pictures.routes)
