"""Two ways to train a group: all its members in one program, or each by itself, several at the same time."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol

import jax
import numpy as np

from core.settings import Settings
from core.structure import structure
from core.training.layers import repeats
from core.training.limits import check_program
from core.training.numbers import Numbers, own_numbers
from core.training.programs import kept
from core.training.steps import Data, State, Steps
from core.training.studies.members import Group, stacked

# Of the numbers only those two are everybody's: they decide how long the loops are.
_NUMBERS = Numbers(0, 0, 0, 0, 0, 0, 0, None, None, 0)  # type: ignore[arg-type]


class Answers(NamedTuple):
    """What a network says of examples: outputs (n, units), probabilities or numbers, and losses (n,)."""

    outputs: np.ndarray
    losses: np.ndarray


class Way(Protocol):
    """A group that trains. Calls run `count` items (see `Steps`) from `first` of the opened window on."""

    states: Any

    def open(self, epoch: int) -> None:
        """Take in the orders and numbers of the window that begins with `epoch`."""
        ...

    def run(self, first: int, count: int, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sums under way (members, 6), and those of each epoch, (members, window, 6)."""
        ...

    def member_states(self) -> list[State]:
        """Each member's state, as NumPy arrays."""
        ...

    def replace(self, states: Sequence[State]) -> None:
        """Go on from these."""
        ...

    def answers(self, x: Sequence[np.ndarray], y: Sequence[np.ndarray]) -> list[Answers]:
        """What each member's network says of its own examples, prepared."""
        ...


class _Compiled(Steps):
    """The functions of `Steps`, compiled for a group: in lanes, or for one member at a time."""

    def __init__(self, group: Group, settings: Settings, lanes: bool):
        super().__init__(group.configs[0], group.plan, settings, group.uneven)
        data, order, numbers = group.data(0), group.orders(0, 0), group.arguments(0, 0)
        state, sums = self.initial_state(0, self.model), np.zeros(6, np.float32)
        count, run, predict = len(group), self._run, self._predict
        own, shared, ordered = own_numbers(group.configs[0]), group.shares_data, group.shares_order
        if lanes:
            run = jax.vmap(run, (0, _NUMBERS, None if shared else 0, None if ordered else 0, None, None, 0))
            state, sums, own = (_lanes(one, count) for one in (state, sums, own))
            numbers = _lanes(numbers, count)._replace(steps=numbers.steps, slices=numbers.slices)
            data = data if shared else _lanes(data, count)
            order = order if ordered else _lanes(order, count)
        self.run = jax.jit(run, donate_argnums=0).lower(
            state, numbers, data, order, np.int32(0), np.int32(0), sums).compile()
        check_program(self.run, repeats(self.model), settings)
        examples = tuple(jax.ShapeDtypeStruct((group.plan.slice, *one.shape[1:]), one.dtype)
                         for one in (group.splits[0].x, group.splits[0].y))
        if lanes:
            axis = None if shared else 0
            predict = jax.vmap(predict, (0, 0, axis, axis, 0, 0))
            examples = examples if shared else _lanes(examples, count)
        self.predict = jax.jit(predict).lower(
            state.trainable, state.non_trainable, *examples, *own).compile()


def _lanes(tree: Any, count: int) -> Any:
    return jax.tree.map(lambda one: jax.ShapeDtypeStruct((count, *np.shape(one)), one.dtype), tree)


def group_name(group: Group) -> list[Any]:
    """What the programs of a group depend on, as plain JSON."""
    config = group.configs[0]
    parts = [_constants(group) if one is config.optimizer_parameters else one for one in structure(config)]
    return [parts, group.names, group.plan.fixed, str(group.splits[0].x.dtype), group.uneven, len(group),
            group.shares_data, group.shares_order]


def _compiled(group: Group, settings: Settings, lanes: bool) -> _Compiled:
    name = group_name(group)
    return kept(["lanes", *name] if lanes else ["single", *name[:5]],
                lambda: _Compiled(group, settings, lanes))


def _constants(group: Group) -> dict[str, float | bool]:
    """The optimizer's own parameters as far as the program depends on them."""
    return {name: value > 0 if name in group.names else value
            for name, value in group.configs[0].optimizer_parameters.items()}


def first_states(program: Steps, group: Group) -> list[State]:
    """Where the members begin."""
    return [program.initial_state(config.seed, model)
            for config, model in zip(group.configs, group.models(), strict=True)]


class Together:
    """All members in one program, each in a lane of its own."""

    def __init__(self, group: Group, settings: Settings, states: Sequence[State] | None = None):
        self.group, self.program = group, _compiled(group, settings, lanes=True)
        self.replace(states or first_states(self.program, group))
        self._data = jax.device_put(group.data(0) if group.shares_data else stacked(
            [group.data(lane) for lane in range(len(group))]))
        self._own = stacked([own_numbers(config) for config in group.configs])

    def open(self, epoch: int) -> None:
        group, lanes = self.group, range(len(self.group))
        if group.shares_order:
            self._order = jax.device_put(group.orders(0, epoch))
        else:  # those of the same seed and size are drawn once
            drawn: dict[Any, np.ndarray] = {}
            self._order = jax.device_put(np.stack([
                drawn[key] if (key := (group.configs[lane].seed, group.plans[lane])) in drawn
                else drawn.setdefault(key, group.orders(lane, epoch)) for lane in lanes]))
        numbers = [group.arguments(lane, epoch) for lane in lanes]
        self._numbers = jax.device_put(stacked(numbers)._replace(
            steps=numbers[0].steps, slices=numbers[0].slices))

    def run(self, first: int, count: int, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.states, sums, _, rows = self.program.run(
            self.states, self._numbers, self._data, self._order, np.int32(first), np.int32(count), sums)
        return np.asarray(sums), np.asarray(rows)

    def replace(self, states: Sequence[State]) -> None:
        self.states = jax.device_put(stacked(states))

    def member_states(self) -> list[State]:
        whole = jax.tree.map(np.asarray, self.states)
        return [jax.tree.map(lambda one, lane=lane: one[lane], whole) for lane in range(len(self.group))]

    def answers(self, x: Sequence[np.ndarray], y: Sequence[np.ndarray]) -> list[Answers]:
        parts, size = [], self.group.plan.slice
        for start in range(0, max(len(one) for one in y), size):
            some = [[_filled(one[start:start + size], size) for one in both] for both in (x, y)]
            examples = [one[0] for one in some] if self.group.shares_data else [np.stack(one) for one in some]
            outputs, losses, _ = self.program.predict(
                self.states.trainable, self.states.non_trainable, *examples, *self._own)
            parts.append((np.asarray(outputs), np.asarray(losses)))
        return [Answers(*(np.concatenate([part[place][lane] for part in parts])[:len(y[lane])]
                          for place in (0, 1))) for lane in range(len(self.group))]


class SideBySide:
    """Each member by itself, as many at a time as there are cores."""

    def __init__(self, group: Group, settings: Settings, states: Sequence[State] | None = None):
        self.group, self.program = group, _compiled(group, settings, lanes=False)
        self.replace(states or first_states(self.program, group))
        # Lanes that share a split share its copy on the device.
        placed: dict[int, Data] = {}
        self._data = [placed.setdefault(id(found), placed.get(id(found)) or jax.device_put(group.data(lane)))
                      for lane, found in enumerate(group.splits)]
        self._pool = ThreadPoolExecutor(min(len(group), os.cpu_count() or 1), "lanes")

    def open(self, epoch: int) -> None:
        lanes = range(len(self.group))
        self._orders = [jax.device_put(self.group.orders(lane, epoch)) for lane in lanes]
        self._numbers = [jax.device_put(self.group.arguments(lane, epoch)) for lane in lanes]

    def run(self, first: int, count: int, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        def one(lane: int) -> tuple[np.ndarray, np.ndarray]:
            self.states[lane], after, _, rows = self.program.run(
                self.states[lane], self._numbers[lane], self._data[lane], self._orders[lane],
                np.int32(first), np.int32(count), sums[lane])
            return np.asarray(after), np.asarray(rows)

        after, rows = zip(*self._pool.map(one, range(len(self.group))), strict=True)
        return np.stack(after), np.stack(rows)

    def replace(self, states: Sequence[State]) -> None:
        self.states = [jax.device_put(one) for one in states]

    def member_states(self) -> list[State]:
        return [jax.tree.map(np.asarray, one) for one in self.states]

    def answers(self, x: Sequence[np.ndarray], y: Sequence[np.ndarray]) -> list[Answers]:
        def one(lane: int) -> Answers:
            size, own, parts = self.group.plan.slice, own_numbers(self.group.configs[lane]), []
            for start in range(0, len(y[lane]), size):
                outputs, losses, _ = self.program.predict(
                    self.states[lane].trainable, self.states[lane].non_trainable,
                    *(_filled(some[lane][start:start + size], size) for some in (x, y)), *own)
                parts.append((np.asarray(outputs), np.asarray(losses)))
            return Answers(*(np.concatenate(some)[:len(y[lane])] for some in zip(*parts, strict=True)))

        return list(self._pool.map(one, range(len(self.group))))


def _filled(array: np.ndarray, count: int) -> np.ndarray:
    return np.concatenate([array, np.zeros((count - len(array), *array.shape[1:]), array.dtype)])
