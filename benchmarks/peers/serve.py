"""A peer's process: `python -m benchmarks.peers.serve FRAMEWORK`, one of jax, tensorflow, torch.

Requests and replies are lines of JSON on stdin and stdout; it ends when stdin does. The first request
is a `Task`; a request `{"epochs": n}` trains on. What a framework prints goes to stderr.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.peers.task import Loop, Task

# A few whole batches compile what there is to compile, and the last, smaller one.
WARM_BATCHES = 8


def loop_of(framework: str) -> Callable[[Task], Loop]:
    """What makes the loop of `framework`; imports it."""
    if framework == "torch":
        from benchmarks.peers.torch_loop import TorchLoop
        return TorchLoop
    os.environ["KERAS_BACKEND"] = framework
    from benchmarks.peers.keras_loop import KerasLoop
    return KerasLoop


def reply(make: Callable[[Task], Loop], loop: Loop | None, request: dict[str, Any]
          ) -> tuple[Loop, dict[str, Any]]:
    """The loop that is at work from now on, and the answer to `request`."""
    if loop is None or "layers" in request:
        task = Task(**request)
        loop = make(task)
        few = WARM_BATCHES * task.batch_size + loop.examples % task.batch_size
        loop.train(1, min(few, loop.examples))
        return loop, {"parameters": loop.parameters}
    began = time.monotonic()
    loss, accuracy = loop.train(request["epochs"], loop.examples)
    return loop, {"seconds": time.monotonic() - began, "loss": loss, "accuracy": accuracy}


def main() -> None:
    """Answer until nobody asks any more."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    np.random.seed(0)
    make, loop = loop_of(sys.argv[1]), None
    for line in sys.stdin:
        loop, answer = reply(make, loop, json.loads(line))
        print(json.dumps(answer), file=replies, flush=True)


if __name__ == "__main__":
    main()
