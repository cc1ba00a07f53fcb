"""What the tests with a real publisher share."""

from collections.abc import AsyncIterator

import pytest

from tests.media.class_on_air import Make
from tests.media.lecturer import Lecturer


@pytest.fixture
async def lecturers() -> AsyncIterator[Make]:
    made: list[Lecturer] = []

    def make() -> Lecturer:
        made.append(Lecturer())
        return made[-1]

    yield make
    for lecturer in made:
        await lecturer.close()
