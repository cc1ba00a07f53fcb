"""When to ask a publisher for a key picture: at once, not too often, and again until one is here."""

_SHORTEST_PAUSE_S = 0.5


class KeyPictures:
    """The wish for a key picture of one publisher; times are monotonic seconds."""

    def __init__(self) -> None:
        self._wanted = True
        self._asked_at = float("-inf")

    def want(self) -> None:
        """From now on a key picture is wanted."""
        self._wanted = True

    def arrived(self) -> None:
        """A key picture is here: the wish is fulfilled."""
        self._wanted = False

    def due(self, now: float) -> bool:
        """Whether to ask now; a publisher that answers slowly or loses the question is asked every half second."""
        if not self._wanted or now - self._asked_at < _SHORTEST_PAUSE_S:
            return False
        self._asked_at = now
        return True
