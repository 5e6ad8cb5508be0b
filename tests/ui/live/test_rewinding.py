"""The stage at an earlier moment of a run."""


import pytest

from tests.ui.live.conftest import an_evaluation
from ui.live.commands import obey
from ui.live.stage import Stage
from ui.session.shown_runs import ShownRuns


@pytest.mark.parametrize("value, wanted", [
    (6, [6]), (7, [6]), (0, [3]), (-10**400, [3]), (11, [None]), (10**400, [None]), (None, [None]),
    ("back", [9, 6, 3, 3]), ("forth", [None])])
def test_the_stage_goes_to_the_nearest_moment(trained, value, wanted):
    for step in wanted:
        obey(trained, "rewind", value)
        assert trained.moment == step
        assert trained.seen.history.evaluation.step == (step or 12)
    assert trained.own.shown.history.evaluation.step == 12, "the run itself goes on"


def test_forth_leads_back_to_now(trained):
    seen = []
    obey(trained, "rewind", 0)
    for _ in range(4):
        obey(trained, "rewind", "forth")
        seen.append(trained.moment)
    assert seen == [6, 9, None, None]


@pytest.mark.parametrize("value", [True, 6.0, "6", "beside", [6], {"step": 6}, float("nan")])
def test_nonsense_rewinds_nothing(trained, value):
    obey(trained, "rewind", 6)
    obey(trained, "rewind", value)
    assert trained.moment == 6


def test_the_rewound_moment_stays_while_the_run_goes_on_and_is_left_with_a_new_run(trained):
    run = trained.own.shown
    obey(trained, "rewind", 6)
    for step in range(15, 900, 3):
        run.history.append(an_evaluation(step))
    assert trained.moment == 6 and trained.own.shown is run
    obey(trained, "resume")
    assert trained.moment is None and trained.seen is run
    obey(trained, "rewind", 6)
    obey(trained, "stop")
    obey(trained, "train")
    assert trained.moment is None and trained.seen is trained.own.shown is not run
    obey(trained, "rewind", 0)
    assert trained.moment is None, "a run without moments is shown as it is"


def test_runs_of_others_are_never_rewound(trained):
    stranger = Stage(ShownRuns(trained.own.run_service, "somebody"))
    obey(stranger, "rewind", 6)
    assert stranger.seen is None and stranger.moment is None
