"""Evaluates any weights of a network on the whole test set, such as weights that were set by hand."""

from collections.abc import Sequence

import keras
import numpy as np

from core.datasets.second_test import second_test
from core.datasets.splits import split
from core.errors import UserError
from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation
from core.settings import from_environment
from core.training.plan import Plan
from core.training.program import State, data_of
from core.training.program_cache import program_for
from core.training.test_monitor import TestMonitor


class NoNumbers(UserError):
    """The network's answers with these weights are not finite."""


def evaluate_weights(config: RunConfig, weights: Sequence[np.ndarray], features: tuple[int, int] = (0, 1),
                     step: int = 0, second: bool = False) -> Evaluation:
    """What `config`'s network says of its whole test set with these weights: loss, matrix, regions and so on.

    Args:
        weights: all variables, as in `Finished.weights`, or those of `Evaluation.weights`.
        features: the two columns that regions are drawn over.
        step: what the evaluation says it was after.
        second: whether to evaluate on the second test set instead, which no run is tested with.

    Raises `NoNumbers`; `ValueError` for weights of another network; `DatasetUnavailable`.
    """
    data = split(config.data, config.preparation)
    program = program_for(config, Plan.of(config, data), data_of(data), from_environment())
    state = state_of(program.model, weights)
    if second:
        data = second_test(config.data, config.preparation)
    found = TestMonitor(config, data, program).complete(state, step, features, lambda: False)
    if not np.isfinite(found.loss):
        raise NoNumbers("With these weights, the network's answers are no longer numbers. Choose smaller "
                        "weights.")
    return found


def state_of(model: keras.Model, weights: Sequence[np.ndarray]) -> State:
    """The variables of `model`. Where only floats are given, random seeds are 0: nothing is drawn."""
    variables = [*model.trainable_variables, *model.non_trainable_variables]
    if len(weights) < len(variables):
        given = iter(weights)
        weights = [next(given) if np.issubdtype(variable.dtype, np.floating)
                   else np.zeros(variable.shape, variable.dtype) for variable in variables]
    for variable, value in zip(variables, weights, strict=True):
        if tuple(variable.shape) != np.shape(value):
            raise ValueError(f"{variable.path} has the shape {tuple(variable.shape)}, got {np.shape(value)}.")
    values = [np.asarray(value, variable.dtype) for value, variable in zip(weights, variables, strict=True)]
    count = len(model.trainable_variables)
    return State(values[:count], values[count:], [])
