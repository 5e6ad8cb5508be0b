"""No test example of a run was ever seen by what it starts from: compared row by row, whatever is refused."""

from typing import Any

import numpy as np
import pytest

from core.datasets.splits import test_set as examples_for_testing
from core.datasets.splits import training_set
from core.parameters import FieldError
from core.runs.config import RunConfig

SEED, OTHER = {"data_seed": 0}, {"data_seed": 1}


def rows(x: np.ndarray) -> set[bytes]:
    return {row.tobytes() for row in x}


def of(dataset: str, seed: int, start: Any = None, **values: Any) -> dict[str, Any]:
    return {"dataset": dataset, "dataset_parameters": values, "seed": seed, "validation_share": 0.0,
            **({"start": {"at": 1, "config": start}} if start else {})}


@pytest.mark.parametrize("dataset, start, run", [
    ("blobs", {"count": 300}, {"count": 302}), ("blobs", {"classes": 3}, {"classes": 2}),
    ("quantiles", {"count": 1000}, {"count": 300}), ("curve", {"count": 200}, {"count": 300}),
    ("moons", {"noise": 0.0}, {"noise": 0.0, **OTHER}), ("stocks", {"horizon": 1}, {"horizon": 5}),
    ("sine", {"steps": 2000}, {"steps": 1000}), ("sines", {"horizon": 1}, {"horizon": 20})])
def test_data_that_share_examples_are_no_start_of_each_other(dataset: str, start: Any, run: Any):
    one, other = (RunConfig.from_dict(of(dataset, seed, **values)) for seed, values in ((3, start), (4, run)))
    shared = rows(training_set(one.data, one.preparation).x) & rows(
        examples_for_testing(other.data, other.preparation).x)
    assert shared, "or there is nothing to refuse"
    with pytest.raises(FieldError, match="may have been trained on examples that this run") as caught:
        RunConfig.from_dict(of(dataset, 4, of(dataset, 3, **start), **run))
    assert caught.value.field == "start.config" and len(caught.value.message) < 300


@pytest.mark.parametrize("dataset", ["moons", "circles", "spirals", "blobs", "xor", "quantiles", "curve"])
def test_the_same_data_with_other_noise_are_divided_alike(dataset: str):
    run = RunConfig.from_dict(of(dataset, 4, of(dataset, 3, noise=0.2), noise=0.4))
    found = []
    for config in (run, run.start.config):
        tested = rows(examples_for_testing(config.data, config.preparation).x)
        found.append([place for place, row in enumerate(config.data.load().x) if row.tobytes() in tested])
    assert found[0] == found[1] and found[0]


def test_so_it_is_with_a_start_of_the_start():
    inner = of("moons", 3, count=1000)
    with pytest.raises(FieldError, match="may have been trained on"):
        RunConfig.from_dict(of("moons", 4, of("circles", 5, inner)))


@pytest.mark.parametrize("config", [
    of("moons", 4, of("circles", 5, of("moons", 3))), of("moons", 4, of("moons", 3, noise=0.3, **OTHER)),
    of("stocks", 4, of("stocks", 3, company="AAPL")), of("quantiles", 4, of("quantiles", 3, **OTHER)),
    of("digits", 4, of("digits", 3, classes=["0", "1"]), classes=["1", "2"]),
    of("digits", 4, of("digits", 3) | {"target": "input"}) | {"target": "label"},
    of("moons", 4, of("circles", 5, of("moons", 3)) | {"seed": 6})])
def test_a_start_that_is_allowed_has_seen_no_test_example(config: dict[str, Any]):
    run = RunConfig.from_dict(config)
    tested = rows(examples_for_testing(run.data, run.preparation).x)
    start = run.start
    assert start is not None
    while start is not None:
        assert not tested & rows(training_set(start.config.data, start.config.preparation).x)
        start = start.config.start
