"""The head of the Merkle tree against the definition of RFC 6962 §2.1."""

import hashlib

from hypothesis import given
from hypothesis import strategies as some

from server.rules.ledger import leaf_hash
from server.rules.merkle import node_hash, root

LEAVES = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", bytes(range(0x50, 0x58)), b"`" * 16]


def defined(hashes: list[bytes]) -> bytes:
    """MTH of the RFC, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(defined(hashes[:split]), defined(hashes[split:]))


def test_the_leaf_of_nothing_is_the_known_one() -> None:
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_the_head_of_no_leaves_is_the_hash_of_nothing() -> None:
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(some.lists(some.sampled_from(LEAVES), max_size=70))
def test_the_head_is_that_of_the_definition(leaves: list[bytes]) -> None:
    hashes = [leaf_hash(each) for each in leaves]
    assert root(iter(hashes)) == defined(hashes)
