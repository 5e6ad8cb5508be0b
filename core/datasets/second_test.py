"""A second test set of computed data: examples that no choice of a learner can have seen."""

from dataclasses import replace

import numpy as np

from core.datasets.dataset import Dataset, DatasetUnavailable
from core.datasets.divided import Preparation, Split
from core.datasets.splits import prepared, split


def second_test(dataset: Dataset, preparation: Preparation) -> Split:
    """The run's split with another test set: fresh examples, prepared as the run prepares its own.

    Where a network was chosen by its accuracy on the test set, that accuracy says too much; this set says
    how much. It is large, so that chance hardly matters. Raises `DatasetUnavailable` for data that cannot be
    drawn again.
    """
    dataset = dataset.labelled
    if dataset.fresh is None:
        raise DatasetUnavailable(f"{dataset.label} cannot be drawn again, so there is no second test set. "
                                 "Choose a dataset that is computed, such as Moons.")
    made, drawn = split(dataset, preparation), dataset.fresh()
    y = drawn.y
    if made.target_mean is not None and made.target_deviation is not None:
        y = ((y - made.target_mean) / made.target_deviation).astype(np.float32)
    return replace(made, x_test=prepared(made, dataset.difference.of_tests(drawn.x)), y_test=y)
