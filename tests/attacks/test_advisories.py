"""What went wrong elsewhere and why it does not here: one test for each advisory of reliability §5.

Where the case is proved by another test, `ELSEWHERE` names it; `NOT_HERE` says of what we do not have. Those that are
answered by how the code is written stand in `test_advisories_in_code.py`.
"""

import asyncio
import random
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
import pytest_asyncio

from media.grants import GrantError, verify
from media.orders import Orders
from server.app import NOUNS
from server.attendance.running import attach
from server.base.api import PUBLIC
from server.base.config import Settings
from server.base.db import Database
from server.base.files import local_files
from server.base.office import Office
from server.base.services import Services
from server.base.work import SYSTEM
from server.people import roster
from server.rules.policy import Policies
from server.rules.powers import Role
from tests.clock import TestClock
from tests.server.powers.world import World, a_world
from tests.visits import Browser, House, a_house

ROOT = Path(__file__).parents[2]
IN_MODULE = pytest.mark.asyncio(loop_scope="module")

ELSEWHERE = {
    "CVE-2025-62175 Mastodon": "tests/attacks/test_out_everywhere.py:test_who_is_put_out_of_a_class_is_out_of_it",
    "DTLS ClientHello race": "tests/media/webrtc/test_peer.py:test_forged_datagrams_from_another_socket_dont_end",
    "CVE-2025-62399 Moodle": "tests/server/people/test_password.py:test_guessing_codes_is_counted_like_guessing",
    "CVE-2025-3644, -3647 Moodle": "tests/server/powers/test_matrix.py:test_a_list_shows_exactly_what_may_be_seen",
    "CVE-2026-26744 Forma": "tests/server/people/test_password.py:test_asking_tells_nobody_who_exists",
    "CVE-2025-48375 Schule": "tests/server/people/test_password.py:test_three_codes_an_hour_are_enough",
    "CVE-2022-0508, -0133 PeerTube": "tests/media/test_app.py:test_nobody_reads_without_leave",
    "CVE-2017-9993 HLS in AVI": "tests/media/test_ffmpeg.py:test_what_is_no_video_is_refused_and_leaves_nothing",
}
"""By the beginning of the test's name."""

NOT_HERE = {
    "CVE-2026-41127 BBB": "no captions",
    "CVE-2020-26262, CVE-2026-27624 coturn": "no TURN: the media process is the only peer and relays nothing",
    "CVE-2024-43437, CVE-2026-26045, CVE-2023-28330 Moodle": "no import of courses; restore is the operator's command",
    "CVE-2025-67856, CVE-2024-43431 Moodle": "no certificates yet",
    "CVE-2024-43425 Moodle": "no formulas",
    "CVE-2023-23611 Open edX": "no LTI",
    "CVE-2026-24673 eClass, CVE-2026-8209 Gibbon": "no archives are unpacked",
    "CVE-2026-8461 FFmpeg": "a question of the installed version: `dependencies.md`",
}


@dataclass(slots=True)
class Scene:
    """The whole application with one of everything."""

    house: House
    world: World

    async def browser(self, role: Role) -> Browser:
        return await self.house.browser_of(self.world.askers[role])

    def ids(self, place: str = "own") -> dict[str, str]:
        return self.world.ids(place)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """One world for all: nothing that is refused changes it."""
    folder = tmp_path_factory.mktemp("advisories")
    shutil.copy(migrated_file, folder / "db.sqlite3")
    db = Database(f"sqlite:///{folder / 'db.sqlite3'}")
    web = folder / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<!doctype html><title>x</title>")
    (folder / "secret.txt").write_text("SECRET")
    async with aiohttp.ClientSession() as http:
        secret = bytes(range(32))
        orders = Orders("http://127.0.0.1:9", secret, http, lambda: 0.0)
        settings = Settings(data=folder, web=web)
        services = Services(settings, Policies.shipped(), secret, bytes(32), orders, local_files(folder, bytes(32)))
        office = Office(db, services, clock=TestClock(), chance=random.Random(7))
        async with a_house(office, NOUNS, attach) as house:
            yield Scene(house, await a_world(office))
    await db.close()


@pytest.mark.parametrize("where", ELSEWHERE.values(), ids=ELSEWHERE)
def test_the_test_that_is_named_exists(where: str) -> None:
    path, name = where.split(":")
    assert f"def {name}" in (ROOT / path).read_text("utf-8")


@IN_MODULE
async def test_cve_2022_41960_a_wrong_token_with_anothers_queue_throws_nobody_out(scene: Scene) -> None:
    """BigBlueButton: bad token and the victim's id ended the victim's session. Here the sign-in says who it is."""
    victim, villain = await scene.browser(Role.LEARNER), await scene.browser(Role.MODERATOR)
    theirs, own = await victim.socket(), await villain.socket()
    queue = (await theirs.receive_json())["data"]["queue"]
    await own.receive_json()
    await own.send_json({"v": 1, "type": "socket.resume", "id": "r", "data": {"queue": queue, "last_event": 0}})
    assert (await own.receive_json())["data"]["code"] == "queue.gone"
    forged = scene.house.browser(Cookie=f"session={'x' * 43}")
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await forged.client.ws_connect("/socket", headers=forged.headers)
    await theirs.send_json({"v": 1, "type": "ping", "id": "still", "data": {}})
    assert (await theirs.receive_json())["id"] == "still"
    await asyncio.gather(theirs.close(), own.close())


@IN_MODULE
async def test_cve_2022_41962_nobody_acts_in_anothers_name(scene: Scene) -> None:
    """BigBlueButton: a moderator set the emoji of others. Here no message has a field for whose it is."""
    moderator = await scene.browser(Role.MODERATOR)
    socket = await moderator.socket()
    await socket.receive_json()
    ids = scene.ids()
    data = {"place": {"kind": "class", "id": ids["class_id"]}, "text": "大家好", "draft": str(uuid4())}
    for name in ("author", "account", "person"):
        sent = data | {name: ids["person_id"]}
        await socket.send_json({"v": 1, "type": "post.write", "id": name, "data": sent})
        while (told := await socket.receive_json(timeout=5)).get("id") != name:
            pass
        assert told["data"]["code"] == "field.unknown"
    await socket.close()


@IN_MODULE
@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "/https:evil.example", "/%2f%2fevil.example"])
async def test_cve_2026_41126_and_27736_no_address_leads_to_another_host(scene: Scene, path: str) -> None:
    """BigBlueButton: logoutURL and errorRedirectUrl led anywhere. Here no answer says where to go."""
    for query in ("", "?next=//evil.example", "?logoutURL=https://evil.example", "?errorRedirectUrl=//evil.example"):
        answer = await _raw(scene, f"GET {path}{query} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        head = answer.split(b"\r\n\r\n")[0].lower()
        assert b"location:" not in head, head
        assert b"evil.example" not in head


@IN_MODULE
async def test_cve_2025_69228_and_2026_34517_no_body_passes_the_limit_whatever_its_wrapping(scene: Scene) -> None:
    """aiohttp: parts, headers and trailers past client_max_size. Here a body is read by its own counting reader."""
    big = [b'{"account":"' + b"a" * 70_000, *[b"a" * 70_000] * 6, b'","password":"x"}']
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in big) + b"0\r\n\r\n"
    asked = "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: "
    head = f"{asked}application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert (await _raw(scene, head, chunks)).split()[1] == b"413"
    parts = f"{asked}multipart/form-data; boundary=b\r\nContent-Length: 4\r\n\r\n"
    assert (await _raw(scene, parts, b"--b\r")).split()[1] == b"415"
    many = (
        "GET /api/v1/portal HTTP/1.1\r\nHost: x\r\n" + "".join(f"X-{n}: {'a' * 500}\r\n" for n in range(300)) + "\r\n"
    )
    assert (await _raw(scene, many)).split()[1] in {b"400", b"431"}


@IN_MODULE
async def test_cve_2025_69226_nothing_tells_which_files_exist(scene: Scene) -> None:
    """aiohttp: a static route answered 403 or 404. Here only files of the built pages are known, by their list."""
    for spelt in ("../../", "..%2f..%2f", "%2e%2e/%2e%2e/", "..%5c..%5c"):
        there, nowhere = [await _told(scene, f"/assets/{spelt}{name}.txt") for name in ("secret", "absent")]
        assert b"SECRET" not in there
        assert there == nowhere.replace(b"absent", b"secret"), spelt


@IN_MODULE
@pytest.mark.parametrize("place", ["sibling", "other"])
async def test_cve_2026_26973_and_32615_a_moderator_reaches_only_the_own_part(scene: Scene, place: str) -> None:
    """Discourse: who moderates one part could act on any item. Here what lies elsewhere does not exist for them."""
    moderator = await scene.browser(Role.MODERATOR)
    there, nowhere = scene.ids(place)["post_id"], str(uuid4())
    body = {"version": 1, "action": "approve"}
    for act, sent in (("claim", None), ("release", None), ("decision", body)):
        told = [await moderator.post(f"/desk/items/{id}/{act}", sent) for id in (there, nowhere)]
        assert [each.status for each in told] == [404, 404], (act, told[0].body)
        assert told[0].raw == told[1].raw


@IN_MODULE
@pytest.mark.parametrize(
    "host", ["attacker-{host}", "{host}.evil.example", "evil.example", "{host}@evil.example", "null"]
)
async def test_cve_2026_33393_another_host_is_foreign_however_it_looks(scene: Scene, host: str) -> None:
    """Discourse allowed hosts by how their name ends. Here the whole origin has to be ours."""
    learner = await scene.browser(Role.LEARNER)
    own = f"127.0.0.1:{scene.house.server.port}"
    origin = "null" if host == "null" else f"http://{host.format(host=own)}"
    answer = await learner.post("/me/notices/read", {"until": "2026-09-15T01:00:00Z"}, headers={"Origin": origin})
    assert (answer.status, answer.code) == (403, "origin.foreign")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await learner.client.ws_connect("/socket", headers={"Origin": origin})
    assert refused.value.status == 403


@IN_MODULE
async def test_cve_2022_21706_leave_for_one_purpose_is_none_for_another(scene: Scene) -> None:
    """Zulip: an invitation of one organisation let into another. Here a grant names purpose, stream and sign-in."""
    learner, ids = await scene.browser(Role.LEARNER), scene.ids()
    leave = (await learner.post(f"/classes/{ids['class_id']}/viewing", {})).body["grant"]
    secret, now = scene.house.office.services.media_secret, scene.house.office.clock.now().timestamp()
    assert verify(secret, leave, "view", ids["class_id"], now).purpose == "view"
    for purpose, stream in (
        ("publish", ids["class_id"]),
        ("encode", ids["class_id"]),
        ("view", scene.ids("other")["class_id"]),
    ):
        with pytest.raises(GrantError):
            verify(secret, leave, purpose, stream, now)  # type: ignore[arg-type]


ANSWERED = 35
"""Of so many addresses at least an administrator sees something, so that what is looked at is more than refusals."""


BY_ONESELF = {"/api/v1/forum/pictures/{picture_id}": "private, no-cache"}
"""What one's own browser alone may keep, and asks each time whether it may still show it."""


@IN_MODULE
async def test_the_caching_incident_of_2021_no_answer_about_somebody_may_be_kept(scene: Scene) -> None:
    """Zulip: a cache showed pages of others. Here no answer but the built pages may be kept by anybody between."""
    admin, ids, answered = await scene.browser(Role.ACADEMY_ADMIN), scene.ids(), set()
    for route in (route for noun in NOUNS for route in noun.routes if route.method == "GET"):
        answer = await admin.get(route.path.format(**ids))
        kept = answer.headers["Cache-Control"]
        right = "no-store" in kept or kept == BY_ONESELF.get(route.path) or route.power is PUBLIC
        assert right, (route.path, kept)
        if answer.status == 200:
            answered.add(route.path)
    assert len(answered) >= ANSWERED, sorted(answered)


@IN_MODULE
async def test_cve_2016_4427_who_is_stopped_comes_in_by_no_door(scene: Scene) -> None:
    """Zulip: deactivated users came in by single sign-on. Here the state is asked after every way of signing in."""
    town = scene.world.town
    person = await town.a_learner()
    browser = await scene.house.browser_of(person)
    await town.office.do(SYSTEM, roster.stop, person.id, roster.Reason.RESIGNED)
    assert (await browser.get("/me/home")).status == 401
    fresh = scene.house.browser()
    assert (await fresh.sign_in(person.staff_number)).code == "sign_in.left"
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await browser.socket()


@IN_MODULE
async def test_cve_2026_31879_visitors_read_only_what_is_declared_public(scene: Scene) -> None:
    """Frappe: what had no door was open. Here every address that is not declared public asks who it is."""
    visitor, ids = scene.house.browser(), scene.ids()
    open_ = {f"{r.method} {r.path}" for noun in NOUNS for r in noun.routes if r.power is PUBLIC}
    for route in (route for noun in NOUNS for route in noun.routes if route.method not in {"MESSAGE", "TOPIC"}):
        if f"{route.method} {route.path}" not in open_:
            answer = await visitor.ask(route.method, route.path.format(**ids))
            assert answer.status == 401, (route.method, route.path, answer.status)


async def _told(scene: Scene, path: str) -> bytes:
    """Status and body of the answer to an address as it is spelt, without what every answer has of its own."""
    answer = await _raw(scene, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.split()[1] + b" " + re.sub(rb'"(request_id|instance)": ?"[^"]*"', b"", body)


async def _raw(scene: Scene, head: str, body: bytes = b"") -> bytes:
    """The whole answer to bytes as they are."""
    reader, writer = await asyncio.open_connection("127.0.0.1", scene.house.server.port)
    writer.write(head.encode() + body)
    found = b""
    try:
        with suppress(ConnectionError):
            while piece := await asyncio.wait_for(reader.read(65_536), 10):
                found += piece
                if "Connection: close" not in head:
                    break
        return found
    finally:
        writer.close()
