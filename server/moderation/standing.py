"""Which of the decisions about a post hold: none that was taken back, and which of them it stands on."""

from collections.abc import Sequence

from server.moderation.store import Decision, Post
from server.rules.conduct import AGAINST_AUTHOR, GROUNDED, PostAction, PostState, Screened, advance


def valid(taken: Sequence[Decision]) -> list[Decision]:
    """The decisions that were not taken back, in their order."""
    undone = {each.undoes for each in taken}
    return [each for each in taken if each.undoes is None and each.id not in undone]


def against(taken: Sequence[Decision]) -> Decision | None:
    """The decision against the author that stands, if one does.

    What was decided since about the text that others still read, and left the post where it stood, is another matter.
    """
    last = next((each for each in reversed(valid(taken)) if _moved(each)), None)
    return last if last and last.action in AGAINST_AUTHOR else None


def held(taken: Sequence[Decision]) -> bool:
    """Whether a person, or a suspicion of secrets, keeps the post from being published by itself."""
    passed = (each for each in reversed(valid(taken)) if each.action != PostAction.RESTORE or _moved(each))
    last = next(passed, None)
    return last is not None and last.action in {PostAction.HOLD, PostAction.RETURN}


def grounds(post: Post, taken: Sequence[Decision]) -> Decision | None:
    """Why a post is refused; what screening has blocked after a change is not what a person once returned."""
    if post.state is PostState.BLOCKED and post.screened == Screened.BLOCK:
        return None
    return next((each for each in reversed(valid(taken)) if each.action in GROUNDED), None)


def _moved(decision: Decision) -> bool:
    was = PostState(decision.was)
    return advance(was, PostAction(decision.action), earlier_text=True) is not was
