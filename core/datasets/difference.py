"""How the examples to learn from differ from those to test with, where they do so on purpose."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Difference:
    """What sets training apart from testing; by default nothing does. Inputs are in their own units.

    Attributes:
        learned: says of inputs which of them may be learned from, bool (n,); the test set has others too.
        targets: gives the targets of training examples, from their inputs and their own targets.
        tested: gives the inputs of test examples, from their own.
    """

    learned: Callable[[np.ndarray], np.ndarray] | None = None
    targets: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None
    tested: Callable[[np.ndarray], np.ndarray] | None = None

    def of_targets(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The targets of training examples."""
        return y if self.targets is None else self.targets(x, y)

    def of_tests(self, x: np.ndarray) -> np.ndarray:
        """The inputs of test examples."""
        return x if self.tested is None else self.tested(x)


ALIKE = Difference()
