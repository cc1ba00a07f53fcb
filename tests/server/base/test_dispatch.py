"""What pages may load."""

from server.base.dispatch import content_policy


def test_pages_reach_media_at_its_own_address_and_nothing_else() -> None:
    told = dict(each.split(" ", 1) for each in content_policy("https://media.example.org/").split("; "))
    assert told["connect-src"] == "'self' https://media.example.org"
    assert told["media-src"] == "'self' https://media.example.org blob:"
    assert told["script-src"] == content_policy("").split("; ")[1].split(" ", 1)[1] == "'self'"
