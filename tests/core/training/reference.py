"""Trains a config with Keras's own `train_on_batch`: the same batches, from the same first weights."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import keras
import numpy as np

from core.catalog.losses import LOSSES, balanced_weights
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.datasets import Split
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.training.initial import initial_values
from core.training.model import build_model, network
from core.training.plan import Plan


def by_keras(config: RunConfig, epochs: int, changes: dict[int, float] | None = None
             ) -> tuple[list[list[float]], keras.Model, Split]:
    """Rows as `History.epochs`, the trained model of Keras's own layers, and the data.

    changes: learning rates from a step on. The metric of numbers is in standardized units.
    """
    data = split(config.data, config.preparation)
    plan, metric = Plan.of(config, data), "accuracy" if config.data.classes else "mae"
    model = keras_compiled(config, [metric])
    y_validation = _targets(config, data.y_validation)
    weights = keras_class_weights(config, data)
    scale, rate, rows, step = np.float32(data.scale), config.learning_rate, [], 0
    for epoch in range(epochs):
        order = plan.order(config.seed, epoch)[0][:plan.examples]
        sums = np.zeros(2)
        for start in range(0, plan.examples, plan.batch_size):
            rate = (changes or {}).get(step, rate)
            model.optimizer.learning_rate = keras_rate(config, plan, rate, step)
            batch = order[start:start + plan.batch_size]
            model.reset_metrics()  # then it tells of this batch alone
            logs = model.train_on_batch(*keras_batch(config, data, batch), class_weight=weights,
                                        return_dict=True)
            sums += len(batch) * np.array([float(logs["loss"]), float(logs[metric])])
            step += 1
        row = [epoch + 1, *(sums / plan.examples)]
        if plan.validation:
            scores = model.evaluate(data.x_validation * scale, y_validation, verbose=0)
            row += [float(score) for score in scores]
        rows.append(row)
    return rows, model, data


@contextmanager
def undrawn() -> Iterator[None]:
    """Keras's initializers draw nothing within: each shape would be a program to compile, for values that are
    replaced anyway."""
    def zeros(self: Any, shape: Any, dtype: Any = None, **_: Any) -> np.ndarray:
        return np.zeros(shape, dtype or "float32")

    with ExitStack() as patches:
        for drawing in (keras.initializers.VarianceScaling, keras.initializers.Orthogonal,
                        keras.initializers.RandomNormal):
            patches.enter_context(patch.object(drawing, "__call__", zeros))
        yield


def keras_compiled(config: RunConfig, metrics: list[str]) -> keras.Model:
    """The network of Keras's own layers with the run's first weights, its optimizer and its loss."""
    model, loss, entry = _model(config), LOSSES[config.loss].in_keras(config.loss_parameters), OPTIMIZERS[
        config.optimizer]
    model.compile(getattr(keras.optimizers, entry.class_name)(
        learning_rate=config.learning_rate, global_clipnorm=config.clip_norm or None, **entry.fixed,
        **config.optimizer_parameters), getattr(keras.losses, loss.class_name)(**loss.arguments),
        metrics=metrics)
    return model


def keras_rate(config: RunConfig, plan: Plan, rate: float, step: int) -> float:
    """The learning rate that the schedule makes of `rate` at a step."""
    rates = SCHEDULES[config.schedule].rate(config.schedule_parameters, rate, np.array([step]), plan.steps,
                                            config.epochs * plan.steps)
    return float(rates[0])


def keras_class_weights(config: RunConfig, data: Split) -> dict[int, float] | None:
    """The weight of each class, as `train_on_batch` wants it."""
    if config.class_weights != "balanced":
        return None
    return dict(enumerate(balanced_weights(np.bincount(data.y_train)).tolist()))


def keras_batch(config: RunConfig, data: Split, batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets of some training examples, as Keras wants them."""
    return data.x_train[batch] * np.float32(data.scale), _targets(config, data.y_train[batch])


def _model(config: RunConfig) -> keras.Model:
    """Of Keras's own layers, with the first weights of the run."""
    empty = build_model(config)
    with undrawn():
        model = network(config.layers(), config.data.shape, config.output_units, own=False,
                        back=config.data.reconstructs)
    values = [*initial_values(empty.trainable_variables, config.seed),
              *initial_values(empty.non_trainable_variables, config.seed + 1)]
    variables = (*model.trainable_variables, *model.non_trainable_variables)
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    if LOSSES[config.loss].output == "linear":
        return model
    return keras.Sequential([model, keras.layers.Activation(LOSSES[config.loss].output)])


def _targets(config: RunConfig, y: np.ndarray) -> np.ndarray:
    one_hot = LOSSES[config.loss].in_keras(config.loss_parameters).one_hot
    return keras.utils.to_categorical(y, len(config.data.classes)) if one_hot else y
