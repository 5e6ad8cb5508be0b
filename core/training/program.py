"""One compiled program a network: any number of training steps, across epochs, in one call.

An epoch is a row of items: its training steps, then slices of the validation set. A call runs `count`
items from `first` on, both traced, so no length of call compiles again. The last, smaller batch is
filled up with examples of weight zero, which gives its gradient and its metrics exactly; a layer that
mixes the examples of a batch (batch normalization) would need that batch as a program of its own.
"""

import threading
import weakref
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np

from core.config import RunConfig
from core.datasets import Split
from core.settings import Settings
from core.training.initial import initial_values
from core.training.layers import dropout_rate
from core.training.limits import check_parameters, check_program
from core.training.model import build_model, build_optimizer
from core.training.plan import Plan

LOSS, CORRECT, SEEN = 0, 1, 2  # of training; validation's follow


class State(NamedTuple):
    """All that training changes: lists of arrays, in the order of Keras's own lists."""

    trainable: list[Any]
    non_trainable: list[Any]
    optimizer: list[Any]


class Numbers(NamedTuple):
    """What a learner can change without another program; float32."""

    learning_rate: Any
    dropout_rate: Any

    @classmethod
    def of(cls, config: RunConfig, learning_rate: float) -> "Numbers":
        return cls(np.float32(learning_rate), np.float32(config.dropout_rate))


class Data(NamedTuple):
    """A split on the device: what a call reads and never changes.

    x, y: training examples, then those of validation. examples, validation: how many, int32; arguments,
    so that another share of validation compiles nothing.
    """

    x: Any
    y: Any
    examples: Any
    validation: Any


_data: dict[int, Data] = {}


def data_of(split: Split) -> Data:
    """`split` on the device: once, however many runs share it, and for as long as it lives."""
    key = id(split)
    if key not in _data:
        _data[key] = Data(jax.device_put(split.x), jax.device_put(split.y),
                          np.int32(split.examples), np.int32(split.validation))
        weakref.finalize(split, _data.pop, key, None)
    return _data[key]


class Program:
    """A config's network and its two compiled functions; nothing in it belongs to one run.

    `run(state, numbers, data, order, first, count, sums)` and `predict(trainable,
    non_trainable, x)`; the first is compiled by the constructor, the second when it is first needed.
    Raises `limits.OverBudget` where the network, or one step of it, is too large.
    """

    def __init__(self, config: RunConfig, plan: Plan, data: Data, settings: Settings):
        self.plan = plan
        self.model = build_model(config)
        self.parameters = self.model.count_params()
        check_parameters(self.parameters, settings)
        self.optimizer = build_optimizer(config, self.model.trainable_variables)
        self._loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
        state, order = self.initial_state(config.seed), plan.order(config.seed, 0)
        self.run = jax.jit(self._run, donate_argnums=0).lower(
            state, Numbers.of(config, 0.0), data, order, np.int32(0), np.int32(0),
            np.zeros(6, np.float32)).compile()
        repeats = max([1, *(layer.input.shape[1] for layer in self.model.layers
                            if isinstance(layer, keras.layers.RNN))])
        # XLA counts what is in a loop once: the time steps, and all parts of a batch but the first. And it
        # counts a slice of validation beside the step, without its gradient: about a third of the work.
        counted = 3 * plan.part * min(plan.parts, 2)
        share = counted / (counted + plan.validation_slice)
        check_program(self.run, share * repeats * -(-plan.parts // 2), settings)
        self._slice = jax.ShapeDtypeStruct((plan.slice, *config.data.shape), data.x.dtype)
        self._compiled_predict: Any = None
        self._lock = threading.Lock()

    @property
    def predicts(self) -> bool:
        """Whether `predict` is compiled."""
        return self._compiled_predict is not None

    @property
    def predict(self) -> Any:
        """The compiled `_predict`; the first to ask waits for it."""
        with self._lock:
            if self._compiled_predict is None:
                values = [[jax.ShapeDtypeStruct(one.shape, one.dtype) for one in variables] for variables
                          in (self.model.trainable_variables, self.model.non_trainable_variables)]
                self._compiled_predict = jax.jit(self._predict).lower(*values, self._slice).compile()
            return self._compiled_predict

    def initial_state(self, seed: int) -> State:
        """The first values of all variables, drawn from `seed`."""
        model = self.model
        return State(initial_values(model.trainable_variables, seed),
                     initial_values(model.non_trainable_variables, seed + 1),
                     initial_values(self.optimizer.variables, seed + 2))

    def _inputs(self, x: Any) -> Any:
        return x.astype(jnp.float32) * self.plan.scale

    def _scored(self, logits: Any, y: Any, weights: Any) -> Any:
        """The sums [loss, correct, seen]; weights: 1 for an example, 0 for filling."""
        losses = self._loss(y, logits) * weights
        correct = (jnp.argmax(logits, -1) == y) * weights
        return jnp.stack([losses.sum(), correct.sum(), weights.sum()])

    def _step(self, state: State, order: Any, step: Any, data: Data) -> tuple[State, Any]:
        plan = self.plan
        gradients, non_trainable, sums = self._part(state, order, step, data, 0, state.non_trainable)
        if plan.parts > 1:
            def more(index: Any, carry: tuple[Any, ...]) -> tuple[Any, ...]:
                gradients, non_trainable, sums = carry
                added, non_trainable, seen = self._part(state, order, step, data, index, non_trainable)
                return jax.tree.map(jnp.add, gradients, added), non_trainable, sums + seen

            gradients, non_trainable, sums = jax.lax.fori_loop(
                1, plan.parts, more, (gradients, non_trainable, sums))
        trainable, optimizer = self.optimizer.stateless_apply(
            state.optimizer, gradients, state.trainable)
        return State(trainable, non_trainable, optimizer), jnp.pad(sums, (0, 3))

    def _part(self, state: State, order: Any, step: Any, data: Data, index: Any,
              non_trainable: list[Any]) -> tuple[list[Any], list[Any], Any]:
        """What part `index` adds to the gradient of the batch's mean loss, and its sums."""
        plan = self.plan
        start, place = step * plan.batch_size, index * plan.part + jnp.arange(plan.part)
        chosen = jax.lax.dynamic_slice_in_dim(order, start + index * plan.part, plan.part)
        size = jnp.minimum(plan.batch_size, data.examples - start)
        weights = (place < size).astype(jnp.float32)
        x, y = self._inputs(data.x[chosen]), data.y[chosen]

        def loss(trainable: list[Any]) -> tuple[Any, Any]:
            logits, after = self.model.stateless_call(trainable, non_trainable, x, training=True)
            sums = self._scored(logits, y, weights)
            return sums[LOSS] / size, (after, sums)

        gradients, (after, sums) = jax.grad(loss, has_aux=True)(state.trainable)
        return gradients, after, sums

    def _validate(self, state: State, slice_: Any, data: Data) -> Any:
        size = self.plan.validation_slice
        place = slice_ * size + jnp.arange(size)
        weights = (place < data.validation).astype(jnp.float32)
        chosen = data.examples + place
        logits = self._logits(state.trainable, state.non_trainable, data.x[chosen])
        return jnp.pad(self._scored(logits, data.y[chosen], weights), (3, 0))

    def _logits(self, trainable: list[Any], non_trainable: list[Any], x: Any) -> Any:
        logits, _ = self.model.stateless_call(trainable, non_trainable, self._inputs(x), training=False)
        return logits

    def _predict(self, trainable: list[Any], non_trainable: list[Any], x: Any) -> Any:
        """Probabilities, (slice, classes), of raw examples."""
        return jax.nn.softmax(self._logits(trainable, non_trainable, x))

    def _run(self, state: State, numbers: Numbers, data: Data, order: Any, first: Any, count: Any,
             sums: Any) -> tuple[State, Any, Any, Any]:
        """`count` items from `first` on, counted from the window's start.

        sums: (6,), of the epoch that is under way. Returns the state, those sums, the sums of this
        call alone, and the sums of each epoch of the window, (window, 6), as far as it got.
        """
        plan = self.plan
        state = state._replace(optimizer=self._with_learning_rate(state.optimizer, numbers.learning_rate))
        steps = -(-data.examples // plan.batch_size)
        items = steps - (-data.validation // plan.validation_slice)

        def epoch(number: Any, carry: tuple[Any, ...]) -> tuple[Any, ...]:
            """The items of one epoch that this call has to do: training steps, then validation."""
            state, sums, totals, rows = carry
            start, end = (jnp.clip(one - number * items, 0, items) for one in (first, first + count))
            sums = jnp.where(start == 0, 0.0, sums)

            def step(place: Any, carry: tuple[Any, ...]) -> tuple[Any, ...]:
                state, sums, totals = carry
                state, added = self._step(state, order[number], place, data)
                return state, sums + added, totals + added

            def validate(place: Any, carry: tuple[Any, ...]) -> tuple[Any, ...]:
                added = self._validate(state, place - steps, data)
                return carry[0] + added, carry[1] + added

            state, sums, totals = jax.lax.fori_loop(start, jnp.minimum(end, steps), step,
                                                    (state, sums, totals))
            sums, totals = jax.lax.fori_loop(jnp.maximum(start, steps), end, validate, (sums, totals))
            return state, sums, totals, rows.at[number].set(sums)

        zeros = jnp.zeros(6), jnp.zeros((plan.window, 6))
        with dropout_rate(numbers.dropout_rate):
            return jax.lax.fori_loop(first // items, -(-(first + count) // items), epoch,
                                     (state, sums, *zeros))

    def _with_learning_rate(self, values: list[Any], learning_rate: Any) -> list[Any]:
        """The optimizer's values with another learning rate: an argument, so it never compiles."""
        own = self.optimizer.learning_rate
        return [learning_rate if variable is own else value
                for variable, value in zip(self.optimizer.variables, values, strict=True)]
