"""A stored run stands on the stage again as it ended; what cannot be read leaves its curves."""

import sqlite3
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

import core.datasets.splits as splits
from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation, ExampleMaps, LayerMaps, Prediction, Predictions, Probe, Regions
from core.runs.events import Compiled, Lowest, Progress
from core.runs.run import Run
from core.store import Store, record_of
from core.store.moment import KINDS, MOST_BYTES, pack_moment
from core.views.run_panel import RunPanel, parts
from tests.core.store import made
from tests.core.store.made import OTHER, OWNER

LEVELS = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
MAPS = ExampleMaps(3, np.array([0.25, 0.75]), (LayerMaps("conv", np.array([0]), 4, LEVELS, -1.0, 2.0),),
                   LayerMaps("conv", np.array([0]), 4, LEVELS[..., None], 0.0, 1.0), True)
REGIONS = Regions((2, 3), (0.1, 0.2), (6.5, 2.5), np.eye(60, dtype=np.uint8),
                  np.full((60, 60), 200, np.uint8))
PREDICTIONS = Predictions(np.arange(89), np.linspace(25, 300, 89)[:, None].astype(np.float32),
                          np.linspace(99, 200, 89)[:, None].astype(np.float32), 40.0, 50.0, 0.5)


def ended(config: RunConfig, tested: Evaluation) -> Run:
    run = made.run(config=config, tested=tested)
    if tested.numbers:
        run.history.append(Compiled(0.5, 379, 4, Lowest(0.3, 30.0, 40.0)))
    run.history.append(Probe(12, 3, True, 24, np.eye(3, dtype=np.int64) * 8, dead_share=0.25))
    return run


RUNS = {
    "table": ended(RunConfig(), replace(made.evaluation(), regions=REGIONS, dead_share=0.5, total=30,
                                        weights=(np.ones((4, 16), np.float32),))),
    "images": ended(RunConfig(dataset="digits", architecture="cnn"), Evaluation(
        12, np.eye(10, dtype=np.int64) * 36, 360, 0.1, 1.0, True, (Prediction(7, 1, 2, 0.9),), maps=MAPS)),
    "numbers": ended(RunConfig(dataset="diabetes"), Evaluation(
        12, np.zeros((0, 0), np.int64), 89, 0.5, 40.0, True, numbers=PREDICTIONS))}


def shown(run: Run) -> dict:
    config = run.config
    panel = RunPanel(config.data, run, config=config, features=run.controls.features,
                     examples=splits.test_set(config.data, config.preparation))
    return {name: part.build() for name, part in parts(panel).items()}


@pytest.mark.parametrize("name", RUNS)
def test_the_stage_shows_a_stored_run_as_it_ended(tmp_path: Path, name: str):
    run, store = RUNS[name], Store(tmp_path / "runs.sqlite3")
    store.keep(record_of(run))
    again = store.reopened(OWNER, run.id)
    assert again is not None and not again.active and again.owner == OWNER
    told, now = shown(run), shown(again)
    # What the store keeps of the curves has single precision.
    for curve in ("loss_curve", "accuracy_curve"):
        for before, after in zip(told[curve]["traces"], now[curve]["traces"], strict=True):
            np.testing.assert_allclose(after["x"], before["x"], rtol=1e-6)
            ys = (np.asarray(trace["y"], float) for trace in (after, before))
            np.testing.assert_allclose(*ys, rtol=1e-5)
    for part in ("status", "confusion_matrix", "predictions", "report", "network", "network_weights",
                 "coach"):
        assert now[part] == told[part], part
    assert store.reopened(OTHER, run.id) is None and store.reopened(OWNER, "s-9") is None
    store.delete(OWNER, [run.id])
    assert store.reopened(OWNER, run.id) is None


@pytest.mark.parametrize("content", [None, b"", b"nonsense", b"PK\x03\x04"])
def test_without_a_moment_there_are_the_curves(tmp_path: Path, content: bytes | None):
    path = tmp_path / "runs.sqlite3"
    Store(path).keep(record_of(RUNS["table"]))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE details SET moment = ?", (content,))
    again = Store(path).reopened(OWNER, "s-1")
    assert again is not None and again.history.evaluation is None and len(again.history.epochs) == 3
    assert shown(again)["loss_curve"]["traces"][1]["x"] == [1.0, 2.0, 3.0]


def kinds(of: Any) -> set[str]:
    """The names of the events' classes that a type is made of."""
    if isinstance(of, type) and is_dataclass(of):
        return {of.__name__}.union(*(kinds(hint) for hint in get_type_hints(of).values()))
    return set().union(*map(kinds, get_args(of)))


def test_all_that_an_evaluation_consists_of_can_be_stored():
    assert set().union(*map(kinds, (Compiled, Evaluation, Probe, Progress))) == set(KINDS)


def test_a_moment_has_few_bytes():
    noise = np.random.default_rng(0).integers(0, 256, (8, 150, 150)).astype(np.uint8)
    maps = replace(MAPS, layers=(replace(MAPS.layers[0], levels=noise),))
    found = record_of(ended(RunConfig(), replace(made.evaluation(), maps=maps))).moment
    assert found is not None and len(found) <= MOST_BYTES, "without its layers"
    wide = replace(PREDICTIONS, predicted=np.random.default_rng(0).normal(size=(9000, 9)))
    history = made.history()
    history.append(replace(made.evaluation(), numbers=wide))
    assert pack_moment(history) is None
