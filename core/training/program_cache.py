"""Compiled programs kept in this process for the next run of the same network, up to a limit."""

import gc
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import jax

from core.runs.config import RunConfig
from core.runs.disk_limits import COMPILED, trim_now_and_then
from core.runs.program_key import program_key
from core.settings import Settings, from_environment
from core.training.malloc import trim_memory
from core.training.plan import Plan
from core.training.program import Data, Program

KEPT = 16
# Each compiled network takes about 9 MB, which only a sweep of this cache frees.
SWEEP_EVERY = 10
_Made = TypeVar("_Made")
_kept: OrderedDict[str, Any] = OrderedDict()
_making: dict[str, threading.Lock] = {}
_lock = threading.Lock()
_made = 0


def program_for(config: RunConfig, plan: Plan, data: Data, settings: Settings) -> Program:
    """The program of this config's network, compiled unless it is in the cache.

    Raises `limits.OverBudget` if the network, or one step of it, is too large.
    """
    key = [program_key(config), plan.fixed, str(data.x.dtype)]
    return kept(key, lambda: Program(config, plan, data, settings))


def kept(key: Sequence[Any], make: Callable[[], _Made]) -> _Made:
    """The result of `make`, or an earlier one with this key. key: plain JSON."""
    name = json.dumps(key, sort_keys=True)
    with _lock:
        making = _making.setdefault(name, threading.Lock())
    try:
        with making:  # two runs of the same new network compile it once
            with _lock:
                found = _kept.get(name)
                if found is not None:
                    _kept.move_to_end(name)
                    return found
            found = make()
            _keep(name, found)
            return found
    finally:
        with _lock:
            _making.pop(name, None)


def _keep(key: str, program: Any) -> None:
    global _made
    with _lock:
        _kept[key] = program
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
        _made += 1
        due = _made % SWEEP_EVERY == 0
    if due:
        give_back_memory()
    settings = from_environment()  # this machine's settings, because it is this machine's disk
    trim_now_and_then(settings.cache / COMPILED, settings.max_compiled_bytes)


def give_back_memory() -> None:
    """Drop everything that JAX keeps from earlier traces; compiled programs in use are not touched."""
    jax.clear_caches()
    gc.collect()
    trim_memory()
