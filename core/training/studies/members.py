"""The members of a group, ready to train: splits, plans and numbers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

import jax
import keras
import numpy as np

from core.catalog.stacks import kinds_of
from core.datasets import Preparation, Split
from core.datasets.second_test import second_test
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.studies.grouping import argument_names
from core.studies.study import Member
from core.training.model import build_model
from core.training.numbers import Numbers
from core.training.plan import Plan
from core.training.step_data import Data

# Most bytes of a group's examples: with images, each fold and each seed has a copy of its own.
MOST_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Group:
    """Members whose networks have the same structure, one lane each.

    Attributes:
        numbers: the members' numbers within the study.
        data: one `Split` each; the same object if they share it.
        plan: a plan for all of them, with room for the largest and as many steps as the longest epoch.
        plans: each member's own plan.
        names: the optimizer's parameters in which they differ.
        thresholds: of those whose test set is judged with one; see `Member`.
        origin: their first epoch, where they go on from a start; see `core.training.snapshot.Position`.
    """

    numbers: tuple[int, ...]
    configs: tuple[RunConfig, ...]
    splits: tuple[Split, ...]
    plan: Plan
    plans: tuple[Plan, ...]
    names: tuple[str, ...]
    thresholds: tuple[float | None, ...]
    origin: int = 0

    @property
    def shares_data(self) -> bool:
        """Whether all learn from the same examples."""
        return all(data is self.splits[0] for data in self.splits)

    @property
    def own_data(self) -> Data:
        """Which parts of `data` each lane has for itself."""
        own, sizes = not self.shares_data, {(plan.examples, plan.validation) for plan in self.plans}
        return Data(own, own, len(sizes) > 1, len(sizes) > 1, own)

    @property
    def shares_order(self) -> bool:
        """Whether all see the same examples at the same steps."""
        return self.shares_data and len({config.seed for config in self.configs}) == 1

    @property
    def ragged(self) -> bool:
        """Whether some have fewer steps in an epoch than others."""
        return len({plan.steps for plan in self.plans}) > 1

    def __len__(self) -> int:
        return len(self.numbers)

    def data(self, lane: int) -> Data:
        """The examples that one lane learns from, padded to the common size."""
        found, plan = self.splits[lane], self.plans[lane]
        fill = self.plan.all - len(found.y)
        x, y = (np.concatenate([values, np.zeros((fill, *values.shape[1:]), values.dtype)])
                if fill else values for values in (found.x, found.y))
        deviation = np.ones(1, np.float32) if found.target_deviation is None else found.target_deviation
        return Data(x, y, np.int32(plan.examples), np.int32(plan.validation), deviation)

    @cached_property
    def models(self) -> list[keras.Model]:
        """For each lane, a model with its initializers; the same object if lanes start alike."""
        made: dict[str, keras.Model] = {}
        keys = [json.dumps(kinds_of(config.layers())) for config in self.configs]
        for key, config in zip(keys, self.configs, strict=True):
            if key not in made:
                made[key] = build_model(config)
        return [made[key] for key in keys]

    def orders(self, lane: int, epoch: int) -> np.ndarray:
        """The order of one lane's examples in the window of epochs from `epoch` on."""
        return self.plans[lane].order(self.configs[lane].seed, epoch)

    def arguments(self, lane: int, epoch: int) -> Numbers:
        """One lane's numbers in the window from `epoch` on; steps and slices are the group's."""
        config, plan = self.configs[lane], self.plans[lane]
        own = Numbers.of(config, plan, self.splits[lane].y, epoch, config.learning_rate, self.origin)
        return own._replace(
            steps=np.int32(self.plan.steps), slices=np.int32(self.plan.slices),
            optimizer={name: np.float32(config.optimizer_parameters[name]) for name in self.names})


def batches(members: Mapping[int, Member]) -> Iterator[list[int]]:
    """The numbers of the members, in batches whose examples fit into the memory together.

    Raises `DatasetUnavailable`, and `FieldError` for more folds than there are examples.
    """
    by_split: dict[Any, list[int]] = {}
    for number, member in members.items():
        by_split.setdefault(_preparation(member), []).append(number)
    size = split(next(iter(members.values())).config.data, next(iter(by_split))).x.nbytes
    lists = iter(by_split.values())
    while batch := [number for numbers in islice(lists, max(1, MOST_BYTES // size)) for number in numbers]:
        yield sorted(batch)


def build_group(members: Mapping[int, Member]) -> Group:
    """A group of `members`, by their numbers, which have the same structure. Raises as `batches`."""
    configs = tuple(member.config for member in members.values())
    found: dict[tuple[Preparation, bool], Split] = {}
    for member in members.values():
        key = _preparation(member), member.second_test
        if key not in found:
            found[key] = (second_test if member.second_test else split)(member.config.data, key[0])
    splits = tuple(found[_preparation(member), member.second_test] for member in members.values())
    base = Plan.of(configs[0], max(splits, key=lambda data: len(data.y)))
    batch_size = max(min(config.batch_size, data.examples)
                     for config, data in zip(configs, splits, strict=True))
    base = replace(base, batch_size=batch_size, room=max(len(data.y) for data in splits))
    plans = tuple(replace(base, examples=data.examples, validation=data.validation) for data in splits)
    whole = replace(base, examples=max(plan.examples for plan in plans),
                    validation=max(plan.validation for plan in plans))
    return Group(tuple(members), configs, splits, whole, plans, argument_names(configs),
                 tuple(member.threshold for member in members.values()))


def stacked(trees: Sequence[Any]) -> Any:
    """Several trees of arrays as one; the first axis of each array is the lane."""
    return jax.tree.map(lambda *leaves: np.stack(leaves), *trees)


def _preparation(member: Member) -> Preparation:
    fold, own = member.fold, member.config.preparation
    return replace(own, fold=fold and (fold.index, fold.count, fold.repeat),
                   test_seed=own.test_seed if member.test_seed is None else member.test_seed)
