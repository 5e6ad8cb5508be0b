"""The compiled programs of a group: for one member, or for all members at once."""

from typing import Any

import jax
import numpy as np

from core.runs.program_key import program_key
from core.settings import Settings
from core.training.compile import compiling, products, updates
from core.training.layers import repeats
from core.training.limits import check_program
from core.training.numbers import Numbers, own_numbers
from core.training.step_data import At, Data, State
from core.training.steps import Steps
from core.training.studies.members import Group

# Of the numbers only those two are everybody's: they decide how long the loops are.
_NUMBERS = Numbers._make([True] * 8 + [False] * 2 + [True] * 2)


class _Compiled(Steps):
    """The functions of `Steps` for a group; both are compiled in the background, the first one first."""

    def __init__(self, group: Group, settings: Settings):
        super().__init__(group.configs[0], group.plan, settings, group.ragged)
        self._settings, self._answering = settings, None
        self._products = group.plan.batch_size * products(self.model) + updates(self.model)

    def _compile(self, run: Any, predict: Any) -> None:
        """run, predict: their arguments' shapes."""
        self._compiling = compiling(jax.jit(self._without_totals, donate_argnums=0).lower(*run),
                                    self._products)
        self._lowered = jax.jit(self._answers).lower(*predict)

    def _answers(self, *arguments: Any) -> tuple[Any, Any]:
        outputs, losses, _ = self._predict(*arguments)
        return outputs, losses

    def _without_totals(self, *arguments: Any) -> tuple[State, Any, Any]:
        state, sums, _, rows = self._run(*arguments)
        return state, sums, rows

    @property
    def run(self) -> Any:
        """The compiled `_run`, without a call's own sums. Raises `limits.OverBudget`."""
        found = self._compiling.result()
        if self._answering is None:
            check_program(found, repeats(self.model) * self.plan.counted, self._settings)
            self._answering = compiling(self._lowered, 0)  # used once or twice, so its loops need not be fast
        return found

    @property
    def predict(self) -> Any:
        """The compiled `_predict`, of outputs and losses; once there is a `run`."""
        assert self._answering is not None
        return self._answering.result()


class Single(_Compiled):
    """One member of a group at a time."""

    def __init__(self, group: Group, settings: Settings):
        super().__init__(group, settings)
        state = self.initial_state(0, self.model)
        self._compile(
            (state, group.arguments(0, 0), group.data(0), group.orders(0, 0), np.int32(0), np.int32(0),
             np.zeros(6, np.float32)),
            (*state[:2], *_examples(group), *own_numbers(group.configs[0])))


class Lanes(_Compiled):
    """All members of a group at once, each in a lane: `jax.vmap` over the first axis of each array."""

    def __init__(self, group: Group, settings: Settings):
        super().__init__(group, settings)
        # Long loops over many lanes must be fast, so they are not compiled the quick way.
        self._products *= len(group)
        self._count, self._data, self._order = len(group), group.own_data, not group.shares_order
        numbers = group.arguments(0, 0)
        state, sums, own, order, data, examples = (self._shapes(tree) for tree in (
            self.initial_state(0, self.model), np.zeros(6, np.float32), own_numbers(group.configs[0]),
            group.orders(0, 0), group.data(0), _examples(group)))
        self._compile(
            (state, self._shapes(numbers)._replace(steps=numbers.steps, slices=numbers.slices),
             select(self._data, data, group.data(0)), order if self._order else group.orders(0, 0),
             np.int32(0), np.int32(0), sums),
            (*state[:2], *(examples if self._data.x else _examples(group)), *own))

    def _shapes(self, tree: Any) -> Any:
        return jax.tree.map(
            lambda array: jax.ShapeDtypeStruct((self._count, *np.shape(array)), array.dtype), tree)

    def _many(self, function: Any, *in_lanes: Any) -> Any:
        return jax.vmap(function, jax.tree.map(lambda flag: 0 if flag else None, in_lanes))

    def _step(self, state: State, order: Any, at: At, data: Data, numbers: Numbers) -> tuple[State, Any]:
        return self._many(super()._step, True, self._order, False, self._data, _NUMBERS)(
            state, order, at, data, numbers)

    def _validate(self, state: State, slice_: Any, data: Data, numbers: Numbers) -> Any:
        return self._many(super()._validate, True, False, self._data, _NUMBERS)(state, slice_, data, numbers)

    def _predict(self, trainable: list[Any], non_trainable: list[Any], x: Any, y: Any, layers: Any,
                 loss: Any) -> tuple[Any, Any, Any]:
        return self._many(super()._predict, True, True, self._data.x, self._data.y, True, True)(
            trainable, non_trainable, x, y, layers, loss)


def select(own: Data, lanes: Data, shared: Data) -> Data:
    """Combines the parts that each lane has for itself, from `lanes`, with the rest, from `shared`."""
    return Data(*(lane if flag else other for flag, lane, other in zip(own, lanes, shared, strict=True)))


def _examples(group: Group) -> tuple[Any, Any]:
    """The shapes of the examples that a network predicts at once."""
    x, y = (jax.ShapeDtypeStruct((group.plan.looked, *array.shape[1:]), array.dtype)
            for array in (group.splits[0].x, group.splits[0].y))
    return x, y


def group_name(group: Group) -> list[Any]:
    """Everything that the programs of a group depend on, as plain JSON."""
    config = group.configs[0]
    parts = [_constants(group) if part is config.optimizer_parameters else part
             for part in program_key(config)]
    return [parts, group.names, group.plan.fixed, str(group.splits[0].x.dtype), group.ragged, len(group),
            group.own_data, group.shares_order]


def _constants(group: Group) -> dict[str, float | bool]:
    """The optimizer's own parameters as far as the program depends on them."""
    return {name: value > 0 if name in group.names else value
            for name, value in group.configs[0].optimizer_parameters.items()}
