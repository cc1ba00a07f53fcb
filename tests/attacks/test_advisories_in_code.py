"""Advisories of reliability §5 that are answered by how the code is written: what it reads, bounds and declares."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import sqlalchemy as sa
from annotated_types import MaxLen

from server.app import NOUNS
from server.base.api import Body, Routes
from server.base.db import metadata

ROOT = Path(__file__).parents[2]


def test_cve_2026_27466_side_services_listen_to_this_machine_alone() -> None:
    """BigBlueButton: the recipe for a virus scanner opened its port to all. Here only nginx listens to others."""
    deploy = ROOT / "deploy"
    compose = (deploy / "compose.yaml").read_text("utf-8")
    assert "ports:" not in compose  # on the network of the machine; each says where it listens
    assert "--bind, 127.0.0.1" in compose
    listens = re.findall(r"^\s*listen\s+([^\s;]+)", (deploy / "nginx.conf").read_text("utf-8"), re.M)
    assert {each for each in listens if not each.startswith("127.0.0.1:")} == {"80", "443"}
    for path in deploy.rglob("*"):
        if path.is_file():
            assert not re.search(r"0\.0\.0\.0|\[::\]|listen_addresses=\*", path.read_text("utf-8")), path


def test_cve_2020_27611_no_host_outside_is_named_by_default() -> None:
    """BigBlueButton: third-party STUN and TURN by default. Here every default is this machine."""
    strange = re.compile(
        r"(?:stuns?|turns?):[a-z0-9]|https?://(?!127\.0\.0\.1|localhost|\{|www\.w3\.org|www\.webrtc\.org/experiments)[a-z0-9.-]+\.[a-z]"
    )
    for path, tree in sources().items():
        for text in _strings(tree):
            assert not strange.search(text), (path, text)


def test_cve_2025_69228_no_handler_reads_a_form() -> None:
    """aiohttp: `request.post()` held all of a form in memory. Here one route reads parts and counts them meanwhile."""
    readers = {
        (path.name, node.attr)
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"post", "multipart"}
        if isinstance(node.value, ast.Name) and node.value.id == "request"
    }
    assert readers == {("pictures.py", "multipart")}


FORBIDDEN = {"pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle"}


def test_cve_2020_13144_no_code_comes_from_data() -> None:
    """Open edX ran authors' Python, Moodle formulas and pickled backups. Here nothing turns data into code."""
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert not {each.name.split(".")[0] for each in node.names} & FORBIDDEN, path
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in FORBIDDEN, path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__"}, path


CLIENTS = {"media/app.py", "server/base/forward.py", "server/serve.py"}


def test_cve_2026_42858_and_42860_who_speaks_to_the_outside_is_known() -> None:
    """Open edX fetched addresses that others named, by two ways. Here three files make a client, for media alone."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if re.search(r"ClientSession\(|urlopen|requests\.|httpx\.", path.read_text("utf-8"))
    }
    assert found == CLIENTS


def _bodies() -> Iterator[type[Body]]:
    for noun in NOUNS:
        for route in noun.routes:
            for shape in (route.body_type, route.query):
                if inspect.isclass(shape) and issubclass(shape, Body):
                    yield from _nested(shape)


def _nested(shape: type[Body]) -> Iterator[type[Body]]:
    yield shape
    for field in shape.model_fields.values():
        for each in (field.annotation, *get_args(field.annotation)):
            if inspect.isclass(each) and issubclass(each, Body) and each is not shape:
                yield from _nested(each)


SHAPES = {f"{each.__module__}.{each.__name__}": each for each in _bodies()}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_cve_2026_23963_every_text_that_is_taken_has_a_limit(shape: type[Body]) -> None:
    """Mastodon: names of lists and filters had none. Here the shape has one, and the column."""
    for name, field in shape.model_fields.items():
        if str not in _kinds(field.annotation):
            continue
        limited = any(isinstance(each, MaxLen) or getattr(each, "pattern", None) for each in _limits(field))
        assert limited, (shape.__name__, name)


def _kinds(annotation: Any) -> set[Any]:
    """What an annotation is made of: of `Annotated[str, …] | None` the text, too."""
    inner = [each for each in get_args(annotation) if get_origin(annotation) is not Literal]
    return {annotation}.union(*(_kinds(each) for each in inner if not isinstance(each, str)))


def _limits(field: Any) -> list[Any]:
    """What bounds a field, of the field itself or of a text within an optional one."""
    found = list(field.metadata)
    for each in get_args(field.annotation):
        for more in getattr(each, "__metadata__", ()):
            found += getattr(more, "metadata", [more])
    return found


def test_cve_2026_23963_every_column_of_text_has_a_limit() -> None:
    """The database refuses, too, what is longer, other than the texts that a shape bounds and JSON."""
    free = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Text) and column.type.length is None
    ]
    assert free == []


def test_cve_2026_28219_no_shape_takes_a_field_that_it_does_not_name() -> None:
    """Discourse: one parameter more raised the own topic to a banner. Here shapes forbid what they do not name."""
    assert [each.__name__ for each in _bodies() if each.model_config.get("extra") != "forbid"] == []


def test_cve_2026_44208_a_route_without_a_declared_power_does_not_start() -> None:
    """Frappe: a discussion could be read without signing in. Here nobody forgets to say who may."""

    async def handler(ask: Any) -> None: ...

    with pytest.raises(TypeError, match="without a declared power"):
        Routes("x").get("/api/v1/x")(handler)


@cache
def sources() -> dict[Path, ast.Module]:
    """Every file of the server and of media."""
    paths = [*(ROOT / "server").rglob("*.py"), *(ROOT / "media").rglob("*.py")]
    return {path: ast.parse(path.read_text("utf-8")) for path in paths}


def _strings(tree: ast.Module) -> Iterator[str]:
    """The texts of a file that are no docstrings."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value
