"""Runs whose condition is known before the coach sees them: what is wrong with each, or nothing.

Of each condition there are three runs. The first two were looked at while the coach's rules were tuned: the
second was held out until it had been counted once. The third is held out, and is only ever counted. So is
every other healthy run.
"""

from dataclasses import dataclass
from typing import Any

from core.runs.config import RunConfig


@dataclass(frozen=True)
class Condition:
    """One run. expected: the rules that would be right, any one of them; empty for a healthy run.

    held_out: whether it is left out of tuning.
    """

    name: str
    config: RunConfig
    expected: frozenset[str] = frozenset()
    held_out: bool = False


def _run(dataset: str, *units: int, **values: Any) -> RunConfig:
    own: dict[str, Any] = {"architecture_parameters": {"hidden_units": units}} if units else {}
    return RunConfig(dataset=dataset, **own, **values)


def _points(dataset: str, *units: int, data: dict[str, Any], **values: Any) -> RunConfig:
    return _run(dataset, *units, dataset_parameters=data, **values)


RATE = ("learning_rate_high", "diverging")
SIX = (16,) * 6
NOISY = {"noise": 0.35, "count": 500}

ILL: tuple[tuple[str, tuple[str, ...], RunConfig, RunConfig, RunConfig], ...] = (
    ("rate too high", RATE, _run("iris", learning_rate=10.0), _run("wine", learning_rate=3.0),
     _run("breast_cancer", learning_rate=5.0)),
    ("rate too low", ("learning_rate_low",), _run("iris", learning_rate=1e-5),
     _run("moons", optimizer="sgd", learning_rate=0.001),
     _run("blobs", optimizer="sgd", learning_rate=0.0005)),
    ("diverges", RATE, _run("curve", optimizer="sgd", learning_rate=2.0),
     _run("diabetes", optimizer="sgd", learning_rate=5.0),
     _run("ten_features", optimizer="sgd_momentum", learning_rate=5.0)),
    ("two or three epochs", ("too_few_epochs",), _run("digits", learning_rate=0.001, epochs=2),
     _run("wine", learning_rate=0.003, epochs=3), _run("quantiles", learning_rate=0.003, epochs=2)),
    ("some epochs", ("too_few_epochs",), _run("moons", learning_rate=0.003, epochs=5),
     _run("breast_cancer", learning_rate=0.001, epochs=5), _run("circles", learning_rate=0.003, epochs=6)),
    ("inputs as they are", ("inputs_not_scaled",), _run("wine", scaling="none"),
     _run("breast_cancer", scaling="none", optimizer="sgd", learning_rate=0.1),
     _run("diabetes", scaling="none")),
    ("weights of zero", ("same_weights",), _run("iris", initializer="zeros"),
     _run("wine", initializer="zeros"), _run("breast_cancer", initializer="zeros")),
    ("gradients vanish", ("vanishing_gradients",),
     _run("moons", *SIX, activation="sigmoid", optimizer="sgd", learning_rate=0.1, epochs=100),
     _run("iris", *SIX, activation="sigmoid"),
     _run("circles", *SIX, activation="sigmoid", optimizer="sgd", learning_rate=0.1, epochs=100)),
    ("dead units", ("dead_units", *RATE),
     _run("curve", 64, 64, 64, optimizer="sgd", learning_rate=0.5),
     _run("sine", 64, 64, 64, optimizer="sgd", learning_rate=0.7),
     _run("diabetes", 64, 64, 64, optimizer="sgd", learning_rate=0.7)),
    ("a rare class", ("rare_class",),
     _points("blobs", data={"count": 1000, "noise": 2.5, "rare_share": 0.03}),
     _points("moons", data={"count": 1000, "noise": 0.5, "rare_share": 0.03}),
     _points("circles", data={"count": 1000, "noise": 0.3, "rare_share": 0.03})),
    ("few examples", ("overfitting",), _points("moons", 256, 256, data=NOISY, training_size=60, epochs=150),
     _points("circles", 256, 256, data={"noise": 0.3, "count": 500}, training_size=60, epochs=150),
     _run("ten_features", 64, 64, training_size=60, epochs=150)),
    ("wrong labels", ("overfitting",), _run("digits", 128, label_noise=0.4),
     _run("breast_cancer", 128, 128, label_noise=0.3, epochs=100),
     _points("moons", 128, 128, data={"noise": 0.2, "count": 500}, label_noise=0.3, epochs=200)),
    ("validation stands still", ("overfitting",), _run("diabetes", 64, 64, epochs=60),
     _run("ten_features", 64, 64, epochs=60),
     _points("moons", 64, 64, data={"noise": 0.4, "count": 300}, epochs=300)),
    ("too small", ("underfitting",), _run("curve", 1, epochs=100), _run("digits", 2, epochs=40),
     _run("spirals", 2, activation="tanh", epochs=150)),
    ("a straight line", ("underfitting",), _run("xor", architecture="softmax"),
     _run("circles", activation="linear"), _run("quantiles", architecture="softmax")),
    ("dropout of 0.9", ("dropout_high",), _run("iris", dropout_rate=0.9),
     _run("breast_cancer", dropout_rate=0.9, epochs=30), _run("moons", dropout_rate=0.9)),
    ("a penalty of 1", ("penalty_high",), _run("wine", l2=1.0), _run("blobs", l2=1.0),
     _run("diabetes", l2=1.0)),
    ("all examples a batch", ("batch_large", "too_few_epochs"),
     _run("iris", batch_size=1000, learning_rate=0.001), _run("wine", batch_size=1000, learning_rate=0.0003),
     _run("breast_cancer", batch_size=1000, learning_rate=0.001)))

HEALTHY: tuple[RunConfig, ...] = (
    _run("iris"), _run("iris", activation="tanh"),
    _run("wine", epochs=30), _run("wine", 32, optimizer="sgd", learning_rate=0.1),
    _run("breast_cancer", epochs=30, learning_rate=0.003),
    _run("breast_cancer", architecture="softmax", epochs=40),
    _run("moons", epochs=100), _run("moons", optimizer="sgd_momentum", learning_rate=0.05, epochs=100),
    _run("circles", epochs=100), _run("circles", 32, activation="tanh", epochs=150),
    _run("blobs", epochs=15, learning_rate=0.003), _run("blobs", architecture="softmax"),
    _run("xor", epochs=100), _run("xor", 32, epochs=150),
    _run("quantiles", epochs=100), _run("spirals", 32, 32, activation="tanh", epochs=600),
    _run("digits", 64, learning_rate=0.001, epochs=25),
    _run("digits", architecture="softmax", learning_rate=0.003, epochs=30),
    _run("curve", 32, 32, activation="tanh", epochs=200), _run("curve", epochs=100),
    _run("diabetes", 16, epochs=60, learning_rate=0.003, l2=0.01),
    _run("diabetes", architecture="softmax", epochs=60),
    _run("sine", 32, epochs=40), _run("sine", 16, 16, epochs=60, learning_rate=0.003),
    _run("ten_features", 8, epochs=60, learning_rate=0.003),
    _run("ten_features", architecture="softmax", epochs=30),
    _run("iris", schedule="cosine"), _run("wine", dropout_rate=0.2, epochs=40),
    _run("iris", patience=10, epochs=200), _run("moons", l2=0.001, epochs=100))

# Without validation: nothing may be said of overfitting, so a run that overfits is one to be silent about.
UNHELD_ILL: tuple[tuple[str, tuple[str, ...], RunConfig], ...] = (
    ("rate too low", ("learning_rate_low",), _run("iris", learning_rate=1e-5, validation_share=0.0)),
    ("some epochs", ("too_few_epochs",), _run("moons", learning_rate=0.003, epochs=5, validation_share=0.0)),
    ("weights of zero", ("same_weights",), _run("wine", initializer="zeros", validation_share=0.0)),
    ("a straight line", ("underfitting",), _run("xor", architecture="softmax", validation_share=0.0)),
    ("diverges", RATE, _run("curve", optimizer="sgd", learning_rate=2.0, validation_share=0.0)),
    ("dropout of 0.9", ("dropout_high",), _run("iris", dropout_rate=0.9, validation_share=0.0)))
UNHELD_HEALTHY: tuple[RunConfig, ...] = (
    RunConfig(dataset="hello", architecture="softmax", optimizer="sgd", scaling="none", learning_rate=0.01,
              epochs=500, validation_share=0.0),
    *(_run(name, epochs=100, validation_share=0.0) for name in ("iris", "wine", "moons", "curve")),
    _points("moons", 256, 256, data=NOISY, training_size=60, epochs=150, validation_share=0.0))


def conditions() -> tuple[Condition, ...]:
    """All runs with validation: of the ill ones the last of each condition is held out."""
    ill = [Condition(f"{name}: {config.dataset}", config, frozenset(expected), place == 2)
           for name, expected, *runs in ILL for place, config in enumerate(runs)]
    return (*ill, *(Condition(f"healthy: {config.dataset}, {config.name}", config, held_out=bool(place % 2))
                    for place, config in enumerate(HEALTHY)))


def without_validation() -> tuple[Condition, ...]:
    """All runs without validation."""
    return (*(Condition(f"{name}: {config.dataset}", config, frozenset(expected))
              for name, expected, config in UNHELD_ILL),
            *(Condition(f"healthy: {config.dataset}, {config.name}", config) for config in UNHELD_HEALTHY))
