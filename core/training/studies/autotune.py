"""Chooses how a group is trained: measures both strategies where it is not clear which one is faster."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from core.settings import Settings
from core.training.compile import products
from core.training.limits import OverBudget
from core.training.program_cache import kept
from core.training.step_data import State
from core.training.studies.compiled import group_name
from core.training.studies.members import Group
from core.training.studies.strategies import Parallel, Vectorized, Way

TOGETHER, BESIDE = "together", "side by side"
WAYS: dict[str, Callable[..., Way]] = {TOGETHER: Vectorized, BESIDE: Parallel}
# Multiply-adds of a step, below which its cost is in its calls and not its arithmetic: lanes win by far.
FEW_PRODUCTS = 1_000_000
# With more bytes than this, all lanes' variables no longer fit into a core's cache, or into a small server.
MOST_BYTES = 256 * 2**20
# How long both strategies are tried: items per turn, and turns of each, unless this many seconds have passed.
TRIED_ITEMS, TRIED_TURNS, TRIED_SECONDS = 4, 8, 0.5


def way_for(group: Group, settings: Settings, states: Sequence[State] | None = None) -> tuple[str, Way]:
    """The group, ready to train, and the name of its strategy. Raises `limits.OverBudget`.

    states: to continue from. Vectorized convolutions and large products can be up to a half slower than one
    network after another: this is measured once per program, on throwaway states.
    """
    model, lanes = group.models[0], len(group)
    if lanes == 1 or 12 * model.count_params() * lanes > MOST_BYTES:
        return BESIDE, Parallel(group, settings, states)
    if group.plan.batch_size * products(model) < FEW_PRODUCTS:
        try:
            return TOGETHER, Vectorized(group, settings, states)
        except OverBudget:
            return BESIDE, Parallel(group, settings, states)
    name = kept(["way", *group_name(group)], lambda: _quicker(group, settings))
    return name, WAYS[name](group, settings, states)


def _quicker(group: Group, settings: Settings) -> str:
    """The strategy with the shortest turn. In turns, so that other work slows down both equally."""
    ways: dict[str, Way] = {}
    for name, make in WAYS.items():
        try:
            ways[name] = make(group, settings)
        except OverBudget:
            continue
        ways[name].open(0)
    if len(ways) < 2:
        return next(iter(ways), BESIDE)
    took: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(TRIED_TURNS):
        # The first turn is slower than the others.
        if turn > 1 and sum(map(sum, took.values())) > TRIED_SECONDS:
            break
        for name, way in ways.items():
            took[name].append(_turn(way, group))
    return min(ways, key=lambda name: min(took[name]))


def _turn(way: Way, group: Group) -> float:
    """Seconds of a few items of all members."""
    began = time.perf_counter()
    way.run(0, min(TRIED_ITEMS, group.plan.items), np.zeros((len(group), 6), np.float32))
    return time.perf_counter() - began
