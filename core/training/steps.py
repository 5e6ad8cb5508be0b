"""The arithmetic of training a network: any number of steps, across epochs, in one traceable function.

An epoch is a row of items: its training steps, then the slices of its validation set. A call runs `count`
items from `first` on; both are traced, so no length of call compiles again. The last, smaller batch is padded
with examples of weight zero, which leaves its gradient and metrics exact. Layers that mix the examples of a
batch (batch normalization) ignore the padding.
"""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import keras
from jaxtyping import Float, Int, Shaped

from core.runs.config import RunConfig
from core.runs.taken_layers import slows
from core.settings import Settings
from core.training.augmentation import augmented
from core.training.corruption import corrupted, with_gaps
from core.training.dead_units import alive, watching
from core.training.freezing import layer_places, slowed, trained_places
from core.training.initial import initial_values
from core.training.limits import check_parameters
from core.training.losses import clipped, example_losses, example_metrics, predictions
from core.training.model import build_model, build_optimizer
from core.training.normalization import example_weights
from core.training.numbers import Numbers
from core.training.plan import Plan
from core.training.step_data import (
    At,
    BothSums,
    Data,
    Examples,
    Index,
    Order,
    Outputs,
    State,
    Sums,
    Targets,
    Values,
    Weights,
)
from core.training.traced_layers import layer_numbers, optimizer_numbers

LOSS, METRIC, SEEN = 0, 1, 2  # of training; validation's follow


class Steps:
    """A config's network and the arithmetic of its training; nothing in it belongs to a single run.

    ragged: whether networks with different numbers of steps per epoch train together; a step without examples
    then changes nothing. Raises `limits.OverBudget` if the network is too large.
    """

    def __init__(self, config: RunConfig, plan: Plan, settings: Settings, ragged: bool = False):
        self.plan = plan
        self.model = build_model(config)
        self.parameters = self.model.count_params()
        check_parameters(self.parameters, settings)
        self._trained = trained_places(self.model, config)
        self._layers = layer_places(self.model, config) if slows(config) else []
        self.optimizer = build_optimizer(config, self._picked(self.model.trainable_variables))
        self._loss, self._task = config.loss, config.data.task
        self._hides = config.data.guesses
        self._augments, self._clips = config.augments, config.clip_norm > 0
        self._reconstructs, self._corrupts = config.data.reconstructs, config.corrupts
        self._ragged = ragged

    def initial_state(self, seed: int, model: keras.Model) -> State:
        """The first values of all variables, drawn from `seed`.

        model: built from the run's own config, because the program may have been compiled for another run
        with other initializers.
        """
        return State(initial_values(model.trainable_variables, seed),
                     initial_values(model.non_trainable_variables, seed + 1),
                     initial_values(self.optimizer.variables, seed + 2))

    def _picked(self, variables: Sequence[Any]) -> list[Any]:
        """Those of the trainable variables that are trained: frozen ones are not."""
        return [variables[place] for place in self._trained]

    def _with(self, trainable: Values, trained: Values) -> Values:
        """All trainable variables again: the frozen ones as they are."""
        found = dict(zip(self._trained, trained, strict=True))
        return [found.get(place, value) for place, value in enumerate(trainable)]

    def _inputs(self, x: Examples) -> Float[Any, "examples *shape"]:
        return x.astype(jnp.float32) * self.plan.scale

    def _aims(self, x: Float[Any, "examples *shape"], y: Targets) -> Targets:
        """What the network is to give for prepared inputs: their targets, or the inputs themselves."""
        return x.reshape(x.shape[0], -1) if self._reconstructs else y

    def _flat(self, outputs: Float[Any, "examples *shape"]) -> Outputs:
        """The outputs of a network that gives back images or series, in one row."""
        return outputs.reshape(outputs.shape[0], -1) if self._reconstructs else outputs

    def _scored(self, outputs: Outputs, y: Targets, weights: Weights, numbers: Numbers, data: Data) -> Sums:
        """The sums [loss, metric, examples]. weights: 1 for a real example, 0 for padding."""
        losses = example_losses(self._loss, outputs, y, numbers.loss)
        told = predictions(self._task, outputs, self._loss) if self._reconstructs else outputs
        metric = example_metrics(self._task, told, y, data.deviation)
        return jnp.stack([(losses * weights).sum(), (metric * weights).sum(), weights.sum()])

    def _step(self, state: State, order: Order, at: At, data: Data,
              numbers: Numbers) -> tuple[State, BothSums]:
        plan = self.plan
        def part(index: Index, carry: tuple[Any, ...]) -> tuple[Any, ...]:
            gradients, non_trainable, sums = carry
            added, non_trainable, seen = self._part(state, order, at, data, numbers, index, non_trainable)
            return jax.tree.map(jnp.add, gradients, added), non_trainable, sums + seen

        if plan.parts == 1:
            gradients, non_trainable, sums = self._part(state, order, at, data, numbers, 0,
                                                        state.non_trainable)
        else:  # from nothing on, so that there is one part to compile, not a first one and the others
            nothing = jax.tree.map(jnp.zeros_like, self._picked(state.trainable))
            gradients, non_trainable, sums = jax.lax.fori_loop(
                0, plan.parts, part, (nothing, state.non_trainable, jnp.zeros(3)))
        if self._clips:
            gradients = clipped(gradients, numbers.clip_norm)
        optimizer = self._with_learning_rate(state.optimizer, _one(_one(numbers.rates, at.epoch), at.step))
        factors = self._picked([numbers.factors[place] for place in self._layers]) if self._layers else []
        with optimizer_numbers(self.optimizer, numbers.optimizer), slowed(self.optimizer, factors):
            trained, optimizer = self.optimizer.stateless_apply(optimizer, gradients,
                                                                self._picked(state.trainable))
        after = State(self._with(state.trainable, trained), non_trainable, optimizer)
        if self._ragged:
            after = jax.tree.map(lambda new, old: jnp.where(sums[SEEN] > 0, new, old), after, state)
        return after, jnp.pad(sums, (0, 3))

    def _part(self, state: State, order: Order, at: At, data: Data, numbers: Numbers, index: Index,
              non_trainable: Values) -> tuple[Values, Values, Sums]:
        """The share of part `index` in the gradient of the batch's mean loss, and its sums."""
        plan = self.plan
        start, place = at.step * plan.batch_size, index * plan.part + jnp.arange(plan.part)
        chosen = _some(_one(order, at.epoch), start + index * plan.part, plan.part)
        size = jnp.minimum(plan.batch_size, data.examples - start)
        if self._ragged:
            size = jnp.maximum(size, 0)
        weights = (place < size).astype(jnp.float32)
        x, y = self._inputs(_chosen(data.x, chosen)), _chosen(data.y, chosen)
        if self._augments:
            number = (at.epoch * numbers.rates.shape[1] + at.step) * plan.parts + index
            x = augmented(x, numbers.augmentation, jax.random.fold_in(numbers.key, number))
        y = self._aims(x, y)
        if self._corrupts or self._hides:
            number = (at.epoch * numbers.rates.shape[1] + at.step) * plan.parts + index
            key = jax.random.fold_in(numbers.key, number)
            if self._hides:
                x, y = with_gaps(x, numbers.corruption[1], key)
            else:
                x = corrupted(x, numbers.corruption, key)
        counted = weights * numbers.weights[y] if numbers.weights.size else weights

        def loss(trained: Values) -> tuple[Float[Any, ""], tuple[Values, Sums]]:
            with layer_numbers(numbers.layers), example_weights(weights):
                outputs, after, penalties = self.model.stateless_call(
                    self._with(state.trainable, trained), non_trainable, x, training=True, return_losses=True)
            outputs = self._flat(outputs)
            sums = self._scored(outputs, y, weights, numbers, data)
            if numbers.weights.size:
                sums = sums.at[LOSS].set(
                    (example_losses(self._loss, outputs, y, numbers.loss) * counted).sum())
            if penalties:  # of a batch in parts, each carries its share
                sums = sums.at[LOSS].add(sum(penalties) * sums[SEEN])
            return sums[LOSS] / (jnp.maximum(size, 1) if self._ragged else size), (after, sums)

        gradients, (after, sums) = jax.grad(loss, has_aux=True)(self._picked(state.trainable))
        return gradients, after, sums

    def _validate(self, state: State, slice_: Index, data: Data, numbers: Numbers) -> BothSums:
        size = self.plan.validation_slice
        place = slice_ * size + jnp.arange(size)
        weights = (place < data.validation).astype(jnp.float32)
        chosen = data.examples + place
        x = _chosen(data.x, chosen)
        with layer_numbers(numbers.layers):
            outputs, penalties = self._outputs(state.trainable, state.non_trainable, x)
        y = self._aims(self._inputs(x), _chosen(data.y, chosen))
        sums = self._scored(outputs, y, weights, numbers, data)
        if penalties:
            sums = sums.at[LOSS].add(sum(penalties) * sums[SEEN])
        return jnp.pad(sums, (3, 0))

    def _predict(self, trainable: Values, non_trainable: Values, x: Examples, y: Targets,
                 layers: Float[Any, "numbers"], loss: dict[str, Float[Any, ""]],
                 ) -> tuple[Outputs, Float[Any, "examples"], Shaped[Any, "units"]]:
        """Probabilities (slice, classes) or numbers (slice, outputs), losses (slice,), and units alive."""
        with layer_numbers(layers), watching() as seen:
            outputs, penalties = self._outputs(trainable, non_trainable, x)
        losses = example_losses(self._loss, outputs, self._aims(self._inputs(x), y), loss)
        return predictions(self._task, outputs, self._loss), sum(penalties, losses), alive(seen)

    def _look_inside(self, looking: keras.Model, trainable: Values, non_trainable: Values, x: Examples,
                     layers: Float[Any, "numbers"]) -> tuple[Outputs, list[Float[Any, "examples ..."]]]:
        """Probabilities or numbers, and the outputs that the `looking` model gives before its own."""
        with layer_numbers(layers):
            (*inner, outputs), _ = looking.stateless_call(trainable, non_trainable, self._inputs(x),
                                                          training=False)
        return predictions(self._task, self._flat(outputs), self._loss), inner

    def _outputs(self, trainable: Values, non_trainable: Values,
                 x: Examples) -> tuple[Outputs, list[Float[Any, ""]]]:
        """The network's outputs for raw examples in inference mode, and the penalties of its weights."""
        outputs, _, penalties = self.model.stateless_call(
            trainable, non_trainable, self._inputs(x), training=False, return_losses=True)
        return self._flat(outputs), penalties

    def _run(self, state: State, numbers: Numbers, data: Data, order: Order, first: Index, count: Index,
             sums: BothSums) -> tuple[State, BothSums, BothSums, Float[Any, "window 6"]]:
        """`count` items from `first` on, counted from the window's start.

        Args:
            sums: (6,), of the epoch in progress: LOSS, METRIC, SEEN of training, then of validation.

        Returns:
            The state, those sums, the sums of this call alone, and the sums of each epoch of the window so
            far, (window, 6).
        """
        plan = self.plan
        steps = numbers.steps
        items = steps + numbers.slices

        def epoch(number: Index, carry: tuple[Any, ...]) -> tuple[Any, ...]:
            """The part of one epoch that this call has to do: training steps, then validation."""
            state, sums, totals, rows = carry
            start, end = (jnp.clip(item - number * items, 0, items) for item in (first, first + count))
            sums = jnp.where(start == 0, 0.0, sums)

            def step(place: Index, carry: tuple[Any, ...]) -> tuple[Any, ...]:
                state, sums, totals = carry
                state, added = self._step(state, order, At(number, place), data, numbers)
                return state, sums + added, totals + added

            def validate(place: Index, carry: tuple[Any, ...]) -> tuple[Any, ...]:
                added = self._validate(state, place - steps, data, numbers)
                return carry[0] + added, carry[1] + added

            state, sums, totals = jax.lax.fori_loop(start, jnp.minimum(end, steps), step,
                                                    (state, sums, totals))
            sums, totals = jax.lax.fori_loop(jnp.maximum(start, steps), end, validate, (sums, totals))
            return state, sums, totals, jax.lax.dynamic_update_index_in_dim(
                rows, sums, number, 0, allow_negative_indices=False)

        zeros = jnp.zeros_like(sums), jnp.zeros((plan.window, *sums.shape), sums.dtype)
        begin, end = jax.lax.div(first, items), jax.lax.div(first + count + items - 1, items)
        return jax.lax.fori_loop(begin, end, epoch, (state, sums, *zeros))

    def _with_learning_rate(self, values: Values, learning_rate: Float[Any, ""]) -> Values:
        """The optimizer's variables with another learning rate: an argument, so it never compiles."""
        own = self.optimizer.learning_rate
        return [learning_rate if variable is own else value
                for variable, value in zip(self.optimizer.variables, values, strict=True)]


# No index is negative, and indices beyond the end do not matter. Checking would need extra kernels, and each
# kernel takes as long to compile as the whole arithmetic of a small network.

def _one(array: Shaped[Any, "rows *row"], place: Index) -> Shaped[Any, "*row"]:
    return jax.lax.dynamic_index_in_dim(array, place, keepdims=False, allow_negative_indices=False)


def _some(array: Shaped[Any, "rows *row"], start: Index, count: int) -> Shaped[Any, "{count} *row"]:
    return jax.lax.dynamic_slice_in_dim(array, start, count, allow_negative_indices=False)


def _chosen(array: Shaped[Any, "rows *row"], places: Int[Any, "some"]) -> Shaped[Any, "some *row"]:
    return array.at[places].get(mode="clip", wrap_negative_indices=False)
