"""Settings of the media process, and the secret it shares with the server."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from media.config import MediaSettings


def test_packets_are_taken_on_the_address_served_on_unless_told_otherwise() -> None:
    assert MediaSettings(host="10.0.0.5").ice_addresses == ("10.0.0.5",)
    assert MediaSettings(host="10.0.0.5", ice_hosts=("127.0.0.1",)).ice_addresses == ("127.0.0.1",)


def test_the_environment_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANGTANG_DATA", "/srv/academy")
    monkeypatch.setenv("JIANGTANG_MEDIA_ICE_HOSTS", "127.0.0.1, ::1")
    monkeypatch.setenv("JIANGTANG_MEDIA_PORT", "9999")
    settings = MediaSettings()
    assert (settings.data, settings.ice_hosts, settings.port) == (Path("/srv/academy"), ("127.0.0.1", "::1"), 9999)


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANGTANG_DATA", "/srv/academy")
    assert MediaSettings(data=Path("here")).data == Path("here")


@pytest.mark.parametrize("given", [{"ice_hosts": "somewhere.example"}, {"port": 70_000}, {"max_publishers": 0}])
def test_settings_that_dont_hold_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MediaSettings(**given)  # type: ignore[arg-type]


def test_the_secret_is_made_once_and_for_our_eyes_only(tmp_path: Path) -> None:
    first = MediaSettings(data=tmp_path).secret_key()
    assert len(first) == 32
    assert MediaSettings(data=tmp_path).secret_key() == first
    path = tmp_path / "keys" / "media.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["media.key"]


def test_two_that_start_together_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        secrets = set(threads.map(lambda _: MediaSettings(data=tmp_path).secret_key(), range(32)))
    assert len(secrets) == 1


def test_a_given_secret_needs_no_file(tmp_path: Path) -> None:
    assert MediaSettings(data=tmp_path, secret="ab" * 32).secret_key() == b"\xab" * 32
    assert not (tmp_path / "keys").exists()


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        MediaSettings(secret="abcd").secret_key()
