"""Every rule of the coach, provoked by a real run and silent beside another, and cured by its own change."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from core.coach import RULES, Advice, advise
from core.coach.capacity_rules import overfitting
from core.coach.run_summary import RunSummary
from core.datasets.splits import split
from core.formatting import number
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.history import History
from core.runs.presets import good_start, presets
from core.settings import from_environment
from core.training.fit import fit

SETTINGS = from_environment({})
NOISY = {"count": 500, "noise": 0.4}
RARE = {"count": 1000, "noise": 2.5, "rare_share": 0.03}
DEEP, WIDE, LARGE = {"hidden_units": [16] * 6}, {"hidden_units": [64] * 3}, {"hidden_units": [128]}


def case(dataset: str = "iris", **fields: Any) -> RunConfig:
    return RunConfig(dataset=dataset, **fields)


SPARSE = {"users": 200, "titles": 40, "ratings": 250}
FROZEN = presets()["frozen"].config

# A run that makes the rule speak, and one like it that must not.
CASES = {
    "inputs_not_scaled": (case("wine", scaling="none"), case("iris", scaling="none")),
    "inputs_not_scaled, numbers": (case("diabetes", scaling="none"), case("curve", scaling="none")),
    "same_weights": (case(initializer="zeros"), case(initializer="he_normal")),
    "learning_rate_high": (case(learning_rate=10.0), case(learning_rate=0.02)),
    "diverging": (case(optimizer="sgd", learning_rate=10.0, activation="linear"),
                  case(optimizer="sgd", learning_rate=0.1, activation="linear")),
    "diverging, numbers": (case("curve", optimizer="sgd", learning_rate=2.0),
                           case("curve", optimizer="sgd", learning_rate=0.05)),
    "vanishing_gradients": (case(activation="sigmoid", architecture_parameters=DEEP),
                            case(activation="relu", architecture_parameters=DEEP)),
    "dead_units": (case("curve", optimizer="sgd", learning_rate=0.5, architecture_parameters=WIDE),
                   case("curve", optimizer="sgd", learning_rate=0.05, architecture_parameters=WIDE)),
    "learning_rate_low": (case(learning_rate=1e-5), case(learning_rate=0.005)),
    "learning_rate_low, numbers": (case("curve", learning_rate=1e-5), case("curve", learning_rate=0.01)),
    # With one valley only: among several, the last digits decide whether such steps oscillate or diverge.
    "oscillating": (case(architecture="softmax", optimizer="sgd", learning_rate=1.9, batch_size=2,
                         training_size=30, label_noise=0.2),
                    case(architecture="softmax", optimizer="sgd", learning_rate=0.05, batch_size=2,
                         training_size=30, label_noise=0.2)),
    "dropout_high": (case(dropout_rate=0.9), case(dropout_rate=0.2)),
    "penalty_high": (case("wine", l2=1.0), case("wine", l2=0.001)),
    "rare_class": (case("blobs", dataset_parameters=RARE), case("blobs", dataset_parameters=RARE,
                                                               class_weights="balanced")),
    "overfitting": (case("digits", label_noise=0.4, architecture_parameters=LARGE),
                    case("digits", label_noise=0.4, architecture_parameters=LARGE, patience=5)),
    "overfitting, few examples": (
        case("moons", dataset_parameters=NOISY, training_size=100, epochs=150,
             architecture_parameters={"hidden_units": [256, 256]}),
        case("moons", epochs=100)),
    "underfitting": (case("digits", epochs=40, architecture_parameters={"hidden_units": [2]}),
                     case("digits", epochs=40)),
    "underfitting, one unit": (case("curve", epochs=100, architecture_parameters={"hidden_units": [1]}),
                               case("curve", epochs=100)),
    "underfitting, a straight line": (case("xor", architecture="softmax"), case("xor", epochs=100)),
    "underfitting, numbers": (case("curve", activation="linear"), case("curve")),
    "frozen_deep": (FROZEN, FROZEN.replaced(start=FROZEN.to_dict()["start"] | {"layers": 2, "frozen": 2})),
    "copying": (case("digits", target="input", architecture="autoencoder", learning_rate=0.003,
                     architecture_parameters={"hidden_units": [], "code": 64}, epochs=40),
                case("digits", target="input", architecture="autoencoder", learning_rate=0.003, epochs=40)),
    "short_window": (presets()["short_window"].config, good_start("demand")),
    # One rating a user: a fifth of the users is in the validation set alone.
    "unseen": (case("ratings", dataset_parameters=SPARSE, architecture="factorization", epochs=20),
               case("ratings", dataset_parameters=SPARSE | {"users": 20}, architecture="factorization",
                    epochs=20)),
    "batch_large": (case(batch_size=1000, learning_rate=0.001), case(batch_size=8)),
    "too_few_epochs": (case(epochs=2), case(epochs=200)),
    "too_few_epochs, numbers": (case("curve", epochs=3), case("curve", epochs=100)),
}
# The rules are the same for another seed: it shows that a run is not on the brink.
SEEDS = pytest.mark.parametrize("seed", [0, pytest.param(2, marks=pytest.mark.sweep)])


@cache
def trained(config: RunConfig) -> tuple[History, tuple[str, ...]]:
    """The history of a run, and the names of all that the coach said while it was under way."""
    data, history, during = split(config.data, config.preparation), History(), set()
    for event in fit(config, data, ControlsMailbox(), SETTINGS):
        history.append(event)
        during |= {one.name for one in advise(config, history, "training")}
    return history, tuple(sorted(during))


def dead(config: RunConfig, history: History, x: np.ndarray) -> float | None:
    """The share of dead units of a stack of Dense relu layers, by NumPy from the last weights."""
    layers, weights = config.layers(), history.finished.weights
    plain = all(layer["class_name"] == "Dense"
                and layer["config"]["activation"] == "relu" for layer in layers)
    if not plain or not weights:
        return None
    off = []
    for kernel, bias in zip(weights[0:-2:2], weights[1:-2:2], strict=True):
        x = np.maximum(x @ kernel + bias, 0)
        off.append((x == 0).all(axis=0))
    return float(np.concatenate(off).mean()) if off else None


def advice(config: RunConfig) -> dict[str, Advice]:
    history, _ = trained(config)
    return {one.name: one for one in advise(config, history, history.finished.status)}


# Seeds change faster than networks: one that is compiled is at hand for the next. Further cases of a rule are
# named after a comma, and are a sweep.
@pytest.mark.parametrize("name", [
    pytest.param(name, marks=pytest.mark.sweep if "," in name else ()) for name in CASES])
@SEEDS
def test_a_run_provokes_the_rule_and_another_does_not(name: str, seed: int):
    rule = name.split(",")[0]
    provoking, sound = (case.replaced(seed=seed) for case in CASES[name])
    said = advice(provoking)
    assert rule in said, list(said)
    assert provoking.replaced(**said[rule].change) != provoking
    assert rule not in advice(sound)


def test_every_rule_is_provoked():
    assert {name.split(",")[0] for name in CASES} == {rule.name for rule in RULES}
    assert all(rule.source and rule.title for rule in RULES)


# Rules whose change is the cure; the others say what helps, and there is more to try.
CURED = ("inputs_not_scaled", "same_weights", "learning_rate_high", "diverging", "vanishing_gradients",
         "learning_rate_low", "oscillating", "too_few_epochs", "batch_large", "overfitting, few examples",
         "dropout_high", "penalty_high", "rare_class", "underfitting, one unit",
         "underfitting, a straight line", "underfitting, numbers",
         "learning_rate_low, numbers", "inputs_not_scaled, numbers", "diverging, numbers",
         "too_few_epochs, numbers")


@pytest.mark.sweep
@pytest.mark.parametrize("name", CURED)
def test_its_change_takes_the_advice_away(name: str):
    rule, config = name.split(",")[0], CASES[name][0]
    for _ in range(2):
        said = advice(config)
        if rule not in said:
            break
        config = config.replaced(**said[rule].change)
    assert rule not in advice(config)
    assert config != CASES[name][0]


# Rule by rule the coach may say more than one thing; what it says first is what a learner tries first.
FIRST = {
    "Two epochs, at Adam's own rate": (presets()["two_epochs"].config, "too_few_epochs"),
    "five epochs": (case("moons", learning_rate=0.003, epochs=5), "too_few_epochs"),
    "validation stands still": (case("ten_features", architecture_parameters={"hidden_units": [64, 64]}),
                                "overfitting"),
    "a rare class": (CASES["rare_class"][0], "rare_class"),
    "dropout of 0.9": (CASES["dropout_high"][0], "dropout_high"),
    "one unit": (CASES["underfitting, one unit"][0], "underfitting"),
    "a penalty of 1": (CASES["penalty_high"][0], "penalty_high"),
    "diverges": (CASES["diverging, numbers"][0], "diverging")}


@pytest.mark.parametrize("name", FIRST)
@SEEDS
def test_what_it_says_first_is_what_is_wrong(name: str, seed: int):
    config, rule = FIRST[name]
    assert next(iter(advice(config.replaced(seed=seed)))) == rule


def test_a_run_that_diverges_began_where_its_curve_begins():
    config = CASES["diverging, numbers"][0]
    history, found = trained(config)[0], advice(config)["diverging"]
    assert 0.5 < history.steps[0][2] < 2 < history.epochs[0][3]
    assert f"at the first step it was {history.steps[0][2]:.3g}" in found.evidence


def test_without_validation_it_says_nothing_of_overfitting_and_without_a_test_set_the_same():
    config = CASES["overfitting, few examples"][0]
    assert "overfitting" in advice(config)
    assert "overfitting" not in advice(config.replaced(validation_share=0.0))
    history, _ = trained(config)
    before, history.evaluation = history.evaluation, None
    try:
        assert before is not None and "overfitting" in advice(config)
    finally:
        history.evaluation = before


def test_what_the_presets_are_there_to_show_is_what_it_says():
    shown = {"rate_10": "learning_rate_high", "zeros": "same_weights", "vanishing": "vanishing_gradients",
             "two_epochs": "too_few_epochs", "no_scaling": "inputs_not_scaled", "huge": "overfitting",
             "memorized": "overfitting", "memorized_ratings": "overfitting",
             "memorized_words": "overfitting",
             "frozen": "frozen_deep", "copies": "copying", "anomaly_copies": "copying",
             "short_window": "short_window"}
    bad = {name: preset for name, preset in presets().items() if preset.kind == "bad"}
    assert bad.keys() == shown.keys()
    assert {name: next(iter(advice(preset.config)), "") for name, preset in bad.items()} == shown


SOUND = {
    "the first run": case(),
    "wine": case("wine"),
    "a convolutional network": case("digits", architecture="cnn", learning_rate=0.001, epochs=20,
                                    architecture_parameters={"filters": [8, 16], "dense_units": [32]}),
    "a curve": case("curve"),
    "a series": case("sine"),
    "moons": case("moons"),
    "blobs, as it begins": good_start("blobs"),
    "stochastic": case(batch_size=1, epochs=20),
    "a schedule": case(schedule="cosine"),
    "a penalty": case(l2=0.01),
    "hello": case("hello", architecture="softmax", optimizer="sgd", learning_rate=0.01, epochs=500),
}


@pytest.mark.parametrize("name", SOUND)
@SEEDS
def test_of_a_good_run_there_is_nothing_to_say(name: str, seed: int):
    config = SOUND[name].replaced(seed=seed)
    assert set(advice(config)) <= {"too_few_epochs"}
    assert trained(config)[1] == ()


@pytest.mark.sweep
def test_mnist_on_a_convolutional_network_is_fine(data):
    config = case("mnist", training_size=4000, architecture="cnn", learning_rate=0.001, epochs=5,
                  architecture_parameters={"filters": [8, 16], "dense_units": [32]})
    assert set(advice(config)) <= {"too_few_epochs"}
    assert trained(config)[1] == ()


def test_what_is_said_during_a_run_is_said_at_its_end_too():
    for name in ("inputs_not_scaled", "same_weights", "learning_rate_low", "overfitting"):
        config = CASES[name][0]
        assert name in trained(config)[1] and name in advice(config)


def test_it_tells_the_epoch_at_which_the_validation_loss_turned():
    config = CASES["overfitting"][0]
    history, found = trained(config)[0], advice(config)["overfitting"]
    values = [row[3] for row in history.epochs]
    assert f"after epoch {1 + int(np.argmin(values))} " in found.evidence
    assert f"({number(min(values))})" in found.evidence


def test_where_most_labels_are_wrong_it_advises_right_ones_and_not_more_of_them():
    config = CASES["overfitting"][0]
    seen = RunSummary.of(config, trained(config)[0], "finished")
    assert seen is not None
    for share, wanted in ((0.4, {"patience": 10}), (0.9, {"label_noise": 0.0})):
        found = overfitting(seen._replace(config=config.replaced(label_noise=share)))
        assert found is not None and found.change == wanted


def test_dead_units_are_told_by_the_validation_set():
    config = CASES["dead_units"][0]
    history, _ = trained(config)
    found, data = history.probe, split(config.data, config.preparation)
    assert found is not None and found.dead_share is not None
    assert found.dead_share == pytest.approx(dead(config, history, data.x_validation))
    assert found.dead_share >= 0.4
    history.probe = replace(found, dead_share=0.1)
    try:
        assert "dead_units" not in advice(config)
    finally:
        history.probe = found
