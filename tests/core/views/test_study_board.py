"""The board of a study: its charts agree with the results, in a message of plain JSON of limited size."""

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.charts.landscape import parallel
from core.charts.palette import RESULT_COLORS
from core.charts.repeats import spread
from core.charts.trials import trial_curves
from core.formatting import typed
from core.runs.config import RunConfig
from core.studies.events import GroupEpochs
from core.studies.methods import METHODS, Searching
from core.studies.objective import best
from core.studies.reducer import begin_round, record
from core.studies.repeats import CrossValidation, Seeds
from core.studies.search import Search
from core.studies.space import suggested
from core.studies.study import FINISHED, TRAINING, VAL_LOSS, VAL_METRIC, Study, StudyResults
from core.views.patches import diff
from core.views.status import duration
from core.views.study_board import (
    FOLDS_CARDS,
    SEARCH_CARDS,
    SEEDS_CARDS,
    Picks,
    folds_parts,
    search_parts,
    seeds_parts,
)
from tests.studies import FakeStudies

CONFIG = RunConfig(epochs=20)
FIELDS = ("learning_rate", "architecture_parameters.hidden_units", "seed")
PICKS = Picks(FIELDS[0], FIELDS[1])


def a_search(method: str = "random", config: RunConfig = CONFIG, **more) -> Search:
    return Search(config, tuple(suggested(field, config) for field in FIELDS), method,
                  **(dict[str, Any](trials=24, least_epochs=1) | more))


def contents(parts) -> dict:
    """What a browser is told, after JSON as strict as a browser's."""
    told, _ = diff(parts, {})
    return {name: part["content"] for name, part in json.loads(json.dumps(told, allow_nan=False)).items()}


def read(spec: dict) -> np.ndarray:
    kinds = {"i2": "<i2", "f4": "<f4"}
    return np.frombuffer(base64.b64decode(spec["bdata"]), kinds[spec["dtype"]])


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("combined", ["best", "mean"])
def test_every_method_has_a_whole_board(name: str, combined: str):
    search = a_search(name)
    study = FakeStudies().submit("me", Searching(search))
    told = contents(search_parts(study, search, Picks(*FIELDS[:2], combined)))
    assert set(told) == {card.name for card in SEARCH_CARDS}
    assert told["status"]["progress"] == 1.0 and told["status"]["word"] == "Finished"
    assert all(told[name]["traces"] for name in ("curves", "landscape", "best", "parallel"))
    first = best(search.goal, study.results)
    assert first is not None
    assert told["trials"]["actions"][0] == first and len(told["trials"]["rows"]) == 10
    assert f"trial {first + 1}" in told["curves"]["about"]


@pytest.mark.parametrize("study", [None, Study("1", "me", Searching(a_search()))], ids=["none", "new"])
def test_without_results_a_word_stands_in_each_place(study: Study | None):
    told = contents(search_parts(study, a_search(), PICKS)) | contents(
        folds_parts(study, CONFIG)) | contents(seeds_parts(study, CONFIG))
    for name, content in told.items():
        if "layout" in content:
            if name == "parallel":
                # Its axes are there ahead, with a line in the colour of what is behind it.
                [trace] = content["traces"]
                assert trace["line"] == {"color": "@surface"} and "appears here" in content["note"]
                assert len(trace["dimensions"]) == len(FIELDS) + 1
            else:
                assert not content["traces"] and content["layout"]["annotations"], name
        assert content.get("about") or "columns" in content or "word" in content


def test_time_left_goes_by_the_pace_of_training(monkeypatch: pytest.MonkeyPatch):
    """100 epochs, half of them done in 10 s after 60 s in the queue and 20 s of compiling."""
    search = a_search(trials=5)
    study = Study("1", "me", Searching(search), created=1000.0)
    clock = [1060.0]
    monkeypatch.setattr("time.time", lambda: clock[0])
    more, following = study.method.following((), study.results)
    begin_round(study, more, None, following)
    states = np.full(5, TRAINING, np.int8)

    def left() -> str:
        told = contents({"status": search_parts(study, search, PICKS)["status"]})["status"]
        return {number["name"]: number["value"] for number in told["numbers"]}["Time left"]

    assert left() == "–"
    clock[0] = 1080.0
    record(study, GroupEpochs(np.arange(5), 1, np.ones((5, 1, 4), np.float32), states, 0.1))
    clock[0] = 1090.0
    record(study, GroupEpochs(np.arange(5), 2, np.ones((5, 10, 4), np.float32), states, 10.0))
    assert study.began == 1060 and study.first == (1080, 5)
    assert left() == duration(10 * 45 / 50)
    # While one of them has not begun, its network may have to be compiled too.
    waiting = np.where(np.arange(5) < 4, study.results.states, 0).astype(np.int8)
    study.results = replace(study.results, states=waiting)
    assert left() == duration(30 * 45 / 55)


def test_one_result_and_none_that_is_a_number():
    search = a_search()
    study = FakeStudies().submit("me", Searching(search))
    values = study.results.curves
    values[1:] = np.nan
    told = contents(search_parts(study, search, PICKS))
    assert len(told["trials"]["rows"]) == 1 and "needed" in told["importance"]["about"]
    values[:] = np.nan
    study.version += 1
    told = contents(search_parts(study, search, PICKS))
    assert not told["trials"]["rows"] and not told["curves"]["traces"]
    for parts, method in ((seeds_parts, Seeds(CONFIG, 4)), (folds_parts, CrossValidation(CONFIG, 4))):
        study = FakeStudies().submit("me", method)
        study.results.curves[:], study.results.test_metric[:] = np.nan, np.nan
        study.results.test_loss[:] = np.nan
        contents(parts(study, CONFIG))


def test_parallel_coordinates_say_how_many_results_their_axis_leaves_out():
    search = a_search(trials=10)
    study = FakeStudies().submit("me", Searching(search))
    values = np.array([0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.5, 0.9])
    study.results.states[:], study.results.curves[:] = FINISHED, values[:, None, None]
    told = parallel(search, study.members, study.results, "1")
    low, high = told["traces"][0]["dimensions"][-1]["range"]
    assert low == pytest.approx(values[0]) and int((values > high).sum()) == 2
    assert told["note"].endswith(f"The axis ends at {high:.4g}: 2 results are worse")
    study.results.curves[:] = 0.1
    study.version += 1
    assert "ends" not in parallel(search, study.members, study.results, "1")["note"]


def test_each_line_is_a_trial_and_the_best_lies_on_top():
    search = a_search(trials=40)
    study = FakeStudies().submit("me", Searching(search))
    figure = trial_curves(search.goal, study.results, 20, "1")
    *groups, strong = figure["traces"]
    assert [group["name"] for group in groups] == list(RESULT_COLORS)
    seen = []
    for trace in groups:
        x, y, number = read(trace["x"]), read(trace["y"]), read(trace["customdata"])
        there = np.isfinite(y)
        assert np.array_equal(y[there], study.results.curves[number[there] - 1, x[there] - 1, VAL_LOSS])
        seen.append(np.unique(number))
    values = search.goal.values(study.results)
    means = [values[group - 1].mean() for group in seen]
    assert means == sorted(means, reverse=True)
    assert sorted(np.concatenate(seen) - 1) == np.flatnonzero(np.isfinite(values)).tolist()
    assert strong["line"]["color"] == "@text"
    assert strong["y"][-1] == pytest.approx(np.nanmin(values), rel=1e-3)


def test_a_thousand_trials_fit_into_small_messages():
    config = RunConfig(epochs=200)
    search = a_search(config=config, trials=1000)
    study = FakeStudies().submit("me", Searching(search))
    sizes = {name: len(json.dumps(content)) for name, content in contents(
        search_parts(study, search, PICKS)).items()}
    assert max(sizes.values()) < 110_000 and sum(sizes.values()) < 250_000, sizes
    folds = FakeStudies().submit("me", CrossValidation(config, 20, 10))
    assert max(len(json.dumps(content))
               for content in contents(folds_parts(folds, config)).values()) < 120_000


def test_only_what_changed_is_told():
    search = a_search()
    study = FakeStudies().submit("me", Searching(search))
    _, versions = diff(search_parts(study, search, PICKS), {})
    told, _ = diff(search_parts(study, search, PICKS), versions)
    assert not [part for part in told.values() if "content" in part]
    told, _ = diff(search_parts(study, search, Picks(FIELDS[1], FIELDS[0])), versions)
    assert [name for name, part in told.items() if "content" in part] == ["landscape"]


def test_cells_hold_the_best_or_the_mean_of_the_others():
    search = a_search("grid")
    study = FakeStudies().submit("me", Searching(search))
    for combined, of in (("best", np.min), ("mean", np.mean)):
        trace = contents(search_parts(study, search, Picks(*FIELDS[:2], combined)))["landscape"]["traces"][0]
        values = search.goal.values(study.results).reshape(5, 5, -1)
        wanted = np.array([[of(cell[np.isfinite(cell)]) if np.isfinite(cell).any() else np.nan
                            for cell in row] for row in values]).T
        got = np.array(trace["z"], float)
        assert np.array_equal(np.isnan(got), np.isnan(wanted))
        assert got[~np.isnan(got)] == pytest.approx(wanted[~np.isnan(wanted)], rel=1e-3)


def test_a_band_is_numpys_quantiles():
    study = FakeStudies().submit("me", Seeds(CONFIG, 9))
    values = study.results.curves[:, :, VAL_METRIC]
    band = spread(study.results, VAL_METRIC)
    assert band.shape == (20, 5)
    assert band[7] == pytest.approx([values[:, 7].min(), *np.quantile(values[:, 7], [0.25, 0.5, 0.75]),
                                     values[:, 7].max()])
    assert spread(StudyResults.empty(3, 4, 0), VAL_LOSS).shape == (0, 5)
    told = contents(seeds_parts(study, CONFIG))
    assert set(told) == {card.name for card in SEEDS_CARDS}
    dots = told["tests"]["traces"][0]["x"]
    assert sorted(dots) == pytest.approx(sorted(study.results.test_metric), rel=1e-3)


def test_folds_are_summed_and_averaged():
    study = FakeStudies().submit("me", CrossValidation(CONFIG, 4, 2))
    told = contents(folds_parts(study, CONFIG))
    assert set(told) == {card.name for card in FOLDS_CARDS}
    matrix = study.results.matrices.sum(axis=0)
    assert f"{matrix.sum() - np.trace(matrix)} of {matrix.sum()} predictions" in told["matrix"]["about"]
    rows = told["folds"]["rows"]
    assert len(rows) == 10 and rows[0][0] == "Fold 1 of division 1" and rows[-2][0] == "Mean"
    losses = study.results.curves[:, -1, VAL_LOSS]
    assert float(rows[-2][3]) == pytest.approx(losses.mean(), rel=1e-2)
    assert float(rows[-1][3]) == pytest.approx(losses.std(ddof=1), rel=1e-2)
    mean = next(trace for trace in told["loss"]["traces"] if trace["name"] == "mean")
    assert mean["y"][-1] == pytest.approx(losses.mean(), rel=1e-3)


@pytest.mark.parametrize("dataset", ["diabetes", "sine"])
def test_numbers_to_predict_have_their_own_measure(dataset: str):
    config = RunConfig(dataset=dataset, epochs=5)
    search = Search(config, (suggested("learning_rate", config),), objective="val_metric")
    study = FakeStudies().submit("me", Searching(search))
    told = contents(search_parts(study, search, Picks("learning_rate", "learning_rate")))
    assert "mean absolute error" in told["curves"]["about"]
    assert told["landscape"]["layout"]["yaxis"]["title"]["text"] == "Validation mean absolute error"
    folds = FakeStudies().submit("me", CrossValidation(config, 3))
    assert contents(folds_parts(folds, config))["matrix"]["hidden"]
    contents(seeds_parts(FakeStudies().submit("me", Seeds(config, 3)), config))


def test_typed_arrays_are_little_endian_and_of_two_kinds():
    assert read(typed(np.array([1, -2], ">i2").astype(np.int16))).tolist() == [1, -2]
    assert read(typed(np.array([0.5, np.nan], np.float32)))[0] == 0.5
    with pytest.raises(KeyError):
        typed(np.zeros(2))
