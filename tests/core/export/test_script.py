"""Exported scripts as texts."""

import ast
import inspect
import json
import math
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import nbformat
import numpy as np
import pytest

from core.catalog.optimizers import OPTIMIZERS, WEIGHT_DECAY, Optimizer
from core.catalog.schedules import SCHEDULES
from core.datasets import DATASETS
from core.datasets.kept_tables import register
from core.datasets.table import read_table
from core.datasets.table_target import first_choice
from core.export import config_from_json, config_json, notebook, script, stopped_after
from core.export.fitting import KERAS_DEFAULTS
from core.export.script import sections
from core.export.sources import SOURCES
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.events import Finished
from core.runs.history import History
from core.runs.presets import good_start, presets

IRIS = RunConfig(epochs=3)


def test_every_dataset_has_a_source():
    assert set(SOURCES) == set(DATASETS)


@pytest.mark.parametrize("name", DATASETS)
def test_a_good_start_of_every_dataset_is_a_script(name: str):
    if name != "table":
        ast.parse(script(good_start(name)))


@pytest.mark.parametrize("name", presets())
def test_nothing_of_this_project_and_no_unused_import_is_in_a_script(name: str):
    tree = ast.parse(script(presets()[name].config, ((2, 0.5),)))
    imported = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for one in node.names:
                imported[(one.asname or one.name).split(".")[0]] = getattr(node, "module", None) or one.name
    assert {name.split(".")[0] for name in imported.values()} <= {
        "keras", "math", "numpy", "os", "sklearn", "pandas", "plotly",
        # Of sentences, whose words are numbered in plain Python; the last one only for who wants it.
        "collections", "hashlib", "re", "urllib", "transformers"}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert set(imported) <= used


def test_scripts_are_clean_python(tmp_path: Path):
    """As ruff sees it: no unused name, imports in order, no line too long."""
    table = read_table(b"a;kind;b,\n" + b"1,5;x;u\n2,5;y;v\n" * 30, "some.csv")
    register(table)
    kept = {preset.config.name: script(preset.config) for preset in presets().values()}
    digits = RunConfig(dataset="digits", epochs=4, schedule="step", training_size=300, clip_norm=1.0)
    kept |= {
        "table": script(RunConfig(dataset="table", dataset_parameters=first_choice(table))),
        "stopped": script(IRIS.replaced(epochs=20, schedule="cosine"), ((5, 1 / 300), (9, 0.002)), 17),
        "one_cycle": script(IRIS.replaced(schedule="one_cycle", patience=2), ((5, 1 / 300),)),
        "warm_up": script(digits.replaced(schedule="warm_up_cosine", class_weights="balanced", imbalance=0.7,
                                          loss="mse_probabilities", loss_parameters={})),
        "digits": script(digits.replaced(label_noise=0.1, augmentation_parameters={"shift": 0.1})),
        "constant": script(RunConfig(dataset="diabetes"), ((5, 1 / 300),))}
    for place, code in enumerate(kept.values()):
        (tmp_path / f"script_{place}.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length", "110", "--select",
         "E,F,W,I,UP,B,SIM,PIE,RUF", "--output-format", "concise", "--no-cache", "."],
        cwd=tmp_path, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_a_schedule_is_as_long_as_the_run_of_the_script():
    """Whoever changes the batch size in a script need not change its schedule too."""
    code = sections(IRIS.replaced(epochs=5, schedule="cosine"))[3].code
    for batch_size, steps in ((32, 15), (7, 70)):
        names: dict[str, Any] = {"keras": keras, "math": math, "LEARNING_RATE": 0.1, "EPOCHS": 5,
                                 "x_train": np.zeros((96, 4)), "BATCH_SIZE": batch_size}
        exec(code[:code.index("model.compile")], names)
        assert float(names["schedule"](steps)) == pytest.approx(0, abs=1e-7)
        assert float(names["schedule"](steps / 2)) == pytest.approx(0.05)


def test_changed_rates_are_rounded_and_called_what_they_are():
    rates = script(IRIS, ((5, 1 / 300),))
    assert "[4], [LEARNING_RATE, 0.00333333]" in rates and "next of these rates" in rates
    factors = script(IRIS.replaced(schedule="cosine"), ((5, 1 / 300),))
    assert "[4], [1.0, 0.333333]" in factors and "next of these factors" in factors.replace("\n# ", " ")


@pytest.mark.parametrize("changes, words", [
    ({}, "a probability for each class"),
    ({"loss": "categorical_hinge", "loss_parameters": {}}, "not reliable probabilities"),
    ({"dataset": "moons", "loss": "binary_cross_entropy"}, "the probability of the second class"),
    ({"dataset": "diabetes", "loss": "mse", "loss_parameters": {}}, "target_scaler.inverse_transform"),
    ({"dataset": "hello", "loss": "mse", "loss_parameters": {}, "scaling": "none"}, "returns the target.")])
def test_a_script_says_what_its_saved_model_wants_and_answers(changes: dict[str, Any], words: str):
    section = sections(RunConfig(**changes))[-1]
    assert "inputs that were prepared" in section.text and words in section.text


def test_only_what_the_config_uses_is_written():
    plain = script(IRIS)
    for word in ("Random", "Dropout", "EarlyStopping", "schedule", "clipnorm", "class_weight", "Changed",
                 "imputer", "divide", "thin_out", "wrong", "pandas", "naive", "to_categorical"):
        assert word not in plain, word
    full = script(IRIS.replaced(
        dataset="digits", augmentation_parameters={"shift": 0.1, "flip": "both"}, dropout_rate=0.2,
        patience=3, schedule="one_cycle", clip_norm=1.0, class_weights="balanced", label_noise=0.1,
        imbalance=0.5, loss="mse_probabilities",
        loss_parameters={}), ((5, 0.1),))
    for word in ("RandomTranslation(0.1, 0.1", "Dropout(0.2)", "EarlyStopping", "OneCycle(", "clipnorm=1.0",
                 "class_weight", "Changed(", "thin_out", "wrong", "to_categorical", 'activation="softmax"'):
        assert word in full, word


@pytest.mark.parametrize("changes, classes", [
    ({"dataset": "moons", "loss": "binary_cross_entropy"}, False),
    ({"dataset": "moons", "loss": "binary_cross_entropy", "label_noise": 0.1}, True),
    ({"dataset": "moons"}, True), ({"dataset": "diabetes", "loss": "mse", "loss_parameters": {}}, False)])
def test_every_setting_of_a_script_is_used(changes: dict[str, Any], classes: bool):
    names = [node for node in ast.walk(ast.parse(script(RunConfig(**changes)))) if isinstance(node, ast.Name)]
    settings = {node.id for node in names if isinstance(node.ctx, ast.Store) and node.id.isupper()}
    assert settings <= {node.id for node in names if isinstance(node.ctx, ast.Load)}
    assert ("CLASSES" in settings) is classes


@pytest.mark.parametrize("class_name", KERAS_DEFAULTS)
def test_what_is_left_out_of_an_optimizer_is_the_default_of_keras(class_name: str):
    taken = inspect.signature(getattr(keras.optimizers, class_name)).parameters
    for parameter, default in KERAS_DEFAULTS[class_name].items():
        assert taken[parameter].default == default, parameter


@pytest.mark.parametrize("entry, written", [
    (OPTIMIZERS["lion"], {"beta_1": 0.9, "beta_2": 0.999}),
    (OPTIMIZERS["lion"], {"beta_1": 0.9, "beta_2": 0.99}),
    (OPTIMIZERS["adadelta"], {"rho": 0.9, "epsilon": 1e-7}),
    # A class of which the export knows nothing; Keras's default is no weight decay.
    (Optimizer("lamb", "LAMB", "Lamb", "", 0.01, (WEIGHT_DECAY,)), {"weight_decay": 0.004})])
def test_an_optimizer_under_a_new_name_is_exported_with_the_values_of_the_run(
        entry: Optimizer, written: dict[str, float], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(OPTIMIZERS, "sgd", replace(entry, name="sgd"))
    code = sections(RunConfig(optimizer="sgd", optimizer_parameters=written), ())[3].code
    found = re.search(r"optimizer=(keras\.optimizers\.\w+\([^)]*\))", code)
    assert found is not None
    made = eval(found[1], {"keras": keras, "LEARNING_RATE": 0.01})
    assert type(made).__name__ == entry.class_name
    assert {name: getattr(made, name) for name in written} == written


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("changes", [(), ((0, 0.3),), ((5, 0.3), (7, 0.002), (11, 0.05), (10_000, 9.0))])
def test_the_learning_rate_of_every_step_is_that_of_the_run(schedule: str, changes: tuple[Any, ...]):
    config = RunConfig(epochs=5, schedule=schedule)
    code = sections(config, changes)[3].code
    names: dict[str, Any] = {"keras": keras, "math": math, "LEARNING_RATE": config.learning_rate,
                             "x_train": np.zeros((96, 4)), "BATCH_SIZE": 32, "EPOCHS": 5}
    exec(code[:code.index("model.compile")], names)
    if schedule == "constant" and (not changes or changes == ((0, 0.3),)):
        assert f"learning_rate={'0.3' if changes else 'LEARNING_RATE'}" in code
        return
    each, rate = 3, config.learning_rate
    for step in range(15):
        rate = dict(changes).get(step, rate)
        expected = SCHEDULES[schedule].rate(config.schedule_parameters, rate, np.array([step]), each, 15)
        got = float(names["schedule"](np.int32(step)))
        assert got == pytest.approx(float(expected[0]), rel=1e-3, abs=1e-8), step


@pytest.mark.parametrize("name", presets())
def test_a_notebook_holds_the_code_of_the_script(name: str):
    config = presets()[name].config
    made = nbformat.reads(notebook(config).decode(), as_version=4)
    nbformat.validate(made)
    cells = [cell.source for cell in made.cells if cell.cell_type == "code"]
    # Without comments, some of which are the words of a notebook's sections.
    below, inside = ([line for line in text.splitlines() if line and not line.startswith("# ")]
                     for text in (script(config).split('"""', 2)[2], "\n".join(cells)))
    assert inside == below
    whole = ast.parse(script(config))
    assert ast.dump(ast.parse("\n".join(cells))) == ast.dump(ast.Module(whole.body[1:], []))
    kinds = [cell.cell_type for cell in made.cells]
    assert kinds == ["markdown", *["markdown", "code"] * len(sections(config))]
    more = config.data.is_text + 2 * config.data.is_pairs
    assert len(sections(config)) == (9 if config.start else 6) + more, (
        "a start on other data has its own three; a sentence of one's own is one more")


@pytest.mark.parametrize("made", [lambda *case: script(*case), lambda *case: notebook(*case).decode()])
def test_a_stopped_run_says_so_and_trains_as_far(made: Any):
    config = IRIS.replaced(epochs=20, schedule="cosine", patience=4)  # 3 steps an epoch
    within, ended, whole = (made(config, (), stopped) for stopped in (17, 30, None))
    assert "stopped after 17 of 60 steps, 5.667 of 20 epochs" in within
    assert "EPOCHS = 6" in within and "LAST_STEP = 17" in within and "callbacks=[Stopped()]" in within
    assert "stopped after 30 of 60 steps, 10 of 20 epochs" in ended
    assert "EPOCHS = 10" in ended and "Stopped" not in ended and "LAST_STEP" not in ended
    for text in (within, ended):
        assert "decay_steps=steps," in text and "steps = 20 * steps_per_epoch" in text, (
            "the schedule is that of the run as it was set up")
        assert "EarlyStopping" not in text, "it never came to act"
    assert "stopped" not in whole and "EPOCHS = 20" in whole and "EarlyStopping" in whole


def test_only_a_run_that_was_stopped_on_its_way_is_exported_so():
    def ended(*events: Any) -> int | None:
        history = History()
        for event in events:
            history.append(event)
        return stopped_after(history)

    assert ended() is None and ended(Finished(0, "stopped")) is None
    assert ended(Finished(17, "stopped")) == 17
    assert [ended(Finished(17, status)) for status in ("finished", "diverged", "failed")] == [None] * 3


def test_a_notebook_is_the_same_every_time():
    assert notebook(IRIS) == notebook(IRIS)
    assert json.loads(notebook(IRIS))["metadata"]["kernelspec"]["language"] == "python"


# The first layer is taken over from other classes and frozen; then all layers are trained on.
TWO_PHASES: dict[str, Any] = {
    "dataset": "digits", "dataset_parameters": {"classes": list("56789")}, "training_size": 100, "epochs": 10,
    "architecture_parameters": {"hidden_units": [16, 8]}, "learning_rate": 0.001, "seed": 2, "start": {
        "at": "kept", "config": {"epochs": 20, "learning_rate": 0.01, "start": {
            "at": "kept", "layers": 1, "frozen": 1, "config": {
                "dataset_parameters": {"classes": list("01234")}, "training_size": 0, "epochs": 8,
                "seed": 4}}}}}


def test_a_start_is_trained_first_and_what_cannot_be_written_is_refused():
    start = {"at": "kept", "config": {"epochs": 60, "learning_rate": 0.01}}
    config = RunConfig.from_dict({"epochs": 5, "learning_rate": 0.002, "seed": 3, "start": start})
    written = script(config)
    assert written.index("START_EPOCHS = 60") < written.index("start_history = model.fit") < written.index(
        "# Adam goes on with the state") < written.index("\nhistory = model.fit")
    assert "START" not in script(config.replaced(start=None))
    assert config_from_json(config_json(config)) == config
    images = {"dataset": "digits", "architecture": "cnn"}
    for values, words in (
            ({**images, "start": {"at": 1, "edits": [["conv2d_1/kernel", 0, 1.0]]}}, "in dense networks"),
            ({"class_weights": "balanced", "start": {"at": 1, "config": {"class_weights": "none"}}},
             "class weights")):
        with pytest.raises(FieldError, match=words):
            script(RunConfig.from_dict(values))


def test_a_start_that_has_a_start_is_trained_in_both_phases():
    config = RunConfig.from_dict(TWO_PHASES)
    written, titles = script(config), [section.title for section in sections(config)]
    assert titles[1:-2] == [
        "The first run's data", "The first run's model", "The first run's training", "Data",
        "The start's model", "The start's training", "Model", "Training"]
    for line in ("START_SEED = 4", "SEED = 2", "START_CLASSES = 5", "START_START_EPOCHS = 8",
                 "START_EPOCHS = 20", "START_LEARNING_RATE = 0.01", "\nmodel.trainable = True"):
        assert line in written, line
    # Of the same data throughout, and each goes on with the optimizer: a schedule counts the steps of both.
    one = {"at": "kept", "config": {"epochs": 3}}
    written = script(RunConfig.from_dict({"epochs": 5, "schedule": "cosine", "start": {"at": 6, "config": {
        "epochs": 4, "start": one}}}))
    assert "Later(schedule, START_LAST_STEP + START_START_LAST_STEP)" in written
    assert "START_START_LAST_STEP = 9" in written and "\nSTART_LAST_STEP = 6" in written


@pytest.mark.parametrize("changes, words", [
    ({}, "LAST_STEP = 11"), ({"optimizer": "sgd"}, "EPOCHS = 3"), ({"at": 36}, "EPOCHS = 3")])
def test_a_run_that_goes_on_in_the_middle_of_an_epoch_ends_with_one(changes: dict[str, Any], words: str):
    """Iris has four batches an epoch: of three epochs from step 37 on, the first has three steps left."""
    values = {"batch_size": 25, "epochs": 3, **changes}
    at = values.pop("at", 37)
    written = script(RunConfig.from_dict({**values, "start": {"at": at, "config": {
        "epochs": 10, "optimizer": "adam"}}}))
    assert words in written and "\nEPOCHS = 3" in written
    assert ("callbacks=[Stopped()]" in written[written.index("\nhistory = "):]) == (not changes)
