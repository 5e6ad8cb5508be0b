"""Training steps of a config's own compiled program beside Keras's `train_on_batch` on the same batches.

A layer that is right by itself can be wrong within a network: XLA fuses neighbours, and computes some values
twice. So what is compared here is the program that runs use.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jax
import numpy as np

from core.datasets import Split
from core.runs.config import RunConfig
from core.settings import from_environment
from core.training.numbers import Numbers
from core.training.plan import Plan
from core.training.program import Program, data_of
from core.training.weight_paths import paths
from tests.core.training.reference import keras_batch, keras_class_weights, keras_compiled, keras_rate

SEED_STATE = "seed_generator_state"


class WholeSteps:
    """The compiled program of `config` on `data`; `difference` runs some of its steps and Keras's."""

    def __init__(self, config: RunConfig, data: Split):
        self.config, self.split, self.plan = config, data, Plan.of(config, data)
        self._data = data_of(data)
        self.program = Program(config, self.plan, self._data, from_environment({}))
        self.paths = paths(self.program.model)

    @property
    def random(self) -> bool:
        """Whether a layer draws numbers. Keras draws others for a batch of another size than a filled one."""
        return any(path.endswith(SEED_STATE) for path in self.paths)

    def difference(self, first: int, count: int = 1) -> dict[str, float]:
        """How far each variable is from Keras's after `count` steps from step `first` on, by its path.

        Both begin with the config's first weights. Relative to the largest change of any weight in these
        steps: with plain SGD and one step, to the largest entry of the gradient. Not to each variable's own,
        since some gradients are zero but for rounding, as that of a bias in front of a normalization.
        """
        before, ours = self._ours(first, count)
        theirs = self._keras(first, count)
        largest = max(np.abs(after - start).max() for after, start in zip(theirs, before, strict=True))
        return {path: float(np.abs(mine - other).max() / largest)
                for path, mine, other in zip(self.paths, ours, theirs, strict=True)
                if not path.endswith(SEED_STATE)}

    def _ours(self, first: int, count: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
        config, plan, program = self.config, self.plan, self.program
        state = program.initial_state(config.seed, program.model)
        before = [np.array(one) for one in (*state.trainable, *state.non_trainable)]
        numbers = Numbers.of(config, plan, self._data.y, 0, config.learning_rate)
        after, *_ = program.run(state, numbers, self._data, plan.order(config.seed, 0), np.int32(first),
                                np.int32(count), np.zeros(6, np.float32))
        return before, [np.array(one) for one in (*after.trainable, *after.non_trainable)]

    def _keras(self, first: int, count: int) -> list[np.ndarray]:
        config, plan, size = self.config, self.plan, self.plan.batch_size
        model, order = keras_compiled(config, []), plan.order(config.seed, 0)[0, :plan.examples]
        weights: Any = keras_class_weights(config, self.split)
        with quickly_compiled():
            for step in range(first, first + count):
                batch = order[step * size:(step + 1) * size]
                model.optimizer.learning_rate = keras_rate(config, plan, config.learning_rate, step)
                model.train_on_batch(*keras_batch(config, self.split, batch), class_weight=weights)
        return [_array(variable) for variable in (*model.trainable_variables, *model.non_trainable_variables)]


@contextmanager
def quickly_compiled() -> Iterator[None]:
    """To slower programs, of which less is fused: Keras's need not be like ours."""
    jax.config.update("jax_disable_most_optimizations", True)
    try:
        yield
    finally:
        jax.config.update("jax_disable_most_optimizations", False)


def _array(variable: Any) -> np.ndarray:
    return np.array(variable.value)
