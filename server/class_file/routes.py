"""Endpoints of the class file; each is a logged look at every member."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from aiohttp import web

from server.base.api import Ask, Routes
from server.base.room import Room
from server.base.work import Work
from server.class_file import gather, pdf, xlsx
from server.class_file.sheet import Sheet
from server.people import looks
from server.rules.powers import Power
from server.topic_classes import store
from server.topic_classes.current import known
from server.topic_classes.targets import topic_class_target

routes = Routes("topic_class")

_ONE = "/api/v1/topic-classes/{topic_class_id}"
_OPTIONS: dict[str, Any] = {"power": Power.TOPIC_PROGRESS, "target": topic_class_target}
_ROOM = Room(2)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.get(f"{_ONE}/file.pdf", **_OPTIONS, title="The class file to print (a logged look at each member)")
async def as_pdf(ask: Ask, topic_class_id: UUID) -> web.Response:
    title, sheets = await _sheets(ask, topic_class_id)
    made = await _ROOM.beside(ask.me, pdf.write, f"{title} {gather.TITLE}", sheets, ask.now)
    return _file(made, "application/pdf", f"{title} {gather.TITLE}", "pdf")


@routes.get(f"{_ONE}/file.xlsx", **_OPTIONS, title="The class file as a workbook (a logged look at each member)")
async def as_xlsx(ask: Ask, topic_class_id: UUID) -> web.Response:
    title, sheets = await _sheets(ask, topic_class_id)
    made = await _ROOM.beside(ask.me, xlsx.write, sheets)
    return _file(made, _XLSX, f"{title} {gather.TITLE}", "xlsx")


async def _sheets(ask: Ask, id: UUID) -> tuple[str, list[Sheet]]:
    await ask.do(_look, id)
    async with ask.read() as tx:
        found = await known(tx, id)
        return found.title, await gather.gather(tx, found, ask.now, ask.services.policies)


async def _look(work: Work, id: UUID) -> None:
    """Before anything is shown."""
    await looks.note(work, [each.account for each in await store.members_of(work.tx, id)], "topic_class")


def _file(content: bytes, kind: str, name: str, end: str) -> web.Response:
    plain = f'attachment; filename="class-file.{end}"'
    headers = {"Content-Disposition": f"{plain}; filename*=UTF-8''{quote(name, safe='')}.{end}"}
    return web.Response(body=content, content_type=kind, headers=headers)
