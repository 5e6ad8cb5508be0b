"""Two ways to train a group: all members in one program, or each on its own, several at the same time."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol

import jax
import numpy as np

from core.settings import Settings
from core.training.numbers import own_numbers
from core.training.program_cache import kept
from core.training.step_data import Data, State
from core.training.steps import Steps
from core.training.studies.compiled import Lanes, Single, group_name, select
from core.training.studies.members import Group, stacked


class GroupAnswers(NamedTuple):
    """A network's outputs (n, units), as probabilities or numbers, and its losses (n,)."""

    outputs: np.ndarray
    losses: np.ndarray


class Way(Protocol):
    """A group that trains. Calls run `count` items (see `Steps`) from `first` of the opened window on."""

    states: Any
    group: Group
    program: Any

    def open(self, epoch: int) -> None:
        """Load the orders and numbers of the window that begins with `epoch`."""
        ...

    def run(self, first: int, count: int, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sums of the epoch in progress, (members, 6), and those of each epoch, (members, window, 6)."""
        ...

    def member_states(self) -> list[State]:
        """Each member's state, as NumPy arrays."""
        ...

    def replace(self, states: Sequence[State]) -> None:
        """Continue from these states."""
        ...

    def answers(self, x: Sequence[np.ndarray], y: Sequence[np.ndarray]) -> list[GroupAnswers]:
        """The predictions of each member's network for its own prepared examples."""
        ...


def first_states(program: Steps, group: Group) -> list[State]:
    """The members' first states; drawn once for those that start alike."""
    drawn: dict[Any, State] = {}
    keys = [(config.seed, model) for config, model in zip(group.configs, group.models, strict=True)]
    for key in keys:
        if key not in drawn:
            drawn[key] = program.initial_state(*key)
    return [drawn[key] for key in keys]


class Vectorized:
    """All members in one program, one lane each, by `vmap` over the first axis of each array."""

    def __init__(self, group: Group, settings: Settings, states: Sequence[State] | None = None):
        self.group = group
        self.program = kept(["lanes", *group_name(group)], lambda: Lanes(group, settings))
        self.replace(states or first_states(self.program, group))
        self._data = jax.device_put(group.data(0) if group.shares_data else select(
            group.own_data, stacked([group.data(lane) for lane in range(len(group))]), group.data(0)))
        self._own = stacked([own_numbers(config) for config in group.configs])
        _ = self.program.run  # anything that may refuse the group does so now

    def open(self, epoch: int) -> None:
        group, lanes = self.group, range(len(self.group))
        if group.shares_order:
            self._order = jax.device_put(group.orders(0, epoch))
        else:  # states with the same seed and size are drawn only once
            drawn: dict[Any, np.ndarray] = {}
            self._order = jax.device_put(stacked([
                drawn[key] if (key := (group.configs[lane].seed, group.plans[lane])) in drawn
                else drawn.setdefault(key, group.orders(lane, epoch)) for lane in lanes]))
        numbers = [group.arguments(lane, epoch) for lane in lanes]
        self._numbers = jax.device_put(stacked(numbers)._replace(
            steps=numbers[0].steps, slices=numbers[0].slices))

    def run(self, first: int, count: int, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.states, sums, rows = self.program.run(
            self.states, self._numbers, self._data, self._order, np.int32(first), np.int32(count), sums)
        return np.asarray(sums), np.moveaxis(np.asarray(rows), 1, 0)

    def replace(self, states: Sequence[State]) -> None:
        self.states = jax.device_put(stacked(states))

    def member_states(self) -> list[State]:
        whole = jax.tree.map(np.asarray, self.states)
        return [jax.tree.map(lambda array, lane=lane: array[lane], whole) for lane in range(len(self.group))]

    def answers(self, x: Sequence[np.ndarray], y: Sequence[np.ndarray]) -> list[GroupAnswers]:
        parts, size = [], self.group.plan.looked
        for start in range(0, max(len(targets) for targets in y), size):
            some = [[_filled(array[start:start + size], size) for array in both] for both in (x, y)]
            examples = [arrays[0] if self.group.shares_data else stacked(arrays) for arrays in some]
            outputs, losses = self.program.predict(
                self.states.trainable, self.states.non_trainable, *examples, *self._own)
            parts.append([np.asarray(outputs), np.asarray(losses)])
        return [GroupAnswers(*(np.concatenate([part[place][lane] for part in parts])[:len(y[lane])]
                          for place in (0, 1))) for lane in range(len(self.group))]


class Parallel:
    """Each member on its own, as many at a time as there are cores."""

    def __init__(self, group: Group, settings: Settings, states: Sequence[State] | None = None):
        self.group = group
        self.program = kept(["single", *group_name(group)[:5]], lambda: Single(group, settings))
        self.replace(states or first_states(self.program, group))
        # Lanes that share a split share its copy on the device.
        placed: dict[int, Data] = {}
        self._data = [placed.setdefault(id(found), placed.get(id(found)) or jax.device_put(group.data(lane)))
                      for lane, found in enumerate(group.splits)]
        _ = self.program.run
        self._pool = ThreadPoolExecutor(min(len(group), os.cpu_count() or 1), "lanes")

    def open(self, epoch: int) -> None:
        lanes = range(len(self.group))
        self._orders = [jax.device_put(self.group.orders(lane, epoch)) for lane in lanes]
        self._numbers = [jax.device_put(self.group.arguments(lane, epoch)) for lane in lanes]

    def run(self, first: int, count: int, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        def train(lane: int) -> tuple[np.ndarray, np.ndarray]:
            self.states[lane], after, rows = self.program.run(
                self.states[lane], self._numbers[lane], self._data[lane], self._orders[lane],
                np.int32(first), np.int32(count), sums[lane])
            return np.asarray(after), np.asarray(rows)

        after, rows = zip(*self._pool.map(train, range(len(self.group))), strict=True)
        return np.stack(after), np.stack(rows)

    def replace(self, states: Sequence[State]) -> None:
        self.states = [jax.device_put(state) for state in states]

    def member_states(self) -> list[State]:
        return [jax.tree.map(np.asarray, state) for state in self.states]

    def answers(self, x: Sequence[np.ndarray], y: Sequence[np.ndarray]) -> list[GroupAnswers]:
        def answer(lane: int) -> GroupAnswers:
            size, own, parts = self.group.plan.looked, own_numbers(self.group.configs[lane]), []
            for start in range(0, len(y[lane]), size):
                outputs, losses = self.program.predict(
                    self.states[lane].trainable, self.states[lane].non_trainable,
                    *(_filled(some[lane][start:start + size], size) for some in (x, y)), *own)
                parts.append((np.asarray(outputs), np.asarray(losses)))
            return GroupAnswers(*(np.concatenate(some)[:len(y[lane])] for some in zip(*parts, strict=True)))

        return list(self._pool.map(answer, range(len(self.group))))


def _filled(array: np.ndarray, count: int) -> np.ndarray:
    return np.concatenate([array, np.zeros((count - len(array), *array.shape[1:]), array.dtype)])
