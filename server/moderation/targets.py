"""What a power is asked about where an address names a post, a decision, a review or a sanction (rules §8)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from server.moderation import sanction, store
from server.moderation.store import Post
from server.rules.powers import Target, TargetKind


def target_of(post: Post, hands: frozenset[UUID] = frozenset()) -> Target:
    """A post as powers are asked about it."""
    return Target(
        TargetKind.POST, owner=post.author, unit_path=post.unit_path, authority_path=post.authority_path,
        class_id=post.topic_class or post.place_id, audience_path=post.audience_path, hands=hands,
    )  # fmt: skip


async def post_target(tx: AsyncConnection, post_id: UUID) -> Target | None:
    post = await store.by_id(tx, post_id)
    return target_of(post) if post else None


async def decision_target(tx: AsyncConnection, decision_id: UUID) -> Target | None:
    found = await store.decision(tx, decision_id)
    return await post_target(tx, found.post) if found else None


async def review_target(tx: AsyncConnection, review_id: UUID) -> Target | None:
    found = await store.review(tx, review_id)
    judged = await store.decision(tx, found.decision) if found else None
    post = await store.by_id(tx, found.post) if found else None
    if post is None or judged is None:
        return None
    return target_of(post, frozenset({judged.actor} if judged.actor else ()))


async def sanction_target(tx: AsyncConnection, sanction_id: UUID) -> Target | None:
    found = await sanction.by_id(tx, sanction_id)
    if found is None:
        return None
    return Target(
        TargetKind.SANCTION, owner=found.person, unit_path=found.unit_path, authority_path=found.authority_path,
        class_id=found.place_id, hands=frozenset({found.proposed_by}),
    )  # fmt: skip
