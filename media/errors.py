"""Refusals of the media process and their form on the wire: `application/problem+json` (RFC 9457) with a code."""

import json

from aiohttp import web


class Refused(Exception):
    """A request that is refused; `code` is what the studio translates, `title` is for clients that don't."""

    def __init__(self, status: int, code: str, title: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.title = title
        self.headers = headers or {}


def problem(status: int, code: str, title: str, headers: dict[str, str] | None = None) -> web.Response:
    """The refusal as a response."""
    text = json.dumps({"type": "about:blank", "title": title, "status": status, "code": code}, ensure_ascii=False)
    return web.Response(
        status=status,
        body=text.encode(),
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
