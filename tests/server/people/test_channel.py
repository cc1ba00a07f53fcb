"""The message channel of the demo: a file for the operator, a masked line in the log."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from server.people.channel import Outbox

ID = UUID(int=7)


async def test_a_message_is_kept_for_the_operator_alone(tmp_path: Path) -> None:
    await Outbox(tmp_path / "outbox").send(ID, "X1001", "王芳", "验证码 12345678")
    path = tmp_path / "outbox" / f"{ID}.json"
    assert json.loads(path.read_text()) == {"to": "X1001", "name": "王芳", "text": "验证码 12345678"}
    assert path.stat().st_mode & 0o077 == 0


async def test_the_same_message_again_is_one_message(tmp_path: Path) -> None:
    for _ in range(2):
        await Outbox(tmp_path).send(ID, "X1001", "王芳", "验证码 12345678")
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("secret", ["12345678", "X1001", "王芳"])
async def test_the_log_tells_neither_code_nor_person(tmp_path: Path, secret: str) -> None:
    with capture_logs() as lines:
        await Outbox(tmp_path).send(ID, "X1001", "王芳", "验证码 12345678")
    assert lines
    assert secret not in str(lines)
