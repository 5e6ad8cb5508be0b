"""What each word adds to a network's answers, by integrated gradients."""

from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
from jaxtyping import Float, Int

from core.datasets.words import PADDING
from core.runs.config import RunConfig
from core.training.compile import compiled, in_background, products
from core.training.losses import predictions
from core.training.model import build_model
from core.training.numbers import own_numbers
from core.training.step_data import State
from core.training.traced_layers import layer_numbers

# Places on the path where the gradient is taken, by Gauss and Legendre; so many at once, to save memory. With
# 32, attention over large vectors missed the sum by 2 % of it.
NODES, AT_ONCE = 64, 8
# The smallest vocabulary that a dataset can have.
_SMALLEST = 10


class WordGradients:
    """Integrated gradients of one network's answers, compiled in the background when first asked for.

    For an answer F and the vectors e_1 ... e_n that the network looks up for a sentence's words, word i adds

        e_i . integral over a from 0 to 1 of dF / de_i at (a e_1, ..., a e_n)

    so that all words together add exactly F(e_1, ..., e_n) - F(0, ..., 0) ("completeness").

    Source: M. Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", 2017, equation 1 and
    proposition 1; vectors of zeros as the baseline of a text as in section 6.
    """

    def __init__(self, config: RunConfig):
        self._config, self._pending = config, None
        self._numbers = own_numbers(config)[0]

    def compiled(self, seconds: float = 0.0) -> bool:
        """Whether it can answer, within `seconds`; False if it was not asked yet."""
        if self._pending is None:
            return False
        wait([self._pending], seconds)
        return self._pending.done() and not self.failed

    @property
    def failed(self) -> bool:
        """Whether it could not be compiled."""
        return self._pending is not None and self._pending.done() and self._pending.exception() is not None

    def of(self, state: State, x: Int[np.ndarray, "length"],
           ) -> tuple[Float[np.ndarray, "words units"], Float[np.ndarray, "units"]] | None:
        """What each word of a sentence adds to each answer, and the answers without any of their vectors.

        None until that is compiled, which the first call begins, and for good if it failed.
        """
        if self._pending is None:
            self._pending = in_background(lambda: GradientPath(self._config))
        if not self.compiled():
            return None
        return self._pending.result()(state, x, self._numbers)

    _pending: Future["GradientPath"] | None


class GradientPath:
    """The same network over a vocabulary in which each place of the sentence has a row of its own.

    So a word that occurs twice gets two gradients, and the table is as small as the sentence.
    """

    def __init__(self, config: RunConfig):
        length, = config.data.shape
        self._task, self._loss, self._rows = config.data.task, config.loss, max(_SMALLEST, length + 2)
        small = replace(config, start=None, dataset_parameters={
            **config.dataset_parameters, "vocabulary": self._rows})
        self._model = build_model(small)
        # A table of positions has one row less.
        table = next(layer for layer in self._model.layers
                     if isinstance(layer, keras.layers.Embedding) and layer.input_dim == self._rows)
        variables = self._model.trainable_variables
        self._table = next(place for place, variable in enumerate(variables)
                           if variable is table.embeddings)
        shapes = [[jax.ShapeDtypeStruct(value.shape, value.dtype) for value in own]
                  for own in (variables, self._model.non_trainable_variables)]
        self._run = compiled(jax.jit(self._integrated).lower(
            *shapes, jax.ShapeDtypeStruct((1, length), np.int32), own_numbers(config)[0]),
            NODES * products(self._model))

    def _integrated(self, trainable: Sequence[Any], others: Sequence[Any], x: Any,
                    numbers: Any) -> tuple[Any, Any]:
        """What each row adds to each answer, (units, rows), and the answers at the start of the path."""
        def answers(rows: Any) -> Any:
            values = [*trainable]
            values[self._table] = rows
            with layer_numbers(numbers):
                outputs, _ = self._model.stateless_call(values, others, x, training=False)
            return predictions(self._task, outputs, self._loss)[0]

        end = trainable[self._table]
        # Padding stays as it is: some networks read it.
        start = jnp.zeros_like(end).at[PADDING].set(end[PADDING])
        # With a = u^2, more of them are close to 0, where normalization makes small vectors large.
        nodes, shares = np.polynomial.legendre.leggauss(NODES)
        along = (nodes + 1) / 2
        parts = tuple(jnp.asarray(scale.reshape(-1, AT_ONCE), jnp.float32)
                      for scale in (along**2, shares * along))

        def some(total: Any, part: Any) -> tuple[Any, None]:
            places, weights = part
            slopes = jax.vmap(lambda at: jax.jacrev(answers)(start + at * (end - start)))(places)
            return total + jnp.tensordot(weights, slopes, 1), None

        nothing = answers(start)
        mean, _ = jax.lax.scan(some, jnp.zeros((*nothing.shape, *end.shape)), parts)
        return (mean * (end - start)).sum(-1), nothing

    def __call__(self, state: State, x: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        words = x[x != PADDING]
        values, places = list(state.trainable), np.zeros((1, len(x)), np.int32)
        places[0, :len(words)] = np.arange(1, 1 + len(words))
        table = np.asarray(values[self._table])
        rows = np.zeros((self._rows, table.shape[1]), table.dtype)
        rows[PADDING], rows[1:1 + len(words)] = table[PADDING], table[words]
        values[self._table] = rows
        added, nothing = self._run(values, list(state.non_trainable), places, numbers)
        return np.asarray(added).T[1:1 + len(words)], np.asarray(nothing)
