"""A learning curve: which trainings it plans, what it refuses, and what its chart and table say."""

import numpy as np
import pytest

from core.charts.learning import learning_curve, learning_table
from core.cluster.payload import encode_study
from core.datasets.splits import split
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.studies import cost
from core.studies.learning import SCRATCH, TRANSFERRED, LearningCurve, scores
from core.studies.study import StudyResults
from core.training.studies.members import build_group

CONFIG = RunConfig.from_dict({
    "dataset": "digits", "dataset_parameters": {"classes": list("56789")}, "epochs": 3, "seed": 7, "start": {
        "at": "kept", "layers": 1, "frozen": 1,
        "config": {"dataset_parameters": {"classes": list("01234")}}}})

UNLABELLED = RunConfig.from_dict({
    "dataset": "digits", "epochs": 3, "seed": 7, "validation_share": 0.0, "architecture": "mlp",
    "architecture_parameters": {"hidden_units": [8]}, "start": {
        "at": "kept", "layers": 1, "frozen": 1, "config": {
            "target": "input", "masking": 0.3, "architecture": "autoencoder", "seed": 3,
            "architecture_parameters": {"hidden_units": [8], "code": 4}}}})


def test_each_size_is_trained_both_ways_with_each_seed():
    method = LearningCurve(CONFIG, 2)
    members, first = method.following((), StudyResults.empty(0, 1, 0))
    assert first is not None and first.epochs == 3 and len(first.chosen) == len(members)
    assert method.sizes == (10, 25, 50, 100, 250) and len(members) == method.plan.trials == 20
    assert {(one.config.training_size, one.config.seed, one.config.start is not None) for one in members} == {
        (size, seed, start) for size in method.sizes for seed in (7, 8) for start in (True, False)}
    assert {one.config.data.classes for one in members} == {tuple("56789")}
    for number, member in encode_study(members).decode().items():
        assert (member.config, member.test_seed) == (members[number].config, members[number].test_seed)
    assert method.following(members, StudyResults.empty(20, 3, 5)) == ((), None)
    assert len(cost.typical(method)) == 10
    assert len(LearningCurve(CONFIG.replaced(start=None), 2).ways) == 1


@pytest.mark.parametrize("config", [CONFIG, UNLABELLED], ids=["other classes", "no labels"])
def test_both_ways_are_tested_with_the_examples_that_the_start_never_saw(config: RunConfig):
    start = config.start.config
    seen = {row.tobytes() for row in split(start.data, start.preparation).x}
    members, _ = LearningCurve(config, 2).following((), StudyResults.empty(0, 1, 0))
    some = [one for one in members if one.values[0] == members[0].values[0]]
    tests = [group.splits[0].x_test for group in (build_group({0: member}) for member in some)]
    assert len(tests) == 4 and all(np.array_equal(one, tests[0]) for one in tests)
    assert not {row.tobytes() for row in tests[0]} & seen


def test_without_labels_one_label_a_class_is_the_first_size():
    method = LearningCurve(UNLABELLED, 2)
    assert method.sizes == (10, 100, 1000)
    assert [way.label for way in method.ways] == ["Pre-trained", "From scratch"]
    members, _ = method.following((), StudyResults.empty(0, 1, 0))
    assert sorted(build_group({0: members[0]}).splits[0].y_train) == list(range(10))


@pytest.mark.parametrize("config, count, field, words", [
    (CONFIG, 1, "curve_seeds", "between 2 and 20"), (RunConfig(dataset="sine"), 5, "dataset", "of a series"),
    (RunConfig(dataset="hello"), 5, "dataset", "too few examples"),
    (RunConfig.from_dict({"start": {"at": 3}}), 5, "start", "has seen the training examples")])
def test_what_makes_no_sense_is_refused(config: RunConfig, count: int, field: str, words: str):
    with pytest.raises(FieldError, match=words) as caught:
        LearningCurve(config, count)
    assert caught.value.field == field


def test_the_chart_and_the_table_say_the_means_of_the_seeds():
    method = LearningCurve(CONFIG, 2)
    members, _ = method.following((), StudyResults.empty(0, 1, 0))
    results = StudyResults.empty(len(members), 3, 5)
    for place, member in enumerate(members):
        _, seed, way = member.values
        results.test_metric[place] = {TRANSFERRED: 0.8, SCRATCH: 0.5}[str(way)] + (seed == 8) * 0.1
    results.test_metric[-1] = np.nan
    assert scores(members, results, SCRATCH)[250].tolist() == [0.5]
    found = learning_curve(CONFIG, method.ways, members, results, "s")
    lines = {trace["name"]: trace for trace in found["traces"] if trace["mode"] == "lines+markers"}
    assert lines["Transferred"]["x"] == [10, 25, 50, 100, 250]
    assert lines["Transferred"]["y"] == pytest.approx([0.85] * 5)
    assert lines["From scratch"]["y"] == pytest.approx([0.55] * 4 + [0.5])
    assert "Transferred: 85.0 % with 10" in found["about"]
    table = learning_table(CONFIG, method.ways, members, results)
    assert table["columns"] == ["Training examples", "Transferred", "From scratch"]
    assert table["rows"][0] == ["10", "85.0 % ± 7.1 %", "55.0 % ± 7.1 %"]
    assert table["rows"][-1][2] == "50.0 %"
    empty = learning_curve(CONFIG, (), (), StudyResults.empty(0, 1, 0), "")
    assert not empty["traces"] and "none yet" in empty["about"]
    assert empty["layout"]["yaxis"]["range"] == [0, 1], "else Plotly writes -100 % to 400 %"
    assert "range" not in found["layout"]["yaxis"]
