"""Every export is executed, and reaches the run's result within the spread of seeds.

Scripts are put together of pieces. Each piece is run in some script here, not each preset: a test below finds
what no script that is run would call.
"""

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import pytest

from core.catalog.losses import LOSSES
from core.datasets import available, splits
from core.export import script
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import Paused
from core.runs.presets import presets
from core.settings import from_environment
from core.training.fit import fit
from tests.core.export.running_cases import CASES, Case, Changes

RUNNER = Path(__file__).with_name("running.py")
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
    name = ("guessed" if config.data.guesses else "error" if config.data.reconstructs else
            "accuracy" if config.data.classes else "MAE")
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
    if config.data.classes and config.data.is_text:
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
        if (config.data.classes or config.data.guesses) and LOSSES[config.loss].output == "linear":
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


