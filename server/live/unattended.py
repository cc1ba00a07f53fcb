"""What the clock does to classes: opens waiting rooms, finds lines lost, ends after the grace, reminds of the end."""

from datetime import datetime, timedelta

from server.base.schedule import Every
from server.base.work import Work
from server.live import lists, publish_store
from server.live.state import step
from server.live.store import LiveClass
from server.live.tell import tell_staff
from server.rules.live import Action
from server.rules.policy import Policy
from server.rules.unattended import SILENT, WAITING_ROOM, Standing, due, time_is_up

LOOK_S = 5.0
NEWS_KEPT = timedelta(days=7)
_BY_ITSELF = {Action.END: "no_source", Action.CANCEL: "not_held"}


class Watch:
    """Looks at all classes that are not over.

    A process that has only begun to look has not heard media yet: for a while it calls no line lost.
    """

    def __init__(self) -> None:
        self._looked_at: datetime | None = None
        self._since: datetime | None = None

    async def look(self, work: Work) -> None:
        """Do what is due; remind staff of a planned end that has just come."""
        before, self._looked_at = self._looked_at, work.now
        if self._since is None or before is None or work.now - before > SILENT:
            self._since = work.now
        policy = work.services.policies.in_force(work.now)
        lessons = await lists.unfinished(work.tx, work.now + WAITING_ROOM)
        sending = await publish_store.sending(work.tx, [lesson.id for lesson in lessons], work.now)
        for lesson in lessons:
            standing = _standing(lesson, sending=lesson.id in sending)
            await self._act(work, lesson, standing, policy)
            if before is not None and time_is_up(standing, before, work.now):
                tell_staff(work, lesson.id, "class.time_up", {"class": str(lesson.id)})

    async def _act(self, work: Work, lesson: LiveClass, standing: Standing, policy: Policy) -> None:
        action = due(standing, work.now, policy)
        assert self._since is not None
        if action is Action.LOSE and work.now - self._since < SILENT:
            return
        if action is not None:
            await step(work, lesson, action, reason=_BY_ITSELF.get(action))


async def forget(work: Work) -> None:
    """Drop notes of news that media has long stopped repeating."""
    await publish_store.forget_news(work.tx, work.now - NEWS_KEPT)


def _standing(lesson: LiveClass, *, sending: bool) -> Standing:
    return Standing(
        state=lesson.state,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        state_since=lesson.state_since,
        heard_at=lesson.heard_at,
        interrupted_since=lesson.interrupted_since,
        resumes_at=lesson.resumes_at,
        sending=sending,
    )


EVERY = [Every(LOOK_S, Watch().look), Every(3600.0, forget)]
