"""The state in which a run begins that has a start: the weights that it takes over, and new ones."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.start import Start
from core.runs.taken_layers import names_of, taken, weighted
from core.training.model import known_model
from core.training.plan import Plan
from core.training.program import State
from core.training.snapshot import RunState
from core.training.weight_paths import paths

MISFIT = ("The start's network has weights of other shapes than this run's. Choose the same layers and units "
          "as there.")


def begun(owner: RunConfig, found: RunState, first: RunState, plan: Plan, names: Sequence[str]) -> RunState:
    """Where a run of `owner` begins: `first` with the weights of `found`, and all the rest where it goes on.

    Raises `FieldError` if the weights do not fit.

    Args:
        found: the state after its start.
        first: where it would begin without a start.
        plan: its own.
        names: of the weights, in their order.
    """
    start = owner.start
    assert start is not None
    state, fresh = found.state, first.state
    if taken(owner) < len(weighted(owner)) or start.config.data.key != owner.data.key:
        weights = _edited(_taken_over(owner, state, fresh, names), start, names)
        return first._replace(state=_state(weights, fresh))
    if not _alike(state.trainable, fresh.trainable) or not _alike(_floats(state.non_trainable),
                                                                 _floats(fresh.non_trainable)):
        raise FieldError("start.config", MISFIT)
    others = list(state.non_trainable)
    # The random states of dropout go on with the rest; another network may have another number of them.
    if not start.goes_on(owner) or not _alike(others, fresh.non_trainable):
        floats = iter(_floats(others))
        others = [next(floats) if np.issubdtype(value.dtype, np.floating) else value
                  for value in fresh.non_trainable]
    weights = _edited([*state.trainable, *others], start, names)
    if not start.goes_on(owner) or not _alike(state.optimizer, fresh.optimizer):
        return first._replace(state=_state(weights, fresh))
    origin, before = divmod(found.place.position, plan.items)
    if before >= plan.steps:  # stopped while the epoch was validated
        origin, before = origin + 1, 0
    place = replace(first.place, position=origin * plan.items + before, origin=origin, before=before)
    return first._replace(place=place, state=_state(weights, fresh)._replace(optimizer=state.optimizer),
                          sums=found.sums if before else first.sums)


def _state(weights: list[Any], fresh: State) -> State:
    """These trainable and other variables, with an optimizer that begins anew."""
    count = len(fresh.trainable)
    return State(weights[:count], weights[count:], fresh.optimizer)


def _taken_over(owner: RunConfig, state: State, fresh: State, names: Sequence[str]) -> list[Any]:
    """The run's new weights, with those of the layers that it takes over from its start, by their names.

    Raises `FieldError` if they do not fit. state: after the start, in the order of its own network.
    """
    assert owner.start is not None
    theirs = dict(zip(paths(known_model(owner.start.config)), [*state.trainable, *state.non_trainable],
                      strict=True))
    chosen, found = names_of(owner, taken(owner)), []
    for name, value in zip(names, [*fresh.trainable, *fresh.non_trainable], strict=True):
        is_taken = name.partition("/")[0] in chosen and np.issubdtype(value.dtype, np.floating)
        if is_taken and (name not in theirs or not _alike([theirs[name]], [value])):
            raise FieldError("start.config", MISFIT)
        found.append(theirs[name] if is_taken else value)
    return found


def _edited(weights: list[Any], start: Start, names: Sequence[str]) -> list[Any]:
    edited = list(weights)
    for path, index, value in start.edits:
        if path not in names or index >= np.size(edited[names.index(path)]):
            raise FieldError("start.edits", f"This network has no weight number {index} in {path}. Its "
                             f"weights are in {', '.join(names)[:300]}.")
        place = names.index(path)
        changed = np.array(edited[place])
        changed.flat[index] = value
        edited[place] = changed
    return edited


def _floats(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if np.issubdtype(value.dtype, np.floating)]


def _alike(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return [(np.shape(value), value.dtype) for value in some] == [
        (np.shape(value), value.dtype) for value in others]
