"""Every export is executed, and reaches the run's result within the spread of seeds.

Scripts are put together of pieces. Each piece is run in some script here, not each preset: a test below finds
what no script that is run would call.
"""

import ast
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from core.catalog.losses import LOSSES, losses_for
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.datasets import DATASETS, FILES, available, splits
from core.export import script
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import Paused
from core.runs.presets import good_start, presets
from core.settings import from_environment
from core.training.fit import fit
from tests.core.export.test_script import TWO_PHASES

RUNNER = Path(__file__).with_name("running.py")
SAMPLES = 12
# What no sample has: one input, few examples, images from files in grey and in colour, one output, several
# steps.
PRESETS = ("hello", "huge", "dropout", "cifar10", "tutorial_binary", "autoencoder", "forecast")
# Scripts that a fresh process runs one after the other.
TOGETHER = 10
# Seeds of ours that say how much is luck.
SEEDS = 4
# How far areas under the ROC curve may be apart: of 40 faults, one more or less is 0.02.
AREA = 0.03
# What luck of a few seeds may miss: a share of the test examples, and of a mean error.
LEAST, LEAST_SHARE = 0.08, 0.15
# These run on the other backends too, where those are installed.
ELSEWHERE = ("good", "hello", "tutorial_rnn")

TRANSFERRED: dict[str, Any] = {
    "dataset": "digits", "dataset_parameters": {"classes": list("56789")}, "training_size": 60, "epochs": 30,
    "architecture": "cnn", "architecture_parameters": {"filters": [8, 16], "dense_units": [16]}, "seed": 2,
    "start": {"at": "kept", "layers": 2, "frozen": 1, "rate_factor": 0.1, "config": {
        "dataset_parameters": {"classes": list("01234")}, "training_size": 0, "epochs": 8, "seed": 4}}}

PROBE: dict[str, Any] = {
    "dataset": "digits", "training_size": 100, "validation_share": 0.0, "epochs": 40,
    "architecture_parameters": {"hidden_units": [64]}, "seed": 2, "start": {
        "at": "kept", "layers": 1, "frozen": 1, "config": {
            "target": "input", "masking": 0.3, "training_size": 0, "epochs": 20, "seed": 4,
            "architecture": "autoencoder", "architecture_parameters": {"hidden_units": [64], "code": 16}}}}

Changes = tuple[tuple[int, float], ...]
# With the steps after which the run was stopped, if it was.
Case = tuple[RunConfig, Changes, int | None]


def shortened(config: RunConfig) -> RunConfig:
    """A preset with fewer images and fewer epochs; four examples go as quickly as one."""
    if config.dataset in FILES:
        return config.replaced(training_size=600, epochs=2)
    return config if config.dataset == "hello" else config.replaced(epochs=min(config.epochs, 40))


def sampled(number: int) -> tuple[RunConfig, Changes]:
    """A config of many choices that learns in a few seconds, and changes of its learning rate."""
    draw = random.Random(number)
    dataset = draw.choice(["iris", "wine", "digits", "moons", "blobs", "curve", "diabetes", "sine"])
    data, optimizer = DATASETS[dataset], draw.choice(list(OPTIMIZERS))
    architectures = {1: ["mlp", "softmax"], 2: ["cnn1d", "tutorial_rnn", "transformer"],
                     3: ["cnn", "mlp", "resnet"]}[len(data.shape)]
    name, more = draw.choice(architectures), dict[str, Any]()
    if data.classes:
        more = {"class_weights": draw.choice(["none", "balanced"]), "label_noise": draw.choice([0.0, 0.1]),
                "imbalance": draw.choice([0.0, 0.6])}
    if data.is_image:
        more["training_size"] = 500
        more["architecture_parameters"] = {} if name == "mlp" else {"filters": (8, 16)}
        more["augmentation_parameters"] = draw.choice([{}, {"shift": 0.1, "rotation": 10.0, "noise": 0.05}])
    config = RunConfig(
        dataset=dataset, architecture=name,
        activation=draw.choice(["relu", "tanh", "elu"]),
        initializer=draw.choice(["glorot_uniform", "he_normal"]), l2=draw.choice([0.0, 0.001]),
        dropout_rate=draw.choice([0.0, 0.2]), batch_normalization=draw.random() < 0.3, optimizer=optimizer,
        learning_rate=OPTIMIZERS[optimizer].learning_rate / 2,
        loss=draw.choice(losses_for(data.task, len(data.classes))),
        schedule=draw.choice(list(SCHEDULES)), clip_norm=draw.choice([0.0, 1.0]),
        batch_size=draw.choice([16, 32, 50]), epochs=draw.choice([10, 20]), patience=draw.choice([0, 0, 8]),
        seed=draw.randrange(1000), **more)
    if config.augments:
        # Until little is left to learn: halfway there, luck is as large as all that may be wrong.
        config = config.replaced(loss="cross_entropy", learning_rate=OPTIMIZERS[optimizer].learning_rate,
                                 epochs=20)
    return config, draw.choice([(), ((20, config.learning_rate / 3), (40, config.learning_rate / 2))])


def cases() -> dict[str, Case]:
    found: dict[str, Case] = {
        f"preset-{name}": (shortened(presets()[name].config), (), None) for name in PRESETS
        if available(presets()[name].config.dataset)}
    steered = RunConfig(optimizer="sgd_momentum", learning_rate=0.1, epochs=30, seed=3)
    found["steered"] = steered, ((20, 0.01), (60, 0.002)), None
    # Within an epoch, and at the end of one where early stopping would have taken weights back.
    found["stopped"] = RunConfig(schedule="cosine", epochs=60, seed=2), ((30, 0.02),), 50
    found["stopped-early"] = RunConfig(dataset="digits", epochs=60, patience=20), (), 180
    # From another run's weights: without them, these would have learned next to nothing. One goes on with its
    # optimizer's state, in the middle of an epoch; the other has another optimizer and another activation.
    found["started"] = RunConfig.from_dict({
        "epochs": 2, "learning_rate": 1e-4, "schedule": "cosine", "seed": 3, "start": {
            "config": {"epochs": 60, "learning_rate": 0.01, "schedule": "constant", "schedule_parameters": {},
                       "seed": 1},
            "at": 100, "learning_rates": [[20, 0.02]], "edits": [["logits/bias", 2, 0.0]]}}), ((2, 5e-5),), 5
    found["started-anew"] = RunConfig.from_dict({
        "dataset": "diabetes", "epochs": 1, "learning_rate": 1e-4, "optimizer": "sgd", "activation": "tanh",
        "dropout_rate": 0.1, "start": {"at": "kept", "config": {
            "epochs": 60, "optimizer": "adam", "learning_rate": 0.01, "dropout_rate": 0.0,
            "patience": 10}}}), (), None
    # Damaged inputs, and a preset that gives back images.
    found["damaged"] = RunConfig(dataset="digits", target="input", architecture="autoencoder", masking=0.2,
                                 input_noise=0.1, learning_rate=0.003, epochs=20), (), None
    found["anomalies"] = shortened(good_start("sensor")), (), None
    # A few layers of a start on other classes: one of them frozen, the other slower than the rest.
    found["transferred"] = RunConfig.from_dict(TRANSFERRED), (), None
    found["transferred-in-two-phases"] = RunConfig.from_dict(TWO_PHASES), (), None
    # Layers of an autoencoder, frozen: a probe of what was learned without labels.
    found["probe"] = RunConfig.from_dict(PROBE), (), None
    if available("sentence_polarity"):
        found["sentences"] = RunConfig(
            dataset="sentence_polarity", dataset_parameters={"vocabulary": 2000, "length": 20}, epochs=3,
            architecture="transformer", learning_rate=0.003, training_size=1000), (), None
    # A few ratings of few users; a network of its own on the same ones.
    pairs = {"dataset": "ratings", "batch_size": 64, "epochs": 10, "l2": 0.001,
             "dataset_parameters": {"users": 60, "titles": 40, "ratings": 1000}}
    found["ratings"] = RunConfig(architecture="factorization", **pairs), (), None
    found["ratings-neural"] = RunConfig(architecture="neural_recommender", **pairs), (), None
    # Of samples 8 and 10 all that they call is called by others.
    return found | {f"sample-{number:02}": (*sampled(number), None) for number in range(SAMPLES)
                    if number not in (8, 10)}


CASES = cases()


def environment(cache: Path, backend: str = "jax") -> dict[str, str]:
    # What one script compiled is there for the next, which has the same small programs.
    kept = {"JAX_COMPILATION_CACHE_DIR": str(cache / "scripts"),
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1"}
    return {**os.environ, **kept, "KERAS_BACKEND": backend, "KERAS_HOME": str(cache / "keras"),
            "PYTHONPATH": ""}


def write(folder: Path, case: Case) -> Path:
    folder.mkdir(parents=True)
    path = folder / "script.py"
    path.write_text(script(*case), "utf-8")
    return path


@pytest.fixture(scope="module")
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory,
            cache: Path) -> Iterator[Callable[[str], tuple[Path, str]]]:
    """From a case to its folder and what its script printed; a fresh process runs a few of them.

    Those of all tests that were asked for run one after the other, while the tests do their own runs.
    """
    calls = [getattr(item, "callspec", None) for item in request.session.items]
    names = [name for name in CASES if any(call and call.params == {"name": name} for call in calls)]
    found: dict[str, tuple[Path, Future[dict[str, str]]]] = {}
    with ThreadPoolExecutor(1) as beside:
        for start in range(0, len(names), TOGETHER):
            folder, together = tmp_path_factory.mktemp("scripts"), names[start:start + TOGETHER]
            for name in together:
                write(folder / name, CASES[name])
            texts = beside.submit(run_all, folder, cache)
            found |= {name: (folder / name, texts) for name in together}

        def of(name: str) -> tuple[Path, str]:
            folder, texts = found[name]
            return folder, texts.result()[name]

        yield of
        beside.shutdown(cancel_futures=True)


def run_all(folder: Path, cache: Path, backend: str = "jax") -> dict[str, str]:
    """What each script in the folders of `folder` printed, all of them run in one fresh process."""
    done = subprocess.run([sys.executable, str(RUNNER), str(folder)], env=environment(cache, backend),
                          text=True, capture_output=True, cwd=folder)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def told(text: str, config: RunConfig) -> float:
    """The test accuracy or the test error that a script printed."""
    name = "error" if config.data.reconstructs else "accuracy" if config.data.classes else "MAE"
    found = re.findall(rf"^test {name}: (\S+)$", text, re.MULTILINE)
    assert len(found) == 1, text[-3000:]
    return float(found[0])


def reached(config: RunConfig, changes: Changes, stopped: int | None) -> float:
    """The same of a run of ours: NaN where it diverged before anything was seen."""
    last = evaluated(config, changes, stopped)
    return float("nan") if last is None else last.metric


def evaluated(config: RunConfig, changes: Changes, stopped: int | None) -> Evaluation | None:
    """The last evaluation of a run of ours."""
    last = None
    made = splits.split(config.data, config.preparation)
    mailbox = ControlsMailbox(Controls() if stopped is None else Controls(paused=True, steps=stopped))
    for event in fit(config, made, mailbox, from_environment(), replay=changes):
        last = event if isinstance(event, Evaluation) else last
        if isinstance(event, Paused):
            assert event.step == stopped
            mailbox.set(Controls(version=1, stopped=True))
    return last


def compare(got: float, config: RunConfig, changes: Changes = (), stopped: int | None = None) -> None:
    first = reached(config, changes, stopped)
    least = LEAST if config.data.classes else LEAST_SHARE * abs(first)
    if abs(got - first) <= least:
        return
    ours = [first, *(reached(config.replaced(seed=config.seed + more), changes, stopped)
                     for more in range(1, SEEDS))]
    if not np.isfinite(ours).all():
        # It diverged here, so nothing is promised of what it says there.
        return
    assert abs(got - ours[0]) <= max(least, 3 * float(np.std(ours, ddof=1))), (got, ours)


# The first waits for all scripts that run together.
@pytest.mark.timeout(900)
@pytest.mark.sweep
@pytest.mark.parametrize("name", CASES)
def test_a_script_reaches_what_the_run_reached(name: str, printed: Callable[[str], tuple[Path, str]]):
    config, changes, stopped = CASES[name]
    folder, text = printed(name)
    compare(told(text, config), config, changes, stopped)
    if config.data.detects:
        said = re.findall(r"^area under the ROC curve: (\S+)$", text, re.MULTILINE)
        last = evaluated(config, changes, stopped)
        assert float(said[0]) == pytest.approx(last.reconstructions.area, abs=AREA) and float(said[0]) > 0.9
    if config.data.is_text:
        assert re.search(r"^this network: \[\{'label': '(negative|positive)', 'score': (0\.[5-9]|1\.)", text,
                         re.MULTILINE)
    saved = keras.models.load_model(folder / "model.keras", compile=True)
    assert saved.input_shape == (None, *config.data.shape)
    assert saved.output_shape[1:] == (
        config.data.shape if config.data.reconstructs else (config.output_units,))
    with np.load(folder / "answers.npz") as answers:
        if stopped is not None:
            # An optimizer that goes on has counted the steps of the start, too.
            begun = int(config.start.at) if config.start else 0
            assert int(answers["steps"]) == begun + stopped
        expected = answers["model"]
        if config.data.classes and LOSSES[config.loss].output == "linear":
            expected = np.exp(expected - expected.max(1, keepdims=True))
            expected /= expected.sum(1, keepdims=True)
        np.testing.assert_allclose(answers["saved"], expected, rtol=1e-4, atol=1e-6)


def test_a_script_runs_on_its_own(tmp_path: Path, cache: Path):
    config = presets()["hello"].config
    path = write(tmp_path / "hello", (config, (), None))
    done = subprocess.run([sys.executable, path.name], env=environment(cache), cwd=path.parent, text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stderr[-3000:]
    compare(told(done.stdout, config), config)
    said = re.findall(r"^for x = 5 the network says (\S+)$", done.stdout, re.MULTILINE)
    assert abs(float(said[0]) - 10) < 0.3


@pytest.mark.sweep
@pytest.mark.parametrize("backend", ["tensorflow", "torch"])
def test_scripts_run_on_other_backends(backend: str, tmp_path: Path, cache: Path):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    for name in ELSEWHERE:
        write(tmp_path / name, (presets()[name].config, (), None))
    config = CASES["sample-01"][0]
    assert config.augments
    write(tmp_path / "augmented", (config, (), None))
    texts = run_all(tmp_path, cache, backend)
    for name in ELSEWHERE:
        compare(told(texts[name], presets()[name].config), presets()[name].config)
    compare(told(texts["augmented"], config), config)


def test_the_samples_use_what_there_is_to_use():
    """A sample that never draws a choice proves nothing of it."""
    configs = [config for name, (config, *_) in CASES.items() if name.startswith("sample-")]
    assert {config.data.task for config in configs} == {"classification", "regression", "forecasting"}
    assert len({config.optimizer for config in configs}) > 5
    assert len({config.schedule for config in configs}) > 3
    assert any(changes for _, changes, _ in CASES.values())
    assert any(config.augments for config in configs)
    assert any(config.patience for config in configs) and any(config.clip_norm for config in configs)


def called(code: str) -> set[str]:
    """The functions and classes that a script calls, each with the names of the arguments that it gives."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return {ast.unparse(call.func) for call in calls} | {
        f"{ast.unparse(call.func)}({given.arg}=)" for call in calls for given in call.keywords}


def test_no_preset_calls_what_is_not_run():
    ran = set[str]().union(*(called(script(*case)) for case in CASES.values()))
    for name, preset in presets().items():
        if available(preset.config.dataset):
            assert called(script(preset.config)) <= ran, name
    assert not called("keras.layers.Dense(3, use_bias=False)") <= ran, "it would be noticed"


