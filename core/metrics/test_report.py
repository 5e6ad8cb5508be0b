"""A network's answers to its test set, and everything a page asks about them, each computed once."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from core.datasets import Arrays, Dataset, Preparation
from core.datasets.splits import split, test_set
from core.metrics.calibration import Reliability, reliability
from core.metrics.classes import ClassReport, class_report
from core.metrics.guessing import guesses, right
from core.metrics.network import NetworkAnswers
from core.metrics.numbers import NumberReport, number_report
from core.metrics.ranking import Ranking, rankings
from core.metrics.scores import regression_metrics
from core.metrics.steps_ahead import StepsAhead, steps_ahead
from core.runs.evaluations import Evaluation, Predictions
from core.runs.guesses import Guesses

# Most take a megabyte at most; test sets are shared with everything else that uses them.
KEPT = 32


@dataclass(frozen=True, eq=False)
class TestReport:
    """A network's answers to its test set, with metrics that are computed when they are first needed.

    Attributes:
        dataset: the run's dataset.
        test: the test set in its own units, in the order of the answers.
        answers: the network's answers.
        preparation: of the examples. Its seed is that of everything drawn, such as bootstrap samples.
    """

    dataset: Dataset
    test: Arrays
    answers: NetworkAnswers
    preparation: Preparation

    @property
    def y(self) -> np.ndarray:
        return self.test.y

    @property
    def outputs(self) -> np.ndarray:
        return self.answers.outputs

    @property
    def predicted(self) -> np.ndarray:
        """Classes, int (n,), or numbers, float32 (n, outputs)."""
        return self.answers.predicted if self.dataset.classes else self.outputs

    @cached_property
    def loss(self) -> float:
        return float(self.answers.losses.mean())

    @cached_property
    def classes(self) -> ClassReport:
        return class_report(self.y, self.outputs)

    @cached_property
    def numbers(self) -> NumberReport:
        return number_report(self.y, self.outputs, self.preparation.seed)

    @cached_property
    def rankings(self) -> tuple[Ranking, ...]:
        return rankings(self.y, self.outputs)

    @cached_property
    def reliability(self) -> Reliability:
        return reliability(self.y, self.outputs)

    @cached_property
    def steps_ahead(self) -> StepsAhead | None:
        """The errors of a forecast by the distance; None where it was not made step by step."""
        if self.answers.recursive is None:
            return None
        return steps_ahead(self.dataset, self.preparation, self.outputs, self.answers.recursive)

    @cached_property
    def guessed(self) -> np.ndarray:
        """Of hidden words, which ones the network guesses, bool (n,)."""
        return right(self.outputs, split(self.dataset, self.preparation).y_test)

    @cached_property
    def guesses(self) -> Guesses:
        """What it guesses for each hidden word, the most confident mistakes first."""
        divided, whole = (split(data, self.preparation) for data in (self.dataset, self.dataset.labelled))
        order = np.lexsort((-self.outputs[:, 0], self.guessed))
        return guesses(divided, whole.x_test, np.arange(len(order)), self.outputs, order)

    @cached_property
    def anomalous(self) -> np.ndarray:
        """Where anomalies are to be found, which examples are, bool (n,)."""
        return self.dataset.anomalous(self.y)

    @cached_property
    def evaluation(self) -> Evaluation:
        """The same for numbers in the form of a run's last event, for the charts of the live panel."""
        mae, rmse, r2 = regression_metrics(self.y, self.outputs)
        told = Predictions(np.arange(len(self.y)), self.y, self.outputs, mae, rmse, r2)
        return Evaluation(0, np.zeros((0, 0), np.int64), len(self.y), self.loss, mae, True, numbers=told)


@lru_cache(maxsize=KEPT)
def evaluated(answers: NetworkAnswers, dataset: Dataset, preparation: Preparation) -> TestReport:
    """The report of a network's `answers` to its test set. Raises `DatasetUnavailable`."""
    return TestReport(dataset, test_set(dataset, preparation), answers, preparation)
