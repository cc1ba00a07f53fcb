"""The built web pages: hashed assets that may be kept for ever, and one page for every other address."""

from pathlib import Path

from aiohttp import web

from server.rules.refusal import unknown

FOREVER = "public, max-age=31536000, immutable"


def add(app: web.Application, dist: Path) -> None:
    """Serve what the web build made in `dist`; nothing when there is none."""
    files = {f"/{path.relative_to(dist).as_posix()}": path for path in dist.rglob("*") if path.is_file()}

    async def page(request: web.Request) -> web.StreamResponse:
        path = files.get(request.path)
        if path is None and (request.path.startswith(("/api/", "/assets/", "/media/")) or not files):
            raise unknown("page")
        chosen = path or files["/index.html"]
        answer = web.FileResponse(chosen)
        answer.headers["Cache-Control"] = FOREVER if request.path.startswith("/assets/") else "no-cache"
        return answer

    app.router.add_get("/{path:.*}", page)
