"""Every dataset x architecture x task that the page lets one choose: trained a few steps, or built.

Trained, an epoch of at most 30 examples, with few units so that compiling is nearly all the work there is:

- every architecture on each kind of example that it fits, for each task: a table, a series, an image;
- every dataset, a table of one's own for both of its tasks, by an MLP;
- what shares a compiled program with one of these, since that costs nothing more;
- every loss for every task that it is for, a forecast of several outputs among them;
- every initializer, and every kind of layer of the layer editor.

Built only, with the sizes that the page offers first: every dataset with every architecture that fits it.
What is not at hand is skipped, as Fashion-MNIST where nobody has downloaded it: MNIST has its shape and task.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

import jax
import numpy as np
import pytest

from core.catalog.architectures import ARCHITECTURES
from core.catalog.initializers import INITIALIZERS
from core.catalog.layers import LAYER_KINDS, entry
from core.catalog.losses import LOSSES
from core.catalog.targets import TARGETS
from core.datasets import DATASETS, Split, available, splits
from core.datasets.dataset import TASKS
from core.datasets.kept_tables import register
from core.datasets.table import Table, read_table
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import EpochEnd, Finished
from core.settings import from_environment
from core.training.fit import fit
from core.training.initial import initial_values
from core.training.limits import check_parameters
from core.training.model import build_model

SETTINGS = from_environment({})
EXAMPLES = 30
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"hidden_units": (6,)}, "cnn": {"filters": (3,), "dense_units": (5,)}, "rnn": {"units": 4},
    "vgg": {"filters": (3,), "dense_units": (5,)}, "resnet": {"filters": (3, 4)},
    "autoencoder": {"hidden_units": (6,), "code": 2}, "conv_autoencoder": {"filters": (3,), "code": 1},
    "cnn1d": {"filters": (4,), "dense_units": (5,)}, "transformer": {"units": 4}}
# One's own table is two datasets: of classes, and of numbers.
TABLES = {"table-classification": "kind", "table-regression": "size"}


def fitting() -> Iterable[tuple[str, str]]:
    """Architectures with the datasets that they fit. Of one architecture first: some share a program."""
    for architecture, one in ARCHITECTURES.items():
        for name in [*(name for name in DATASETS if name != "table"), *TABLES]:
            shape = DATASETS[name].shape if name in DATASETS else own_table(name)[1]
            # An untouched list of layers is none for sentences and pairs: these have to be looked up first.
            if one.refusal(shape) is not None or (
                    architecture == "custom" and name in ("sentence_polarity", "ratings", "movielens")):
                continue
            # A single number cannot be given back through something narrower.
            if not (one.reconstructs and math.prod(shape) == 1):
                yield architecture, name


def table() -> Table:
    """A table of numbers and words with gaps."""
    rng = np.random.default_rng(3)
    rows = [f"{rng.normal():.3f},{'' if row % 9 == 4 else row % 7},{'red' if row % 3 else 'blue'},"
            f"{'abc'[row % 3]},{rng.normal(50, 9):.2f}" for row in range(80)]
    return read_table("\n".join(["height,age,colour,kind,size", *rows]).encode(), "people.csv")


TABLE = table()


def own_table(name: str) -> tuple[dict[str, Any], tuple[int, ...]]:
    """The parameters of the registered table for one of `TABLES`, and the shape of its examples."""
    register(TABLE)
    values = {"digest": TABLE.digest, "target": TABLES[name], "columns": ("height", "age", "colour"),
              "task": name.removeprefix("table-")}
    return values, DATASETS["table"].made_with(values).shape


def config_of(dataset: str, **values: Any) -> RunConfig:
    """A config of a dataset or of one of `TABLES`."""
    if "architecture" in values:
        values = {"target": ARCHITECTURES[values["architecture"]].target, **values}
    if dataset in TABLES:
        values |= {"dataset_parameters": own_table(dataset)[0]}
    return RunConfig(dataset=dataset.partition("-")[0], **values)


def trained(config: RunConfig) -> tuple[Evaluation, Finished]:
    """Train one epoch, and see that nothing is missing and nothing exploded."""
    data = splits.split(config.data, config.preparation)
    events = list(fit(config, data, ControlsMailbox(), SETTINGS))
    (end,) = [event for event in events if isinstance(event, EpochEnd)]
    assert end.epoch == 1 and end.step >= 1
    numbers = [end.loss, end.metric, end.val_loss, end.val_metric]
    assert data.validation > 0 and all(number is not None and math.isfinite(number) for number in numbers)
    finished = events[-1]
    assert isinstance(finished, Finished) and finished.status == "finished" and finished.step == end.step
    evaluation = next(event for event in reversed(events) if isinstance(event, Evaluation))
    assert evaluation.complete and evaluation.examples == len(data.y_test) > 0
    assert math.isfinite(evaluation.loss)
    told = (of_inputs if config.data.reconstructs else of_words if config.data.guesses else
            of_classes if config.data.classes else of_numbers)
    told(config, data, evaluation)
    return evaluation, finished


def of_inputs(config: RunConfig, data: Split, evaluation: Evaluation) -> None:
    """What the test set says of a network that gives back its input."""
    found = evaluation.reconstructions
    assert found is not None and evaluation.numbers is None and not evaluation.matrix.size
    assert found.inputs.shape == found.outputs.shape == (len(found.shown), config.data.outputs)
    assert found.errors.shape == (len(data.y_test),)
    assert evaluation.metric == pytest.approx(found.errors.mean())
    if config.loss == "mse":
        assert found.square == pytest.approx(evaluation.loss, rel=1e-4)


def of_words(config: RunConfig, data: Split, evaluation: Evaluation) -> None:
    """What the test set says of a network that guesses hidden words."""
    found = evaluation.guesses
    assert found is not None and evaluation.numbers is None and not evaluation.matrix.size
    assert sum(count for _, count, _, _ in found.bands) == len(data.y_test)
    assert sum(right for _, _, right, _ in found.bands) == round(evaluation.metric * len(data.y_test))


def of_classes(config: RunConfig, data: Split, evaluation: Evaluation) -> None:
    """What the test set says of a classifier."""
    matrix = evaluation.matrix
    assert evaluation.numbers is None and matrix.shape == (len(config.data.classes),) * 2
    np.testing.assert_array_equal(matrix.sum(1), np.bincount(data.y_test, minlength=len(matrix)))
    assert evaluation.metric == pytest.approx(np.trace(matrix) / len(data.y_test))
    assert bool(evaluation.gallery) == (config.data.is_image or config.data.is_text)


def of_numbers(config: RunConfig, data: Split, evaluation: Evaluation) -> None:
    """What the test set says of a network that predicts numbers."""
    numbers, expected = evaluation.numbers, splits.test_set(config.data, config.preparation).y
    assert numbers.predicted.shape == expected.shape == (len(data.y_test), config.data.outputs)
    np.testing.assert_allclose(numbers.expected, expected, rtol=1e-4, atol=1e-4)
    assert evaluation.metric == pytest.approx(np.abs(numbers.predicted - expected).mean(), rel=1e-3)
    assert evaluation.matrix.size == 0 and not evaluation.gallery


def untouched(config: RunConfig, finished: Finished) -> list[str]:
    """The trainable variables that still are as they were drawn."""
    variables = build_model(config).trainable_variables
    first = initial_values(variables, config.seed)
    return [variable.path for variable, before, after
            in zip(variables, first, finished.weights or (), strict=False) if np.array_equal(before, after)]


def at_hand(dataset: str) -> bool:
    return available(dataset.partition("-")[0])


def shares(architecture: str, dataset: str) -> tuple[Any, ...]:
    """What pairs with the same compiled program have in common."""
    data = config_of(dataset).data
    return architecture, data.shape, data.units, data.task, min(data.examples, 2 * EXAMPLES)


def representatives(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs to train: see above."""
    seen, chosen = set(), set()
    for architecture, dataset in sorted(pairs, key=lambda pair: not at_hand(pair[1])):
        data = config_of(dataset).data
        kind = architecture, len(data.shape), data.task
        if kind not in seen or architecture == "mlp":
            chosen.add(shares(architecture, dataset))
            seen.add(kind)
    return [pair for pair in pairs if shares(*pair) in chosen]


PAIRS = list(fitting())
TRAINED = representatives(PAIRS)
# One for each kind of example.
QUICK = (("mlp", "iris"), ("cnn", "digits"), ("transformer", "sine"))


@pytest.fixture(autouse=True, scope="module")
def quickly_compiled() -> Iterator[None]:
    """Compiled in less time to slower programs, which nobody else is to be given."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.program_cache._kept", OrderedDict())
        jax.config.update("jax_disable_most_optimizations", True)
        yield
        jax.config.update("jax_disable_most_optimizations", False)


@pytest.mark.parametrize("architecture, dataset", [
    pytest.param(*pair, marks=() if pair in QUICK else pytest.mark.sweep) for pair in TRAINED])
def test_every_architecture_trains_on_every_dataset_that_it_fits(architecture: str, dataset: str):
    if not at_hand(dataset):
        pytest.skip(f"{dataset} is not here: it would have to be downloaded")
    config = config_of(dataset, architecture=architecture, activation="tanh", batch_size=16, epochs=1,
                       training_size=EXAMPLES, architecture_parameters=SMALL.get(architecture, {}))
    _, finished = trained(config)
    assert finished.weights is not None and "logits/kernel" not in untouched(config, finished)


def kinds(pairs: list[tuple[str, str]]) -> set[tuple[str, int, str]]:
    """Architecture, dimensions and task of each, where the dataset is used as the architecture does first."""
    return {(architecture, len(data.shape), data.task) for architecture, dataset in pairs
            for data in [config_of(dataset, target=ARCHITECTURES[architecture].target).data]}


def test_every_architecture_and_every_dataset_is_among_them():
    assert {architecture for architecture, _ in PAIRS} == set(ARCHITECTURES)
    assert {dataset.partition("-")[0] for _, dataset in PAIRS} == set(DATASETS)
    assert kinds(PAIRS) == kinds(TRAINED)
    # No architecture is for guessing words first; `test_every_loss_trains_for_its_tasks` has that task.
    assert {task for _, _, task in kinds(PAIRS)} == set(TASKS) - {"guessing"}
    assert {dataset for _, dataset in PAIRS} == {dataset for _, dataset in TRAINED}
    assert set(QUICK) <= set(TRAINED)


@pytest.mark.sweep
@pytest.mark.parametrize("dataset", dict.fromkeys(dataset for _, dataset in PAIRS))
def test_what_the_page_offers_first_fits_and_is_not_too_large(dataset: str):
    for architecture in (one for one, name in PAIRS if name == dataset):
        config = config_of(dataset, architecture=architecture)
        model = build_model(config)
        assert model.output_shape[1:] == (
            config.data.shape if config.data.reconstructs else (config.output_units,))
        check_parameters(model.count_params(), SETTINGS)


@pytest.mark.sweep
@pytest.mark.parametrize("loss, task", [(name, task) for name, loss in LOSSES.items() for task in loss.tasks])
def test_every_loss_trains_for_its_tasks(loss: str, task: str):
    dataset = {"classification": "blobs", "regression": "curve", "forecasting": "sines",
               "reconstruction": "digits", "guessing": "sentence_polarity"}[task]
    if not available(dataset):
        pytest.skip(f"{dataset} is not on this machine")
    own = {"horizon": 3} if task == "forecasting" else {"classes": 2} if LOSSES[loss].binary else {}
    target = next((name for name, entry in TARGETS.items() if entry.task == task), "label")
    evaluation, _ = trained(config_of(dataset, loss=loss, dataset_parameters=own, epochs=1, batch_size=16,
                                      target=target, architecture="embeddings" if target == "hidden_word"
                                      else "mlp"))
    if loss == "mae" and target == "label":
        # In deviations of the target, where the metric is in its units.
        data = splits.split(DATASETS[dataset].made_with(own), RunConfig().preparation)
        assert data.target_deviation is not None
        assert evaluation.loss * data.target_deviation.mean() == pytest.approx(evaluation.metric, rel=1e-3)


@pytest.mark.sweep
@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_initializer_trains(name: str):
    trained(RunConfig(initializer=name, epochs=1))


STACKS = {
    "image": ("digits", [
        entry("GaussianNoise"), entry("Conv2D", filters=4), entry("BatchNormalization"),
        entry("Activation", activation="elu"), entry("SpatialDropout2D"), entry("MaxPooling2D"),
        entry("SeparableConv2D", filters=4), entry("AveragePooling2D"), entry("Residual", filters=5),
        entry("Conv2DTranspose", filters=3, strides=2), entry("UpSampling2D"),
        entry("GlobalAveragePooling2D"), entry("Dense", units=6, activation="tanh"), entry("Dropout")]),
    "series": ("sines", [
        entry("Conv1D", filters=4, padding="causal"), entry("LayerNormalization"),
        entry("Attention", key_dim=3, units=5), entry("SimpleRNN", units=4, return_sequences=True),
        entry("GRU", units=4, return_sequences=True),
        entry("Bidirectional", cell="LSTM", units=3, return_sequences=True),
        entry("GlobalAveragePooling1D")]),
    "table": ("wine", [entry("Reshape"), entry("LSTM", units=4, return_sequences=True), entry("Flatten"),
                       entry("Dense", units=6, activation="tanh")]),
    "text": ("sentence_polarity", [
        entry("Embedding", width=4, positions=True), entry("Conv1D", filters=4),
        entry("GlobalMaxPooling1D")]),
    "pairs": ("ratings", [entry("PairEmbedding", width=3), entry("Dense", units=4)]),
    "factorization": ("ratings", [entry("MatrixFactorization", width=3)])}


@pytest.mark.sweep
@pytest.mark.parametrize("name", STACKS)
def test_every_kind_of_layer_trains(name: str):
    dataset, layers = STACKS[name]
    if not at_hand(dataset):
        pytest.skip(f"{dataset} is not here: it would have to be downloaded")
    config = RunConfig(dataset=dataset, architecture="custom", architecture_parameters={"layers": layers},
                       batch_size=16, epochs=1, training_size=EXAMPLES)
    _, finished = trained(config)
    assert finished.weights and not untouched(config, finished), "every layer with weights learns"


def test_every_kind_of_layer_is_in_a_stack():
    assert {layer["kind"] for _, layers in STACKS.values() for layer in layers} == set(LAYER_KINDS)
