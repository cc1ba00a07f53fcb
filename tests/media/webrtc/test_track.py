"""The check at the start finds out a WebRTC library whose inside is another one."""

import pytest

from media.webrtc import track


async def test_the_installed_library_is_the_one_we_know() -> None:
    await track.check()


async def test_another_version_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track, "AIORTC", "1.15.")
    with pytest.raises(RuntimeError, match=r"aiortc 1\.15\.\*"):
        await track.check()


@pytest.mark.parametrize("name", ["_BUFFER", "_NACK"])
async def test_a_renamed_inside_is_found_out(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(track, name, "_RTCRtpReceiver__elsewhere")
    with pytest.raises(RuntimeError, match=r"packet out of aiortc|no attribute"):
        await track.check()
