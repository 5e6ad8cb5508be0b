"""Two lessons of different kinds from their links to "passed", by keyboard alone."""

import pytest

from benchmarks.walks import walk
from core.lessons.reading import lessons


@pytest.mark.parametrize("name, width, height", [("scaling", 1280, 720), ("kernels", 390, 844)])
def test_a_lesson_is_passed_by_keyboard_alone(server, new_tab, name, width, height):
    keys, said = walk(new_tab(width, height).page, server.url, lessons()[name])
    assert "Passed." in said and not keys.lost
