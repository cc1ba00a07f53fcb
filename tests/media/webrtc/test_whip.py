"""WHIP over HTTP: every status that RFC 9725 and our grants know, by a real process on loopback."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.media.academy import CLASS, Academy, academy
from tests.media.lecturer import Lecturer
from tests.media.waiting import until

OFFER = (Path(__file__).parent / "chromium_offer.sdp").read_bytes().decode()
SDP = {"Content-Type": "application/sdp"}
FRAGMENT = "a=ice-ufrag:hvBz\r\na=ice-pwd:5B4PZzHa6CdUL4Vl2m0FPOcu\r\na=candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\n"


@pytest.fixture
async def house(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Academy]:
    async with academy(tmp_path, **getattr(request, "param", {})) as running:
        yield running


async def refusal(response: aiohttp.ClientResponse) -> tuple[int, str]:
    assert response.content_type == "application/problem+json"
    body = await response.json()
    assert body["status"] == response.status
    return response.status, body["code"]


async def test_an_offer_is_answered_with_a_session(house: Academy) -> None:
    response = await house.post(OFFER, house.grant())
    assert response.status == 201
    assert response.content_type == "application/sdp"
    assert response.headers["Location"].startswith(f"/media/whip/{CLASS}/")
    assert response.headers["ETag"].strip('"')
    assert response.headers["Accept-Patch"] == "application/trickle-ice-sdpfrag"
    answer = await response.text()
    video = answer[answer.index("m=video") :]
    assert video.splitlines()[0].endswith(" UDP/TLS/RTP/SAVPF 102 103")
    assert "a=rtpmap:102 H264/90000" in video
    assert "x-google-start-bitrate=2000;x-google-min-bitrate=600;x-google-max-bitrate=3000" in video
    assert "a=recvonly" in video
    assert "VP8" not in answer


async def test_only_the_addresses_we_are_told_are_offered(house: Academy) -> None:
    answer = await (await house.post(OFFER, house.grant())).text()
    candidates = [line.split()[4] for line in answer.splitlines() if line.startswith("a=candidate")]
    assert set(candidates) == {"127.0.0.1"}


async def test_options_tell_what_may_be_posted(house: Academy) -> None:
    response = await house.http.options(house.whip())
    assert (response.status, response.headers["Accept-Post"]) == (204, "application/sdp")
    response = await house.http.options(house.whip() + "/some-session")
    assert response.headers["Accept-Patch"] == "application/trickle-ice-sdpfrag"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
async def test_other_methods_on_the_endpoint_are_not_allowed(house: Academy, method: str) -> None:
    response = await house.http.request(method, house.whip())
    assert response.status == 405
    assert response.headers["Allow"] == "OPTIONS,POST"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST"])
async def test_other_methods_on_a_session_are_not_allowed(house: Academy, method: str) -> None:
    response = await house.http.request(method, house.whip() + "/some-session")
    assert response.status == 405
    assert response.headers["Allow"] == "DELETE,OPTIONS,PATCH"


async def test_no_grant_is_unauthorized(house: Academy) -> None:
    response = await house.http.post(house.whip(), data=OFFER, headers=SDP)
    assert await refusal(response) == (401, "grant.missing")
    assert "Bearer" in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        ({"life_s": -60}, (401, "grant.expired")),
        ({"stream": "another-class"}, (403, "grant.wrong_stream")),
        ({"stream": f"{CLASS}.rehearsal"}, (403, "grant.wrong_stream")),
        ({"purpose": "view"}, (403, "grant.wrong_purpose")),
    ],
)
async def test_a_grant_that_doesnt_hold_is_refused(
    house: Academy, grant: dict[str, object], expected: tuple[int, str]
) -> None:
    assert await refusal(await house.post(OFFER, house.grant(**grant))) == expected  # type: ignore[arg-type]


async def test_a_forged_grant_is_unauthorized(house: Academy) -> None:
    assert await refusal(await house.post(OFFER, house.grant()[:-4] + "AAAA")) == (401, "grant.malformed")


async def test_a_grant_opens_once(house: Academy) -> None:
    grant = house.grant()
    assert (await house.post(OFFER, grant)).status == 201
    assert await refusal(await house.post(OFFER, grant)) == (403, "grant.spent")


async def test_two_at_the_same_moment_spend_a_grant_once(house: Academy) -> None:
    grant = house.grant()
    answers = await asyncio.gather(*(house.post(OFFER, grant) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [201, 403, 403, 403, 403]


async def test_a_refused_offer_doesnt_spend_the_grant(house: Academy) -> None:
    grant = house.grant()
    assert await refusal(await house.post("nonsense", grant)) == (400, "media.bad_sdp")
    assert (await house.post(OFFER, grant)).status == 201


async def test_a_grant_of_a_revoked_session_is_dead(house: Academy) -> None:
    grant = house.grant(session="gone")
    await house.orders.revoke_session("gone")
    assert await refusal(await house.post(OFFER, grant)) == (403, "grant.revoked")


async def test_an_offer_without_h264_says_so_in_words_of_the_studio(house: Academy) -> None:
    offer = OFFER.replace("H264/90000", "AV2/90000")
    assert await refusal(await house.post(offer, house.grant())) == (406, "media.no_h264")


async def test_two_pictures_are_unprocessable(house: Academy) -> None:
    video = OFFER[OFFER.index("m=video") :].replace("a=mid:1", "a=mid:2")
    assert await refusal(await house.post(OFFER + video, house.grant())) == (422, "media.unsupported_offer")


async def test_another_content_type_is_unsupported(house: Academy) -> None:
    headers = {"Authorization": f"Bearer {house.grant()}", "Content-Type": "application/json"}
    response = await house.http.post(house.whip(), data=OFFER, headers=headers)
    assert await refusal(response) == (415, "media.content_type")
    assert response.headers["Accept-Post"] == "application/sdp"


@pytest.mark.parametrize(("accept", "status"), [("application/json", 406), ("application/sdp;q=0.5, text/html", 201)])
async def test_accept_is_heeded(house: Academy, accept: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {house.grant()}", "Accept": accept} | SDP
    assert (await house.http.post(house.whip(), data=OFFER, headers=headers)).status == status


@pytest.mark.parametrize("size", [65_537, 5 * 1024 * 1024])
async def test_a_large_offer_is_too_large(house: Academy, size: int) -> None:
    assert await refusal(await house.post("v=0\r\n" + "a" * size, house.grant())) == (413, "media.too_large")


async def test_an_offer_that_isnt_text_is_a_bad_request(house: Academy) -> None:
    headers = {"Authorization": f"Bearer {house.grant()}"} | SDP
    response = await house.http.post(house.whip(), data=b"v=0\r\n\xff\xfe", headers=headers)
    assert await refusal(response) == (400, "media.bad_sdp")


@pytest.mark.parametrize("stream", ["..", "%2e%2e", "a%2fb", "x" * 100, "sealed", "名"])
async def test_a_stream_of_an_impossible_name_isnt_there(house: Academy, stream: str) -> None:
    response = await house.http.post(f"{house.url}/media/whip/{stream}", data=OFFER, headers=SDP)
    assert response.status in (401, 404)


@pytest.mark.parametrize("house", [{"max_publishers": 1}], indirect=True)
async def test_when_no_more_can_be_taken_the_publisher_is_told_to_wait(house: Academy) -> None:
    assert (await house.post(OFFER, house.grant())).status == 201
    response = await house.post(OFFER, house.grant())
    assert await refusal(response) == (503, "media.full")
    assert response.headers["Retry-After"]


async def patch(house: Academy, path: str, token: str, body: str = FRAGMENT, **headers: str) -> aiohttp.ClientResponse:
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/trickle-ice-sdpfrag"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await house.http.patch(house.url + path, data=body.encode(), headers=given)


async def begun(house: Academy) -> tuple[str, str, str]:
    """Path, token and entity tag of a session."""
    token = house.grant()
    response = await house.post(OFFER, token)
    return response.headers["Location"], token, response.headers["ETag"]


async def test_candidates_are_trickled_with_the_entity_tag(house: Academy) -> None:
    path, token, etag = await begun(house)
    assert (await patch(house, path, token, If_Match=etag)).status == 204


async def test_a_patch_names_the_ice_session_it_means(house: Academy) -> None:
    path, token, etag = await begun(house)
    assert await refusal(await patch(house, path, token)) == (428, "media.etag_missing")
    assert await refusal(await patch(house, path, token, If_Match='"other"')) == (412, "media.etag_stale")
    assert await refusal(await patch(house, path, token, If_Match="*")) == (422, "media.no_ice_restart")
    restarted = FRAGMENT.replace("hvBz", "abcd")
    assert await refusal(await patch(house, path, token, restarted, If_Match=etag)) == (422, "media.no_ice_restart")


async def test_a_malformed_patch_is_refused(house: Academy) -> None:
    path, token, etag = await begun(house)
    assert await refusal(await patch(house, path, token, "x", If_Match=etag)) == (400, "media.bad_sdp")
    response = await patch(house, path, token, If_Match=etag, Content_Type="application/sdp")
    assert await refusal(response) == (415, "media.content_type")
    assert await refusal(await patch(house, path, token, "a" * 70_000, If_Match=etag)) == (413, "media.too_large")


async def test_a_session_is_its_own_publishers(house: Academy) -> None:
    path, token, etag = await begun(house)
    other = house.grant(session="s2")
    assert await refusal(await patch(house, path, other, If_Match=etag)) == (403, "grant.wrong_session")
    assert (await house.http.delete(house.url + path)).status == 401
    response = await house.http.delete(house.url + path, headers={"Authorization": f"Bearer {other}"})
    assert await refusal(response) == (403, "grant.wrong_session")
    elsewhere = path.replace(CLASS, "another-class")
    response = await house.http.delete(house.url + elsewhere, headers={"Authorization": f"Bearer {token}"})
    assert await refusal(response) == (404, "media.unknown_session")


async def test_a_deleted_session_is_gone(house: Academy) -> None:
    path, token, etag = await begun(house)
    headers = {"Authorization": f"Bearer {token}"}
    assert (await house.http.delete(house.url + path, headers=headers)).status == 200
    assert await refusal(await house.http.delete(house.url + path, headers=headers)) == (404, "media.unknown_session")
    assert await refusal(await patch(house, path, token, If_Match=etag)) == (404, "media.unknown_session")


async def test_deleting_ends_the_publishing(house: Academy) -> None:
    lecturer, token = Lecturer(), house.grant()
    session = await house.publish(lecturer, token)
    await house.http.delete(session, headers={"Authorization": f"Bearer {token}"})
    await until(lambda: [e.data["reason"] for e in house.server.named("publisher_lost")] == ["closed"])
    await until(lambda: lecturer.pc.connectionState == "closed")
    await lecturer.close()


async def test_an_encoder_key_publishes_again_and_again(house: Academy) -> None:
    key = house.encoder_key()
    assert (await house.post(OFFER, key)).status == 201
    assert (await house.post(OFFER, key)).status == 201
    assert house.server.asked == 1


async def test_an_encoder_key_is_for_its_class_alone(house: Academy) -> None:
    key = house.encoder_key(stream="another-class")
    assert await refusal(await house.post(OFFER, key)) == (401, "grant.malformed")


async def test_an_encoder_waits_while_somebody_else_is_sending(house: Academy) -> None:
    lecturer = Lecturer()
    await house.publish(lecturer)
    assert await refusal(await house.post(OFFER, house.encoder_key())) == (409, "media.occupied")
    await lecturer.close()


@pytest.mark.parametrize("house", [{"server": "http://127.0.0.1:9"}], indirect=True)
async def test_a_key_that_cant_be_checked_now_is_to_be_tried_again(house: Academy) -> None:
    response = await house.post(OFFER, "jt_enc_whatever")
    assert await refusal(response) == (503, "media.server_away")
    assert response.headers["Retry-After"]


async def test_a_revoked_key_lets_its_encoder_go(house: Academy) -> None:
    lecturer = Lecturer()
    await house.publish(lecturer, house.encoder_key(name="key-7"))
    await house.orders.revoke_session("key-7")
    await until(lambda: [e.data["reason"] for e in house.server.named("publisher_lost")] == ["revoked"], within_s=5)
    await lecturer.close()


async def test_who_is_answered_but_never_comes_is_forgotten(house: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.webrtc.peer.CONNECT_WITHIN_S", 0.2)
    path, token, etag = await begun(house)
    await asyncio.sleep(0.4)
    assert await refusal(await patch(house, path, token, If_Match=etag)) == (404, "media.unknown_session")
    assert house.server.events == []


async def test_a_body_that_comes_too_slowly_is_not_waited_for(house: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.webrtc.routes._BODY_WITHIN_S", 0.2)

    async def drops() -> AsyncIterator[bytes]:
        yield b"v=0\r\n"
        await asyncio.sleep(1)
        yield b"o=-\r\n"

    headers = {"Authorization": f"Bearer {house.grant()}"} | SDP
    response = await house.http.post(house.whip(), data=drops(), headers=headers)
    assert await refusal(response) == (408, "media.slow_body")
