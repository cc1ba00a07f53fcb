"""Who hears of a post: the place, its author, the desk."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.base.clock import rfc3339
from server.base.work import Work
from server.moderation import standing, store
from server.moderation.store import Decision, Post
from server.people import store as people
from server.rules.conduct import PostState

_REFUSED = frozenset({PostState.REJECTED, PostState.REMOVED, PostState.BLOCKED})


async def shown(tx: AsyncConnection, posts: list[Post], viewer: UUID | None) -> list[dict[str, Any]]:
    """Posts as `viewer` reads them: real name and unit of the author (Article 8), own drafts and grounds."""
    names = await people.many(tx, {post.author for post in posts})
    mine = [post for post in posts if post.author == viewer and post.state in _REFUSED]
    taken = await store.decisions_of(tx, [post.id for post in mine]) if mine else {}
    why = {post.id: standing.grounds(post, taken.get(post.id, ())) for post in mine}
    return [_shown(post, names.get(post.author), why.get(post.id), own=post.author == viewer) for post in posts]


def _shown(post: Post, author: Any, grounds: Decision | None, *, own: bool) -> dict[str, Any]:
    earlier = not own and post.state is not PostState.PUBLISHED and post.public is not None
    return {
        "id": str(post.id),
        "draft": str(post.draft) if own else None,
        "author": {
            "id": str(post.author),
            "name": author.name if author else "",
            "unit": author.unit_name if author else None,
            "role": post.author_role,
        },
        "text": post.earlier if earlier else post.text,
        "written_at": rfc3339(post.written_at),
        "at_ms": post.media_ms,
        "state": PostState.PUBLISHED.value if earlier else post.state.value,
        "kind": grounds.kind if grounds else None,
        "basis": grounds.basis if grounds else None,
        "reason": grounds.reason if grounds else None,
    }


async def tell_place(work: Work, post: Post) -> None:
    """Everybody in the place sees the post now."""
    [view] = await shown(work.tx, [post], None)
    work.push(f"{post.place_kind}:{post.place_id}", "post.published", view)


async def tell_change(work: Work, before: Post, after: Post) -> None:
    """The place hears when what others read of a post has come, changed or gone."""
    if before.public is not None and after.public is None:
        work.push(f"{before.place_kind}:{before.place_id}", "post.removed", {"post": str(before.id)})
    elif before.public != after.public:
        await tell_place(work, after)


async def tell_author(work: Work, post: Post, decision: Decision | None) -> None:
    """The author learns what was decided, with kind, basis and reason; no `action`: it only stands elsewhere now."""
    work.push(
        f"person:{post.author}",
        "post.decided",
        {
            "post": str(post.id),
            "draft": str(post.draft),
            "state": post.state.value,
            "action": decision.action if decision else None,
            "kind": decision.kind if decision else None,
            "basis": decision.basis if decision else None,
            "reason": decision.reason if decision else None,
        },
    )


async def tell_desk(work: Work) -> None:
    """The queue has changed."""
    work.push("desk", "desk.changed", {})
