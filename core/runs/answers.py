"""Answers of a worker to questions about a config: its layer table, and a learning rate that suits it."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class LayerRow:
    """One layer as Keras describes it. `output_shape` leaves out the batch; all `parameters` count."""

    name: str
    class_name: str
    output_shape: tuple[int | None, ...]
    parameters: int


@dataclass(frozen=True)
class FinderProgress:
    """How far the search for a learning rate is.

    Attributes:
        training: number of the training in progress, from 1; 0 during the sweep before.
        trainings: how many there will be; 0 before the network is compiled.
        rate: the learning rate being tried.
        share: of all steps, 0 to 1.
    """

    training: int = 0
    trainings: int = 0
    rate: float = 0.0
    share: float = 0.0


@dataclass(frozen=True)
class FoundRates:
    """The result of the learning-rate finder.

    Attributes:
        rates, losses: float (n,), the rising rates of the sweep, and the loss of each step's batch.
        suggestion: a rate that trains well; None if none did.
        tried, tried_losses: float (m,), the rates of the short trainings, and the validation loss at the end
            of each.
        doubt: why the suggestion is uncertain, in a sentence; empty if it is not.
        share: length of these trainings relative to the whole run, 0 to 1.
        solved: the loss below which all results count as equal.
    """

    rates: np.ndarray
    losses: np.ndarray
    suggestion: float | None
    tried: np.ndarray = field(default_factory=lambda: np.zeros(0))
    tried_losses: np.ndarray = field(default_factory=lambda: np.zeros(0))
    doubt: str = ""
    share: float = 0.0
    solved: float = 0.0
