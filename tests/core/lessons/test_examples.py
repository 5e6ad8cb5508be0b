"""What each lesson says passes does pass, and what it says fails fails: trained again with three seeds."""

import pytest

from benchmarks.lessons import graded
from core.lessons.reading import lessons

TIMES = 3
# Lessons in seconds; the others are tried in CI.
QUICK = ("learning_rate", "loss", "kernels")


@pytest.mark.parametrize("name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.sweep)
                                  for name in lessons()])
def test_examples_are_graded_as_the_lesson_says(name: str):
    lesson = lessons()[name]
    assert {example.passes for example in lesson.examples} == {True, False}
    # One that passes and one that fails: others are for the benchmark.
    for wanted in (True, False):
        example = next(one for one in lesson.examples if one.passes is wanted)
        verdicts = graded(lesson, example, TIMES)
        assert [one.passed for one in verdicts] == [wanted] * len(verdicts), [one.why for one in verdicts]
