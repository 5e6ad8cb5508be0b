"""A run that gives its worker up for a while goes on as if nothing had happened."""

import pytest

from core.runs.events import Checkpoint, Event, Parked, Paused, Progress
from tests.core.training.story import IRIS, Always, OnPause, Story, same, undisturbed


@pytest.mark.parametrize("step, kind", [(1, OnPause), (5, OnPause), (8, OnPause), (6, Always)])
def test_a_run_that_is_parked_without_being_paused_goes_on_as_if_nothing_were(step, kind, single, tmp_path):
    story = Story(IRIS, tmp_path, [(2, 0.02)], kind)

    def leave(event: Event) -> bool:
        if isinstance(event, Progress) and event.step == step:
            story.control(parked=True)
        return False
    story.attempt(leave)
    assert isinstance(story.told[-1], Parked) and story.told[-2] == Checkpoint(step, 1)
    assert story.told[-1].ending.weights and story.job.waiting and story.job.run.attempt == 2
    story.control(parked=False)
    story.attempt()
    assert story.told[0].step == step
    same(story.history, undisturbed(IRIS, [(2, 0.02)]))


def test_a_run_that_is_parked_while_paused_takes_what_it_was_asked_for_first(single, tmp_path):
    story = Story(IRIS, tmp_path, kind=OnPause)

    def leave(event: Event) -> bool:
        if isinstance(event, Progress) and event.step == 6:
            story.control(paused=True)
        if isinstance(event, Paused) and event.paused:
            story.control(parked=True, steps=1, epochs=1)
        return False
    story.attempt(leave)
    # One epoch, to the end of the second, and one step.
    assert story.told[-1].step == 9 and story.job.idle and story.job.run.controls.reached == 9
    story.control(parked=False, epochs=1)
    assert story.job.waiting
    story.attempt(lambda event: isinstance(event, Progress) and event.step == 12)
    story.control(paused=False)
    story.attempt()
    same(story.history, undisturbed(IRIS))
