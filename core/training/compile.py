"""Compiles programs: tiny ones with less optimization, and those needed later in the background."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import jax
import keras
import numpy as np

from core.training.layers import reads

# XLA's older kernel emitters compile in two thirds of the time. Their loops are up to three times slower, but
# below this many multiply-adds per step the calls cost more than the loops.
QUICK = {"xla_cpu_use_fusion_emitters": False}
QUICK_PRODUCTS = 65_536

_background = ThreadPoolExecutor(2, "compiling")


def products(model: Any) -> int:
    """About how many multiply-adds a forward pass of one example needs."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Embedding):
            continue  # it only looks rows up
        shape = layer.output.shape[1:]
        places = int(np.prod(shape[:-1])) if len(shape) > 1 else 1
        if not len(shape) > 1 and layer.weights and len(reads(layer)[0].shape) == 3:
            places = reads(layer)[0].shape[1]  # of a recurrent layer, its time steps
        total += places * layer.count_params()
    return total


def updates(model: Any) -> int:
    """How many entries of tables the optimizer changes in a step, whichever rows were looked up.

    Each is a multiply-add for the choice of compiler options: the tables are what `products` leaves out.
    """
    return sum(layer.count_params() for layer in model.layers if isinstance(layer, keras.layers.Embedding))


def compiled(lowered: Any, products: int) -> Any:
    """The executable of a `jax.stages.Lowered`. products: multiply-adds of one of its steps.

    The choice of compiler options depends on the program alone, so the same run has the same last digits
    everywhere.
    """
    if products > QUICK_PRODUCTS or jax.default_backend() != "cpu":
        return lowered.compile()
    try:
        return lowered.compile(compiler_options=QUICK)
    except jax.errors.JaxRuntimeError:  # another XLA, without that option
        return lowered.compile()


def in_background(make: Callable[[], Any]) -> Future[Any]:
    """The result of `make`, which traces and compiles what nobody waits for."""
    return _background.submit(make)


def compiling(lowered: Any, products: int) -> Future[Any]:
    """The same in the background: XLA does not hold Python's lock meanwhile."""
    return _background.submit(compiled, lowered, products)
