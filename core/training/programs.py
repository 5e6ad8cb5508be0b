"""The compiled programs of this process: kept for the next run of the same network, in a bounded number."""

import gc
import json
import threading
from collections import OrderedDict
from typing import Any

import jax

from core.config import RunConfig
from core.settings import Settings
from core.tables.stacks import structure_of
from core.training.memory import give_back
from core.training.plan import Plan
from core.training.program import Data, Program

KEPT = 16
# Each compiled network costs about 9 MB that only a sweep gives back.
SWEEP_EVERY = 10
_kept: OrderedDict[str, Program] = OrderedDict()
_making: dict[str, threading.Lock] = {}
_lock = threading.Lock()
_made = 0


def program_for(config: RunConfig, plan: Plan, data: Data, settings: Settings) -> Program:
    """The program of this config's network, compiled if it is not at hand.

    Raises `limits.OverBudget` where the network, or one step of it, is too large.
    """
    key = json.dumps([structure(config), plan.fixed, str(data.x.dtype)], sort_keys=True)
    with _lock:
        making = _making.setdefault(key, threading.Lock())
    try:
        with making:  # two runs of one new network compile it once
            with _lock:
                program = _kept.get(key)
                if program:
                    _kept.move_to_end(key)
                    return program
            program = Program(config, plan, data, settings)
            _keep(key, program)
            return program
    finally:
        with _lock:
            _making.pop(key, None)


def structure(config: RunConfig) -> list[Any]:
    """What of a config its program depends on; everything else is an argument of the program.

    Not the dataset: another one whose examples have the same shape is learned by the same program.
    """
    data = config.data
    return [data.shape, data.units, data.task, structure_of(config.layers()), config.optimizer,
            config.optimizer_parameters, config.loss, config.class_weights, config.clip_norm > 0,
            config.augments]


def _keep(key: str, program: Program) -> None:
    global _made
    with _lock:
        _kept[key] = program
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
        _made += 1
        due = _made % SWEEP_EVERY == 0
    if due:
        give_back_memory()


def give_back_memory() -> None:
    """Drop what JAX keeps of earlier traces; compiled programs in use are not touched."""
    jax.clear_caches()
    gc.collect()
    give_back()
