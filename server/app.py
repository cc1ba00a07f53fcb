"""The academy as one application: its nouns, what happens by the clock, who knows the sessions."""

from aiohttp import web

from server.attendance.routes import NOUNS as ATTENDANCE
from server.attendance.running import EVERY as ATTENDANCE_EVERY
from server.attendance.running import attach
from server.base import documents
from server.base.api import Routes
from server.base.application import make
from server.base.office import Office
from server.base.schedule import Every
from server.calendar.routes import routes as calendar_routes
from server.class_file.routes import routes as class_file_routes
from server.forum.pause_routes import routes as pause_routes
from server.forum.picture_routes import routes as picture_routes
from server.forum.release import release
from server.forum.routes import routes as forum_routes
from server.hours import home
from server.hours.exempt_routes import routes as exempt_routes
from server.hours.routes import routes as hours_routes
from server.hours.sequence import EVERY as HOURS_EVERY
from server.live.routes import NOUNS as LIVE
from server.live.unattended import EVERY as LIVE_EVERY
from server.moderation.pictures import sweep as forget_pictures
from server.moderation.routes import NOUNS as MODERATION
from server.notices.routes import routes as notice_routes
from server.notices.tell import sweep as forget_notices
from server.people.doorkeeper import Doorkeeper
from server.people.routes import NOUNS as PEOPLE
from server.people.sign_out import sweep
from server.portal.routes import routes as portal_routes
from server.reactions import REACTIONS
from server.search.routes import routes as search_routes
from server.topic_classes.finding_routes import routes as topic_finding_routes
from server.topic_classes.plan import end_due
from server.topic_classes.routes import routes as topic_class_routes

NOUNS: tuple[Routes, ...] = (
    documents.routes, *PEOPLE, *MODERATION, forum_routes, pause_routes, picture_routes, *LIVE, *ATTENDANCE,
    topic_class_routes, topic_finding_routes, hours_routes, home.routes, exempt_routes, notice_routes, portal_routes,
    search_routes, calendar_routes, class_file_routes,
)  # fmt: skip

EVERY: tuple[Every, ...] = (
    *LIVE_EVERY, *ATTENDANCE_EVERY, *HOURS_EVERY, Every(20.0, release), Every(60.0, sweep), Every(60.0, end_due),
    Every(3600.0, forget_notices), Every(3600.0, forget_pictures),
)  # fmt: skip


def build(office: Office) -> web.Application:
    """The application over `office`, which the caller opens and closes."""
    doorkeeper = Doorkeeper(office)
    app = make(office, doorkeeper, NOUNS, EVERY, office.services.settings.web)
    app.on_cleanup.append(lambda _app: doorkeeper.limiter.close())
    attach(app)
    return app


__all__ = ["EVERY", "NOUNS", "REACTIONS", "build"]
