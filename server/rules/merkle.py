"""The Merkle tree over all ledger rows in their common order (RFC 6962 §2.1)."""

import hashlib
from collections.abc import Iterable, Sequence


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The head of the tree over `leaf_hashes`; of no leaf, the hash of nothing.

    Keeps one hash for each bit of the size, so that a long ledger streams through.
    """
    peaks: list[tuple[int, bytes]] = []
    for each in leaf_hashes:
        size, head = 1, each
        while peaks and peaks[-1][0] == size:
            head = node_hash(peaks.pop()[1], head)
            size *= 2
        peaks.append((size, head))
    return _joined(peaks)


def _joined(peaks: Sequence[tuple[int, bytes]]) -> bytes:
    if not peaks:
        return hashlib.sha256(b"").digest()
    head = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        head = node_hash(left, head)
    return head
