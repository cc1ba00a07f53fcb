"""Errors as RFC 9457 problems; everything that goes wrong becomes one of these or a 500 that tells nothing."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from server.base.db import DatabaseAway
from server.base.json_in import BadJson
from server.base.observe import FAULTS, log
from server.rules.refusal import Refusal

T = TypeVar("T")

_log = log("api")
_TITLES = {
    400: "The request is malformed",
    401: "Sign in first",
    403: "Not within your powers",
    404: "Nothing here under this name",
    405: "This method is not for this address",
    409: "Not possible in the present state",
    410: "No longer here",
    412: "Changed by someone else meanwhile",
    413: "Too large",
    415: "This kind of content is not taken",
    422: "A field is not as it should be",
    429: "Too often",
    500: "Our fault",
    503: "Not available for the moment",
}


def problem(refusal: Refusal) -> dict[str, Any]:
    """The members of a problem document for `refusal` (RFC 9457 §3.1 and our code, basis, field, data)."""
    body: dict[str, Any] = {
        "type": f"urn:jiangtang:{refusal.code}",
        "title": _TITLES.get(refusal.status, "Refused"),
        "status": refusal.status,
        "code": refusal.code,
    }
    if refusal.basis is not None:
        body["basis"] = str(refusal.basis)
    if refusal.field is not None:
        body["field"] = refusal.field
    if refusal.data:
        body["data"] = refusal.data
    return body


def response(refusal: Refusal) -> web.Response:
    """`refusal` as an HTTP answer."""
    headers = {}
    if refusal.status in {429, 503}:
        headers["Retry-After"] = str(refusal.data.get("retry_after_s", 2))
    text = json.dumps(problem(refusal), ensure_ascii=False, default=str)
    return web.Response(
        text=text, status=refusal.status, content_type="application/problem+json", charset="utf-8", headers=headers
    )


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal that `error` amounts to; None when it is our own fault."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, BadJson):
        return Refusal("json.malformed", status=400, why=str(error))
    if isinstance(error, web.HTTPException) and error.status >= 400:
        return Refusal(_http_code(error.status), status=error.status)
    if is_away(error):
        return Refusal("server.busy", status=503, retry_after_s=2)
    return None


def is_away(error: Exception) -> bool:
    """Whether the database could not be asked, which passes by itself."""
    return isinstance(error, DatabaseAway) or (isinstance(error, DBAPIError) and _unavailable(error))


def taken(validate: Callable[[Any], T], value: Any) -> T:
    """What a caller sent, in its shape; elsewhere a value out of shape is our own fault, not theirs."""
    try:
        return validate(value)
    except ValidationError as error:
        raise _invalid(error) from error


def fault(where: str, error: Exception, request_id: str) -> web.Response:
    """Our own fault: one log line with the request id, and an answer that tells nothing else."""
    FAULTS.labels(where).inc()
    _log.error("fault", where=where, request_id=request_id, exc_info=error)
    body = problem(Refusal("server.fault", status=500)) | {"request_id": request_id}
    return web.Response(text=json.dumps(body), status=500, content_type="application/problem+json", charset="utf-8")


def _invalid(error: ValidationError) -> Refusal:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    code = "field.unknown" if first["type"] == "extra_forbidden" else "field.invalid"
    return Refusal(code, status=422, field=field, why=first["type"])


def _http_code(status: int) -> str:
    return {404: "page.unknown", 405: "method.unknown", 413: "body.too_large"}.get(status, "request.malformed")


def _unavailable(error: DBAPIError) -> bool:
    text = str(error.orig).lower()
    busy = ("database is locked", "database or disk is full", "disk i/o error", "connection", "too many clients")
    collided = getattr(error.orig, "sqlstate", None) in {"40001", "40P01", "57P01", "57P03", "53300"}
    return error.connection_invalidated or collided or any(word in text for word in busy)
