"""Who may watch and who may publish, without a wire."""

import dataclasses
from collections.abc import Callable
from functools import partial
from itertools import count

import pytest
from aiohttp.test_utils import make_mocked_request

from media.errors import Refused
from media.gate import Gate
from media.grants import Grant, sign

SECRET = b"s" * 32
NOW = 1_764_035_000.0
VIEW = Grant("view", "class-1", "session-1", "id-1", int(NOW) + 60)
PUBLISH = dataclasses.replace(VIEW, purpose="publish", id="id-2", max_kbps=3000)


class Keys:
    """A server that knows one key, or doesn't answer."""

    def __init__(self, known: dict[str, str], away: bool = False) -> None:
        self.known, self.away = known, away

    async def encoder_key(self, stream: str, key: str) -> str | None:
        if self.away:
            raise OSError("away")
        return self.known.get(key)


class House:
    def __init__(self, keys: Keys | None = None) -> None:
        self.now = NOW
        self.gate = Gate(SECRET, keys or Keys({}), lambda: self.now)

    def reads(self, token: str, stream: str = "class-1") -> str:
        """What a reader is told, `welcome` when nothing."""
        return self._told(stream, Authorization=f"Bearer {token}")

    def plays(self, cookie: str, stream: str = "class-1") -> str:
        """The same for a player that is known by its cookie alone."""
        return self._told(stream, Cookie=f"other=1; viewing={cookie}")

    def shown(self, token: str, **headers: str) -> str:
        """The cookie for which the page shows its grant."""
        request = make_mocked_request("POST", "/", headers={"Authorization": f"Bearer {token}"} | headers)
        return self.gate.let_in(request, "class-1")

    def _told(self, stream: str, **headers: str) -> str:
        return _told(lambda: self.gate.check(make_mocked_request("GET", "/media/live/x", headers=headers), stream))


def _told(check: Callable[[], object]) -> str:
    try:
        check()
    except Refused as refusal:
        return f"{refusal.status} {refusal.code}"
    return "welcome"


def test_a_viewer_with_a_grant_is_welcome_and_an_address_with_one_opens_nothing() -> None:
    house, token = House(), sign(SECRET, VIEW)
    assert house.reads(token) == "welcome"
    address = make_mocked_request("GET", f"/media/live/x?grant={token}")
    assert _told(lambda: house.gate.check(address, "class-1")) == "401 grant.missing"


def test_a_viewer_without_leave_is_refused() -> None:
    house = House()
    assert house.reads("") == "401 grant.missing"
    assert house.reads("nonsense") == "401 grant.malformed"
    assert house.reads(sign(SECRET, VIEW), stream="class-2") == "403 grant.wrong_stream"
    assert house.reads(sign(SECRET, PUBLISH)) == "403 grant.wrong_purpose"


def test_a_player_without_a_header_reads_on_while_its_page_shows_new_grants_and_a_minute_longer() -> None:
    house = House()
    cookie = house.shown(sign(SECRET, VIEW))
    for number in range(1, 10):
        house.now = NOW + 25 * number
        newer = dataclasses.replace(VIEW, id=f"id-{number}", expires_at=int(house.now) + 55)
        assert house.shown(sign(SECRET, newer)) == cookie
        assert (house.plays(cookie), house.plays(cookie, "class-2")) == ("welcome", "403 grant.wrong_stream")
    house.now += 60.5
    assert house.plays(cookie) == "401 grant.expired"


def test_a_cookie_is_nobody_elses_and_lets_nobody_in_by_itself() -> None:
    house = House()
    cookie = house.shown(sign(SECRET, VIEW))
    assert cookie != house.shown(sign(SECRET, dataclasses.replace(VIEW, session="session-2")))
    assert house.plays("0" * 64) == "401 grant.missing"
    for refused in ("", sign(SECRET, PUBLISH), sign(SECRET, dataclasses.replace(VIEW, expires_at=int(NOW) - 60))):
        assert "grant." in _told(partial(house.shown, refused, Cookie=f"viewing={cookie}"))


def test_a_player_without_a_header_is_out_with_its_session() -> None:
    house = House()
    cookie = house.shown(sign(SECRET, VIEW))
    house.gate.revoke("session-1", "class-1")
    assert house.plays(cookie) == "403 grant.revoked"
    assert _told(lambda: house.shown(sign(SECRET, VIEW))) == "403 grant.revoked"


def test_a_leaked_grant_is_dead_within_a_minute() -> None:
    house, token = House(), sign(SECRET, VIEW)
    assert house.reads(token) == "welcome"
    house.now = NOW + 65.5
    assert house.reads(token) == "401 grant.expired"


def test_a_revoked_session_watches_nothing_more_though_its_grant_is_known() -> None:
    house, token = House(), sign(SECRET, VIEW)
    assert house.reads(token) == "welcome"
    house.gate.revoke("session-1")
    assert house.reads(token) == "403 grant.revoked"
    house.now += 60
    assert house.reads(token) == "403 grant.revoked"


def test_what_is_remembered_of_tokens_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.gate._MOST_KNOWN_TOKENS", 20)
    house = House()
    for number in range(100):
        assert house.reads(sign(SECRET, dataclasses.replace(VIEW, id=f"id-{number}"))) == "welcome"
    assert len(house.gate._known) <= 20


def test_what_is_remembered_of_players_stays_bounded_and_the_newest_are_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("media.viewers._MOST_VIEWERS", 20)
    house = House()
    for number in range(100):
        cookie = house.shown(sign(SECRET, dataclasses.replace(VIEW, session=f"session-{number}")))
        assert house.plays(cookie) == "welcome"
    assert len(house.gate._viewers._grants) <= 20


async def test_a_publish_grant_is_leave_with_its_rates() -> None:
    leave = await House().gate.publisher("class-1", sign(SECRET, PUBLISH))
    assert (leave.source, leave.session, leave.id, leave.max_kbps) == ("browser", "session-1", "id-2", 3000)


async def test_a_spent_grant_stays_spent_as_long_as_it_could_live() -> None:
    house = House()
    leave = await house.gate.publisher("class-1", sign(SECRET, PUBLISH))
    house.gate.spend(leave)
    house.now = NOW + 64
    for number in count():
        house.gate.spend(dataclasses.replace(leave, id=f"other-{number}"))
        if number == 200:
            break
    with pytest.raises(Refused) as caught:
        await house.gate.publisher("class-1", sign(SECRET, PUBLISH))
    assert caught.value.code == "grant.spent"


async def test_what_is_spent_and_revoked_is_forgotten_when_no_grant_can_live_any_more() -> None:
    house = House()
    leave = await house.gate.publisher("class-1", sign(SECRET, PUBLISH))
    for number in range(500):
        house.now = NOW + 20 * number
        house.gate.spend(dataclasses.replace(leave, id=f"id-{number}"))
        house.gate.revoke(f"session-{number}")
    assert len(house.gate._spent) < 100
    assert len(house.gate._revoked) < 100


def test_who_is_let_in_again_watches_by_what_is_given_after_that() -> None:
    house = House()
    house.gate.revoke("session-1", "class-1")
    house.now += 10
    later = dataclasses.replace(VIEW, id="id-9", expires_at=int(house.now) + 55)
    assert house.reads(sign(SECRET, VIEW)) == "403 grant.revoked"
    assert house.reads(sign(SECRET, later)) == "welcome"


def test_a_grant_that_goes_on_from_one_of_before_the_revocation_is_dead_as_long_as_it_could_be_made() -> None:
    house = House()
    house.gate.revoke("session-1")
    for after_s in (10, 300, 600, 960):
        house.now = NOW + after_s
        house.gate.revoke(f"other-{after_s}")
        on = dataclasses.replace(VIEW, id=f"id-{after_s}", expires_at=int(house.now) + 55, since=int(NOW) - 1)
        assert house.reads(sign(SECRET, on)) == "403 grant.revoked"


async def test_an_encoder_key_is_leave_when_the_server_says_so() -> None:
    house = House(Keys({"jt_enc_good": "key-1"}))
    leave = await house.gate.publisher("class-1", "jt_enc_good")
    assert (leave.source, leave.session, leave.id) == ("encoder", "key-1", None)


@pytest.mark.parametrize(
    ("keys", "token", "expected"),
    [
        (Keys({}), "jt_enc_bad", (401, "grant.malformed")),
        (Keys({}, away=True), "jt_enc_bad", (503, "media.server_away")),
    ],
)
async def test_an_encoder_key_that_doesnt_hold_is_refused(keys: Keys, token: str, expected: tuple[int, str]) -> None:
    with pytest.raises(Refused) as caught:
        await House(keys).gate.publisher("class-1", token)
    assert (caught.value.status, caught.value.code) == expected


async def test_a_revoked_encoder_key_is_refused_while_the_servers_answer_is_still_kept() -> None:
    house = House(Keys({"jt_enc_good": "key-1"}))
    house.gate.revoke("key-1")
    with pytest.raises(Refused) as caught:
        await house.gate.publisher("class-1", "jt_enc_good")
    assert caught.value.code == "grant.revoked"
