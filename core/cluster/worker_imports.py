"""Imports Keras, JAX and the rest in a worker, once and from a single thread."""

import threading
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

# Everything that tasks import, including those of studies; importing it again costs nothing.
ENGINE = ("scipy.linalg", "scipy.special", "scipy.stats", "sklearn.model_selection", "sklearn.datasets",
          "core.training.fit", "core.training.summary", "core.training.warm_up",
          "core.training.studies.training", "core.training.agents.fit")
_IMPORTING = threading.Lock()


def with_engine(task: Callable[..., Any]) -> Callable[..., Any]:
    """Makes `task` wait until a single thread of this process has imported everything that tasks need.

    Threads that import Keras, JAX, scipy and scikit-learn at the same time can wait for each other's modules
    in a circle. Python then breaks the circle with an error, and Keras stays half imported for the worker's
    whole life.
    """
    @wraps(task)
    def call(*arguments: Any, **named: Any) -> Any:
        with _IMPORTING:
            for name in ENGINE:
                import_module(name)
        return task(*arguments, **named)
    return call
