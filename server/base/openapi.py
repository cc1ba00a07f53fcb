"""OpenAPI 3.1 made from the typed functions: `/api/openapi.json`, and a page to read at `/api/docs`."""

import functools
import html
import json
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from server.base.api import INTERNAL, PUBLIC, Route

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "noun.word, the key of the words shown to people"},
        "basis": {"type": "string", "description": "art-<n> of the regulation or policy-<field>"},
        "field": {"type": "string"},
        "data": {"type": "object"},
        "request_id": {"type": "string"},
    },
}
_REFUSALS = {
    "400": "malformed", "401": "not signed in", "403": "not within one's powers", "404": "unknown, or not to be seen",
    "409": "not in this state", "410": "gone", "412": "changed meanwhile", "413": "too large", "415": "wrong content",
    "422": "a field is wrong", "429": "too often", "503": "not available for the moment",
}  # fmt: skip
_PARAMETERS = {"UUID": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}, "str": {"type": "string"}}


def document(routes: list[Route], academy: str) -> dict[str, Any]:
    """The whole description; schemas of bodies and answers by name."""
    public = [route for route in routes if route.method not in {"MESSAGE", "TOPIC"} and route.power is not INTERNAL]
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    paths: dict[str, dict[str, Any]] = {}
    for route in public:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{academy} · Jiangtang", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "session"}},
        },
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation: dict[str, Any] = {
        "operationId": f"{route.noun}.{route.handler.__name__}",
        "summary": route.title,
        "tags": [route.noun],
        "description": f"Power: `{route.power.value}`",
        "parameters": _parameters(route, schemas),
        "responses": {
            str(route.status): _success(route, schemas),
            **{status: {"description": text, "content": problem} for status, text in _REFUSALS.items()},
        },
    }
    if route.power is not PUBLIC:
        operation["security"] = [{"session": []}]
    if route.body is not None:
        content = {"application/json": {"schema": _schema(route.body, schemas, "validation")}}
        operation["requestBody"] = {"required": True, "content": content}
    elif route.upload:
        operation["requestBody"] = {"required": True, "content": {"video/mp4": {"schema": {}}}}
    return operation


def _success(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    if route.answer is None:
        return {"description": "done"}
    if isinstance(route.answer, type) and issubclass(route.answer, web.StreamResponse):
        return {"description": "the content"}
    return {
        "description": "ok",
        "content": {"application/json": {"schema": _schema(TypeAdapter(route.answer), schemas, "serialization")}},
    }


def _parameters(route: Route, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _PARAMETERS[kind.__name__]}
        for name, kind in route.params.items()
    ]
    if route.query is not None:
        _, whole = models_json_schema([(route.query, "validation")], ref_template="#/components/schemas/{model}")
        schemas |= {name: each for name, each in whole.get("$defs", {}).items() if name != route.query.__name__}
        schema = whole["$defs"][route.query.__name__]
        for name, each in schema.get("properties", {}).items():
            needed = name in schema.get("required", [])
            found.append({"name": name, "in": "query", "required": needed, "schema": each})
    return found


def _keep(name: str, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Two shapes of one name would hide each other."""
    if schemas.setdefault(name, schema) != schema:
        raise ValueError(f"two different shapes are called {name}")


def _schema(adapter: TypeAdapter[Any], schemas: dict[str, Any], mode: JsonSchemaMode) -> dict[str, Any]:
    schema = adapter.json_schema(ref_template="#/components/schemas/{model}", mode=mode)
    for name, each in schema.pop("$defs", {}).items():
        _keep(name, each, schemas)
    if (title := schema.get("title")) and schema.get("type") == "object":
        _keep(title, schema, schemas)
        return {"$ref": f"#/components/schemas/{title}"}
    return schema


def add(app: web.Application, routes: list[Route], academy: str) -> None:
    """Serve the document and the page, both made when they are first asked for."""
    whole = functools.cache(lambda: document(routes, academy))

    async def as_json(_request: web.Request) -> web.Response:
        return web.json_response(whole(), dumps=functools.partial(json.dumps, ensure_ascii=False))

    async def as_page(_request: web.Request) -> web.Response:
        return web.Response(text=_page(whole()), content_type="text/html", charset="utf-8")

    app.router.add_get("/api/openapi.json", as_json)
    app.router.add_get("/api/docs", as_page)


def _page(whole: dict[str, Any]) -> str:
    rows = []
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            answer = next(iter(operation["responses"].values())).get("content", {}).get("application/json", {})
            cells = [f"{method.upper()} {path}", operation["summary"], operation["description"], _named(body)]
            cells.append(_named(answer.get("schema", {})))
            rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    shapes = "".join(
        f'<h3 id="{html.escape(name)}">{html.escape(name)}</h3><pre>{html.escape(_pretty(schema))}</pre>'
        for name, schema in whole["components"]["schemas"].items()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(whole["info"]["title"])}</title>'
        f"<h1>{html.escape(whole['info']['title'])}</h1><table><caption>Endpoints</caption><thead><tr><th>Endpoint"
        f"<th>What<th>Power<th>Body<th>Answer</thead><tbody>{''.join(rows)}</tbody></table><h2>Shapes</h2>{shapes}</html>"
    )


def _named(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1] or str(schema.get("type", ""))


def _pretty(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1)
