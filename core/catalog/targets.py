"""What a network can learn of a dataset: its target as it was loaded, or the input itself."""

from collections.abc import Callable
from dataclasses import dataclass

from core.datasets.dataset import Dataset


@dataclass(frozen=True)
class Target:
    """One thing to learn.

    Attributes:
        of: the dataset, as it is described to a network that learns this, given the names of the classes that
            are normal.
    """

    name: str
    label: str
    help: str
    of: Callable[[Dataset, tuple[str, ...]], Dataset]


# What the dataset itself asks for.
LABEL = "label"

_ENTRIES = (
    Target(LABEL, "The label", "What the dataset asks for: classes, numbers, or the next values.",
           lambda data, normal: data),
    Target("input", "The input", "The network learns to give back its own input, through layers that are too "
           "narrow to simply copy it: an autoencoder. It needs no labels.", Dataset.reconstructed),
)

TARGETS: dict[str, Target] = {entry.name: entry for entry in _ENTRIES}
