"""The live panel beside its charts: a run in words and numbers, and messages that stay small."""

import json
import math
import sys

import numpy as np
import pytest

from core.charts.palette import RUN_COLORS
from core.datasets import DATASETS
from core.datasets.dataset import Arrays
from core.runs.config import RunConfig
from core.runs.evaluations import Prediction
from core.runs.events import EpochEnd, Finished, Progress
from core.runs.run import Run
from core.views.coach_card import changed
from core.views.patches import diff
from core.views.reports import report
from core.views.run_chips import SAME, difference, run_chips
from core.views.run_panel import RunPanel, parts
from core.views.status import NONE, duration, seconds_left, status
from tests.core.known_runs import a_run, an_evaluation

IRIS, MNIST = DATASETS["iris"], DATASETS["mnist"]


def test_status_of_a_training_run():
    run = a_run(30)
    told = {statu["name"]: statu["value"] for statu in status(run)["numbers"]}
    assert told["Epoch"] == "30 / 60" and told["Step"] == "120" and told["Compile time"] == "1.5 s"
    assert told["Training time"] == "3.0 s" and told["Time left"] == "3.0 s"
    assert told["Examples / s"] == "960" and told["Val. accuracy"] == "40.0 %"
    assert told["Test accuracy"] == NONE and status(run)["progress"] == 0.5


def test_figures_of_the_test_set_say_which_epoch_they_are_of_where_the_others_are_of_a_later_one():
    run = a_run(1)
    run.history.append(an_evaluation(3))  # after step 8, which is the end of epoch 2
    names = [statu["name"] for statu in status(run)["numbers"]]
    assert names[-2:] == ["Test loss", "Test accuracy"]
    run.history.append(Progress(8, 1.99, 0.3, 0.9, 0.2, 600))
    said = parts(RunPanel(IRIS, run))["confusion_matrix"].build()["note"]
    # A card and the status count alike: epochs that were done.
    assert said.startswith("Epoch 1.") and status(run)["numbers"][0]["value"] == "1 / 60"
    run.history.append(Progress(8, 2.0, 0.3, 0.9, 0.2, 600))
    run.history.append(EpochEnd(55, 220, 0.1, 1.0, 0.1, 1.0))
    told = {number["name"]: number["value"] for number in status(run)["numbers"]}
    assert told["Val. accuracy"] == "100.0 %" and told["Test accuracy, epoch 2"] == "25.0 %"
    said = parts(RunPanel(IRIS, run))["confusion_matrix"].build()["note"]
    assert said.startswith("Epoch 2. All 36 test examples")
    run.status = "finished"
    assert "Epoch" not in parts(RunPanel(IRIS, run))["confusion_matrix"].build()["note"]


def test_no_stale_numbers():
    run = a_run(30, state="paused")
    assert {number["name"]: number["value"] for number in status(run)["numbers"]}["Time left"] == NONE
    run.status = "training"
    run.controls = run.controls.changed(pace=2.0)
    assert seconds_left(run) == pytest.approx(15.0), "no faster than the pace asked for"
    names = [[statu["name"] for statu in status(one)["numbers"]] for one in (None, run)]
    assert names[0] == names[1], "every number keeps its place"


def test_a_chip_says_what_its_run_started_from():
    first = RunConfig(epochs=60)
    begun = first.replaced(epochs=20, start={
        "config": {"epochs": 60}, "at": 160, "edits": [["dense_1/bias", 0, 1.0]]})
    name = "MLP 16-16 relu Adam 0.01"
    assert difference(begun, first, 4) == f"continues {name} from epoch 40, 1 weight edited, epochs 20"
    assert difference(first.replaced(start={"at": "kept"}), None) == f"continues {name} from the end"
    assert difference(first.replaced(start={"at": 161, "config": {"patience": 3}}), None, 4) == (
        f"continues {name} from step 161, early stopping 0")
    images = RunConfig(dataset="digits", dataset_parameters={"classes": ["0", "1"]})
    other = images.replaced(dataset_parameters={"classes": ["2", "3"]}, start={
        "at": "kept", "config": {"dataset_parameters": {"classes": ["0", "1"]}}})
    assert difference(other, images).startswith("starts from Digits 8x8 (0, 1)"), "nothing is continued"


@pytest.mark.parametrize("state", ["waiting", "compiling", "training", "paused", "stopped", "finished",
                                   "diverged", "failed"])
def test_every_status_has_a_word_a_sign_and_a_sentence(state):
    told = status(a_run(2, state=state))
    assert told["word"] and told["sign"] and told["sentence"].endswith(".")


def test_a_message_of_the_run_comes_first():
    run = a_run(2, state="diverged")
    run.history.append(Finished(8, "diverged", "Lower it."))
    assert status(run)["sentence"] == "Lower it."
    run.message = "The worker was lost."
    assert status(run)["sentence"] == "The worker was lost."


@pytest.mark.parametrize("seconds, words", [(0.123, "0.12 s"), (9.99, "10 s"), (59.7, "1:00 min"),
                                            (185, "3:05 min"), (3720, "1:02 h"), (math.nan, NONE)])
def test_durations_in_words(seconds, words):
    assert duration(seconds) == words


def test_report_waits_for_the_whole_test_set():
    assert report(an_evaluation(3, complete=False), IRIS.classes)["rows"][0] == ["setosa", *[NONE] * 4]
    rows = report(an_evaluation(3), IRIS.classes)["rows"]
    assert rows[2] == ["virginica", "53.3 %", "38.1 %", "44.4 %", "21"]  # 8 of 15, 8 of 21


def test_run_chips_tell_what_is_shown_and_overlaid():
    runs = [a_run(2, slot=slot) for slot in range(2)]
    first, second = run_chips(runs, "run1", {"run0"})
    assert (first["shown"], first["overlaid"], second["shown"]) == (False, True, True)
    assert first["color"] == RUN_COLORS[0] and first["accuracy"] == NONE


def test_a_message_carries_only_what_changed():
    run = a_run(5)
    view = RunPanel(IRIS, run, runs=(run,))
    first, held = diff(parts(view), {})
    assert set(first) == set(parts(view)) and all("content" in part for part in first.values())
    assert not any("content" in part for part in diff(parts(view), held)[0].values())
    run.history.append(EpochEnd(6, 24, 0.1, 0.9, 0.1, 0.9))
    again, _ = diff(parts(view), held)
    assert {name for name, part in again.items() if "content" in part} >= {"loss_curve", "accuracy_curve"}
    assert "content" not in again["confusion_matrix"] and again["confusion_matrix"]["version"]


def test_a_message_with_mnist_images_stays_small():
    run = a_run(5, dataset="mnist", steps_per_epoch=1500)
    for step in range(7510, 12000, 10):
        run.history.append(Progress(step, step / 1500, 0.12345, 0.98765, 9.0, step * 32))
    x = np.random.default_rng(0).integers(0, 256, (100, 28, 28, 1), dtype=np.uint8)
    told = tuple(Prediction(index, index % 10, 3, 0.5) for index in range(24))
    view = RunPanel(MNIST, run, runs=(run,), examples=Arrays(x, (np.arange(100) % 10).astype(np.int32)))
    _, held = diff(parts(view), {})
    run.history.append(an_evaluation(10, complete=False, gallery=told))
    run.history.append(Progress(12010, 8.0067, 0.12345, 0.98765, 9.0, 400000))
    size = len(json.dumps(diff(parts(view), held)[0], allow_nan=False))
    assert size < 33_000, f"{size} bytes"


def test_plotly_is_not_loaded():
    import subprocess

    code = "import core.views.run_panel, sys; print('plotly' in sys.modules, 'streamlit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_chip_says_what_differs_from_the_run_before():
    first = RunConfig()
    for changes, words in (
            ({"activation": "tanh"}, "tanh"), ({"dataset": "wine"}, "Wine"),
            ({"epochs": 200, "learning_rate": 0.03}, "learning rate 0.03, epochs 200"),
            ({"architecture_parameters": {"hidden_units": (8, 8, 8)}}, "8-8-8"),
            ({"architecture": "softmax"}, "Softmax regression"),
            ({"batch_normalization": True}, "batch normalization"),
            ({"optimizer": "sgd_momentum", "optimizer_parameters": {"momentum": 0.5}}, "SGD + momentum"),
            ({"seed": 1, "epochs": 7, "batch_size": 8}, "batch size 8, epochs 7 and 1 more"), ({}, SAME)):
        assert difference(first.replaced(**changes), first) == words
    assert difference(first, None) == f"Iris: {first.name}"
    damaged = first.replaced(target="input", masking=0.3)
    assert difference(damaged.replaced(masking=0.0), damaged) == "masked inputs 0"
    assert changed(damaged, {"masking": 0.0}) == "masked inputs 0.3 → 0"


def test_the_status_line_shows_the_numbers_to_watch_or_says_what_to_know():
    def line(run: Run | None) -> dict[str, str]:
        told = status(run)
        return {told["numbers"][place]["name"]: told["numbers"][place]["value"] for place in told["line"]}

    assert line(a_run(30)) == {"Epoch": "30 / 60", "Loss": "0.0333", "Accuracy": "50.0 %",
                               "Time left": "3.0 s"}
    assert [*line(a_run(30, state="stopped"))][-1] == "Test accuracy"
    for state in ("waiting", "compiling", "diverged", "failed"):
        assert not line(a_run(2, state=state)), "no number says anything"
    assert not line(None)
