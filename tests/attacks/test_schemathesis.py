"""The document held against the server by a machine that tries everything: no 5xx, no undocumented answer."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from server.app import NOUNS
from server.attendance.running import attach
from server.base.office import Office
from tests.server.powers.world import a_world
from tests.visits import a_house

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
LEFT_OUT = ["/api/v1/session", "/api/v1/me/devices/{session_id}", "/api/v1/me/password", "/api/v1/people/{person_id}/"]
"""Addresses that would end the very session that asks, or stop its person."""
NOT_JSON = ["/api/v1/classes/{class_id}/prepared", "/api/v1/pictures"]
"""Uploads."""


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["academy_admin", "learner"])
async def test_no_input_makes_a_5xx_or_an_answer_that_is_not_documented(
    office: Office, role: str, tmp_path: Path
) -> None:
    world = await a_world(office)
    asker = next(person for name, person in world.askers.items() if name.value == role)
    async with a_house(office, NOUNS, attach) as house:
        browser = await house.browser_of(asker)
        said = await _run(str(house.server.make_url("/")), browser.cookie or "", browser.csrf, tmp_path)
        assert not said, said


async def _run(url: str, cookie: str, csrf: str, folder: Path) -> str:
    """What the machine found wrong; empty when nothing."""
    left_out = "|".join(map(re.escape, [*LEFT_OUT, *NOT_JSON]))
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}api/openapi.json", "--checks", CHECKS,
        "-H", f"Cookie: session={cookie}", "-H", f"X-CSRF-Token: {csrf}", "--max-examples", "4", "--workers", "1",
        "--phases", "coverage,fuzzing", "--generation-deterministic", "--no-shrink", "--max-time", "45",
        "--continue-on-failure", "--warnings", "off", "--exclude-path-regex", f"^({left_out})",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=folder
    )
    out, _ = await process.communicate()
    if process.returncode == 0:
        return ""
    lines = [line[:300] for line in out.decode(errors="replace").splitlines()]  # addresses can be very long
    return "\n".join(lines)[-8000:]
