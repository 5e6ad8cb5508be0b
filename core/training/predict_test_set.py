"""A trained network's answers to its whole test set."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.datasets import Split
from core.datasets.splits import split
from core.metrics.network import (
    MOST_WORST,
    NetworkAnswers,
    Reconstructed,
    Unanswered,
    too_large,
)
from core.metrics.ranked_items import ranked_items
from core.metrics.recursive_forecast import recursive_forecast
from core.metrics.steps_ahead import steps_drawn
from core.runs.config import RunConfig
from core.runs.guesses import GUESSES
from core.settings import from_environment
from core.training import reconstructing
from core.training.numbers import own_numbers
from core.training.plan import Plan
from core.training.program import Program, State, data_of
from core.training.program_cache import program_for
from core.training.recommending import scores_of


def network_answers(config: RunConfig, weights: Sequence[np.ndarray]) -> NetworkAnswers:
    """All answers of an ended run's network, from the run's own program. weights: from `Finished.weights`.

    Raises `Unanswered` if there are too many to send or they are NaN; `DatasetUnavailable`.
    """
    data = split(config.data, config.preparation)
    back = config.data.reconstructs
    examples = len(data.y_test)
    units = 1 if back else 2 * GUESSES if config.data.guesses else config.data.units
    if too_large(examples, units):
        raise Unanswered(f"The predictions for {examples:,} test examples, {units} numbers each, are too "
                         "many to send. Choose a smaller dataset.")
    program = program_for(config, Plan.of(config, data), data_of(data), from_environment())
    count, own, size = len(program.model.trainable_variables), own_numbers(config), program.plan.looked
    state = State(list(weights[:count]), list(weights[count:]), [])
    looks = []
    for start in range(0, examples, size):
        x = data.x_test[start:start + size]
        found, losses, _ = program.look(state, x, data.y_test[start:start + size], own)
        if back:
            off = reconstructing.squares(reconstructing.inputs(data, x), found)
            found = np.sqrt(off.mean(1, keepdims=True))
        looks.append((found, losses))
    outputs, losses = (np.concatenate([look[place] for look in looks]) for place in (0, 1))
    if not np.isfinite(outputs).all():
        raise Unanswered("The network's predictions are no longer numbers: its weights have grown too "
                         "large. Lower the learning rate and train again.")
    if not back and data.target_mean is not None and data.target_deviation is not None:
        outputs = outputs * data.target_deviation + data.target_mean
    if back:
        chosen = np.argsort(-outputs[:, 0], kind="stable")[:MOST_WORST]
        return NetworkAnswers(outputs, losses, worst=_worst(data, program, state, own, chosen))

    def predict(x: np.ndarray) -> np.ndarray:
        return np.concatenate([program.look(state, x[start:start + size], data.y_test[start:start + size],
                                            own)[0] for start in range(0, examples, size)])

    steps = steps_drawn(config.data, examples)
    return NetworkAnswers(outputs, losses, recursive_forecast(data, predict, steps) if steps else None,
                          ranked_items(data, scores_of(program, state, data)) if data.pairs else None)


def _worst(data: Split, program: Program, state: State, own: tuple[Any, ...],
           chosen: np.ndarray) -> Reconstructed:
    """The examples that come back worst, looked at once more: all outputs together would fill the memory."""
    made = []
    for start in range(0, len(chosen), program.plan.looked):
        x = data.x_test[chosen[start:start + program.plan.looked]]
        made.append(program.look(state, x, None, own)[0])
    return Reconstructed(chosen, reconstructing.inputs(data, data.x_test[chosen]), np.concatenate(made))
