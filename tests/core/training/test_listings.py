"""The tutorials' listings, as the presets have them, reach the results that the tutorials promise."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import numpy as np
import pytest

from core.catalog.baselines import BASELINES
from core.datasets import available, splits
from core.metrics.baselines import estimator, fit_baseline
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.presets import presets
from core.settings import from_environment
from core.training.fit import fit
from core.training.model import build_model

SETTINGS = from_environment({})
SEEDS = range(4)


def listing(name: str) -> RunConfig:
    """The config of a listing. Skips where its dataset is not here."""
    config = presets()[name].config
    if not available(config.dataset):
        pytest.skip(f"{config.dataset} is not here: it would have to be downloaded")
    return config


def reached(config: RunConfig) -> Evaluation:
    """What the whole test set says at the end of a run."""
    data = splits.split(config.data, config.preparation)
    events = list(fit(config, data, ControlsMailbox(), SETTINGS))
    last = next(event for event in reversed(events) if isinstance(event, Evaluation))
    assert last.complete
    return last


def hidden(config: RunConfig) -> list[tuple]:
    """The hidden layers as a listing prints them: the class, its size, its activation."""
    names = ("filters", "units", "rate", "pool_size", "activation")
    return [(layer["class_name"], *(layer["config"][name] for name in names if name in layer["config"]))
            for layer in config.layers()]


def test_a_linear_unit_learns_that_y_is_twice_x():
    config = listing("hello")
    data = splits.split(config.data, config.preparation)
    np.testing.assert_array_equal(np.sort(data.x_train[:, 0]), [1, 2, 3, 4])
    np.testing.assert_array_equal(data.y_train, 2 * data.x_train)
    assert hidden(config) == [] and config.data.units == 1 and data.validation == 0
    assert (config.optimizer, config.learning_rate, config.epochs, config.loss) == ("sgd", 0.01, 500, "mse")
    for seed in SEEDS:
        numbers = reached(config.replaced(seed=seed)).numbers
        assert data.x_test.tolist() == [[5]]
        assert numbers.predicted == pytest.approx(10, abs=0.3)


def test_ten_units_tell_three_flowers_apart():
    config = listing("tutorial_mlp")
    assert hidden(config) == [("Dense", 10, "relu")]
    assert (config.epochs, config.preparation.validation_share) == (50, 0)
    accuracies = [reached(config.replaced(seed=seed)).metric for seed in SEEDS]
    # As printed it is stopped long before it is done: at ten times the rate it would be.
    assert min(accuracies) >= 0.5, accuracies
    assert min(reached(config.replaced(seed=seed, learning_rate=0.01)).metric for seed in SEEDS) >= 0.85


# As the tutorials' model.summary() prints them, and as their layers add up to.
WEIGHTS = {"hello": 2, "tutorial_deep": 64 * 65 + 64 * 65 + 10 * 65, "tutorial_mlp": 83,
           "tutorial_binary": 2817, "tutorial_cnn": 121_930, "tutorial_cnn_small": 693_962,
           "tutorial_rnn": 2651}


@pytest.mark.parametrize("name", WEIGHTS)
def test_a_listing_has_the_numbers_that_are_printed(name: str):
    config = presets()[name].config
    assert build_model(config).count_params() == WEIGHTS[name]
    if name != "hello":  # SGD's own default is 0.01
        assert (config.optimizer, config.learning_rate, config.batch_size) == ("adam", 0.001, 32)


def test_one_sigmoid_tells_two_classes_apart():
    config = listing("tutorial_binary")
    assert hidden(config) == [("Dense", 64, "relu"), ("Dense", 32, "relu")]
    assert (config.output_units, config.loss, config.data.shape) == (1, "binary_cross_entropy", (10,))
    assert reached(config).metric >= 0.9


def test_the_listings_forest_is_a_baseline_with_its_settings():
    config = listing("tutorial_forest")
    forest = estimator(BASELINES["forest"], config, 120)
    assert (forest.n_estimators, forest.random_state, config.validation_share) == (100, 42, 0)
    found, test = fit_baseline(config, "forest"), splits.test_set(config.data, config.preparation)
    assert (found.examples, len(test.y)) == (120, 30)
    assert f"{(found.predicted == test.y).sum()} of 30 test flowers" in presets()["tutorial_forest"].text


@pytest.mark.parametrize("dataset", ["sine", "sines"])
def test_fifty_recurrent_units_beat_the_naive_forecast(dataset: str):
    config = listing("tutorial_rnn").replaced(dataset=dataset)
    assert hidden(config) == [("SimpleRNN", 50, "tanh")] and config.data.shape == (10, 1)
    test = splits.test_set(config.data, config.preparation)
    naive = np.abs(test.x[:, -1] - test.y).mean()
    assert reached(config).metric < 0.5 * naive


def test_a_fifth_of_the_units_dropped():
    """On the small digits: the listing's own are MNIST, see below."""
    config = presets()["dropout"].config.replaced(dataset="digits", epochs=20)
    assert hidden(config)[1:] == [("Dense", 128, "relu"), ("Dropout", 0.2)]
    assert reached(config).metric >= 0.94


# After a single epoch of MNIST, which is less than the listings' five.
ONE_EPOCH = {
    "tutorial_cnn": ([("Conv2D", 32, "relu"), ("MaxPooling2D", [2, 2]), ("Conv2D", 64, "relu"),
                      ("MaxPooling2D", [2, 2]), ("Flatten",), ("Dense", 64, "relu")], 0.98),
    "tutorial_cnn_small": ([("Conv2D", 32, "relu"), ("MaxPooling2D", [2, 2]), ("Flatten",),
                            ("Dense", 128, "relu")], 0.97),
    "dropout": ([("Flatten",), ("Dense", 128, "relu"), ("Dropout", 0.2)], 0.93),
}


@pytest.mark.sweep
@pytest.mark.parametrize("name", ONE_EPOCH)
def test_an_epoch_of_mnist_gets_far(name: str):
    layers, least = ONE_EPOCH[name]
    config = listing(name)
    assert hidden(config) == layers
    assert (config.epochs, config.dataset) == (5, "mnist")
    assert reached(config.replaced(epochs=1)).metric >= least


@pytest.mark.sweep
def test_photographs_are_recognized_far_better_than_by_chance():
    """Ten classes; of the whole CIFAR-10 an epoch is as many images as ten of its sample."""
    config = listing("cifar10")
    assert [one[:2] for one in hidden(config)] == [
        ("Conv2D", 32), ("MaxPooling2D", [2, 2]), ("Conv2D", 64), ("MaxPooling2D", [2, 2]), ("Conv2D", 64),
        ("MaxPooling2D", [2, 2]), ("Flatten",), ("Dense", 64)]
    epochs = config.epochs if config.data.examples < 10_000 else 1
    assert reached(config.replaced(epochs=epochs)).metric > 0.45
