"""What a network can learn of a dataset: its target as it was loaded, the input itself, or a hidden word."""

from collections.abc import Callable
from dataclasses import dataclass

from core.datasets.dataset import Dataset


@dataclass(frozen=True)
class Target:
    """One thing to learn.

    Attributes:
        of: the dataset, as it is described to a network that learns this, given the names of the classes that
            are normal.
        fits: whether it can be learned of a dataset, described with its own task.
        task: of the dataset that `of` describes; empty for its own.
    """

    name: str
    label: str
    help: str
    of: Callable[[Dataset, tuple[str, ...]], Dataset]
    fits: Callable[[Dataset], bool] = lambda data: True
    task: str = ""


# What the dataset itself asks for.
LABEL, INPUT, HIDDEN_WORD = "label", "input", "hidden_word"


def _has_values(data: Dataset) -> bool:
    return not (data.is_text or data.is_pairs) and data.reconstructed().outputs > 1


_ENTRIES = (
    Target(LABEL, "The label", "What the dataset asks for: classes, numbers, or the next values.",
           lambda data, normal: data),
    Target(INPUT, "The input", "The network learns to give back its own input, through layers that are too "
           "narrow to simply copy it: an autoencoder. It needs no labels.", Dataset.reconstructed,
           _has_values, "reconstruction"),
    Target(HIDDEN_WORD, "A hidden word", "Words of a sentence are hidden, and the network guesses them from "
           "the others. It needs no labels, and what it learns about words can be the start of a run that "
           "learns labels.", lambda data, normal: data.guessing(), lambda data: data.is_text, "guessing"),
)

TARGETS: dict[str, Target] = {entry.name: entry for entry in _ENTRIES}


def targets_of(data: Dataset) -> tuple[str, ...]:
    """The names of what can be learned of a dataset, its own target first."""
    return tuple(name for name, entry in TARGETS.items() if entry.fits(data.labelled))


def has_target(data: Dataset) -> bool:
    """Whether a dataset can be learned as it is described; with its own task, whether there is a choice."""
    found = targets_of(data)
    return len(found) > 1 if data.original is None else data.task in (TARGETS[name].task for name in found)
