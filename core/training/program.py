"""The one compiled program of a network: it runs all steps of a run, any number of them per call."""

import logging
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import wait
from functools import partial
from typing import Any

import jax
import numpy as np
from jaxtyping import Bool, Float, Num

from core.datasets import Split
from core.runs.config import RunConfig
from core.runs.shown_layers import shown_layers
from core.settings import Settings
from core.training.compile import compiled, in_background, products, updates
from core.training.layers import repeats
from core.training.limits import check_program
from core.training.looking import looking_model
from core.training.numbers import Numbers, own_numbers
from core.training.plan import Plan
from core.training.step_data import Data, State
from core.training.steps import LOSS, METRIC, SEEN, Steps

__all__ = ["LOSS", "METRIC", "SEEN", "Data", "Program", "State", "data_of"]

_data: dict[int, Data] = {}

log = logging.getLogger(__name__)


def data_of(split: Split) -> Data:
    """`split` on the device: loaded once for all runs that share it, and freed with it."""
    key = id(split)
    if key not in _data:
        deviation = np.ones(1, np.float32) if split.target_deviation is None else split.target_deviation
        x, y = (jax.device_put(_filled(values, split.room)) for values in (split.x, split.y))
        _data[key] = Data(x, y, np.int32(split.examples),
                          np.int32(split.validation), deviation)
        weakref.finalize(split, _data.pop, key, None)
    return _data[key]


def _filled(values: np.ndarray, room: int) -> np.ndarray:
    """The examples, and zeros that no step reads up to `room` of them."""
    more = max(0, room - len(values))
    return np.concatenate([values, np.zeros((more, *values.shape[1:]), values.dtype)]) if more else values


class Program(Steps):
    """`Steps` with its two functions compiled. Raises `limits.OverBudget` if it is too large.

    `run(state, numbers, data, order, first, count, sums)` is compiled at once, `predict(trainable,
    non_trainable, x, y, *own_numbers)` when it is first needed.
    """

    def __init__(self, config: RunConfig, plan: Plan, data: Data, settings: Settings):
        super().__init__(config, plan, settings)
        state, order = self.initial_state(config.seed, self.model), plan.order(config.seed, 0)
        self._products = plan.batch_size * products(self.model)
        self.run = compiled(jax.jit(self._run, donate_argnums=0).lower(
            state, Numbers.of(config, plan, data.y, 0, config.learning_rate), data, order, np.int32(0),
            np.int32(0), np.zeros(6, np.float32)), self._products + updates(self.model))
        check_program(self.run, repeats(self.model) * plan.counted, settings)
        self._slice = tuple(jax.ShapeDtypeStruct((plan.looked, *array.shape[1:]), array.dtype)
                            for array in (data.x, data.y))
        self._own = jax.tree.map(np.zeros_like, own_numbers(config))
        self._compiled_predict: Any = None
        self._shown, self._inside = shown_layers(config), None
        self._lock = threading.Lock()

    @property
    def predicts(self) -> bool:
        """Whether `predict` is compiled."""
        return self._compiled_predict is not None

    @property
    def predict(self) -> Callable[..., Any]:
        """The compiled `_predict`; the first caller waits while it compiles."""
        with self._lock:
            if self._compiled_predict is None:
                self._compiled_predict = compiled(jax.jit(self._predict).lower(
                    *self._values, *self._slice, *self._own), self._products)
            return self._compiled_predict

    def look_inside(self, state: State, x: Num[np.ndarray, "*shape"], layers: Float[Any, "numbers"],
                    ) -> tuple[Float[np.ndarray, "units"], list[Float[np.ndarray, "..."]]] | None:
        """What the network answers for one prepared example, and what its shown layers give for it.

        None until the program for it is compiled, which the first call begins in the background, and for good
        if that failed: a picture must not end the training.
        layers: the first of the config's `own_numbers`.
        """
        with self._lock:
            if self._inside is None:
                self._inside = in_background(self._compile_inside)
        if not self._inside.done() or self.inside_failed:
            return None
        answers, outputs = self._inside.result()(state.trainable, state.non_trainable, x[None], layers)
        return np.asarray(answers)[0], [np.asarray(output)[0] for output in outputs]

    @property
    def inside_failed(self) -> bool:
        """Whether the program of `look_inside` could not be compiled."""
        return self._inside is not None and self._inside.done() and self._inside.exception() is not None

    def inside_compiled(self, seconds: float = 0.0) -> bool:
        """Whether `look_inside` can answer, within `seconds`; False if nobody has asked it yet."""
        if self._inside is None:
            return False
        wait([self._inside], seconds)
        return self._inside.done() and not self.inside_failed

    def _compile_inside(self) -> Any:
        try:
            return self._compiled_inside()
        except Exception:
            log.exception("The program that looks inside a network could not be compiled")
            raise

    def _compiled_inside(self) -> Any:
        x = jax.ShapeDtypeStruct((1, *self._slice[0].shape[1:]), self._slice[0].dtype)
        return compiled(jax.jit(partial(self._look_inside, looking_model(self.model, self._shown))).lower(
            *self._values, x, self._own[0]), self._products)

    @property
    def _values(self) -> list[Any]:
        """The shapes of all variables: trainable, then the others."""
        return [[jax.ShapeDtypeStruct(variable.shape, variable.dtype) for variable in variables]
                for variables in (self.model.trainable_variables, self.model.non_trainable_variables)]

    def look(self, state: State, x: Num[np.ndarray, "n *shape"],
             y: Num[np.ndarray, "n *outputs"] | None = None, own: tuple[Any, ...] | None = None,
             ) -> tuple[Float[np.ndarray, "n units"], Float[np.ndarray, "n"], Bool[np.ndarray, "relus"]]:
        """Evaluate at most `Plan.looked` prepared examples without training on them.

        Args:
            x, y: the examples and their targets; without y the losses mean nothing.
            own: the config's `own_numbers`.

        Returns:
            Predictions (n, units), losses (n,), and which relu units are alive (see `dead_units.alive`).
        """
        filled = [np.zeros(array.shape, array.dtype) for array in self._slice]
        for place, some in zip(filled, (x, y), strict=True):
            if some is not None:
                place[:len(some)] = some
        found, losses, living = self.predict(state.trainable, state.non_trainable, *filled,
                                             *(own or self._own))
        return np.asarray(found)[:len(x)], np.asarray(losses)[:len(x)], np.asarray(living)
