"""Declaring routes: a power is not optional."""

import pytest

from server.base.api import Ask, Routes


async def _nothing(ask: Ask) -> None: ...


@pytest.mark.parametrize("options", [{}, {"power": None}, {"power": "public"}])
def test_a_route_or_message_without_a_declared_power_does_not_start(options: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="without a declared power"):
        Routes("toy").get("/x", **options)(_nothing)
    with pytest.raises(TypeError, match="without a declared power"):
        Routes("toy").message("toy.x", **options)(_nothing)


def test_an_unknown_option_is_a_mistake_that_shows() -> None:
    with pytest.raises(TypeError, match="unknown options"):
        Routes("toy").get("/x", powr=1)(_nothing)
