"""The trainings that grade a challenge, by the engine itself."""

import numpy as np
import pytest

from benchmarks.lessons import trained
from core.runs.config import RunConfig
from core.studies.repeats import Seeds
from core.studies.study import Member, Round

RARE = RunConfig(dataset="moons", dataset_parameters={"count": 1000, "noise": 0.25, "rare_share": 0.2},
                 architecture_parameters={"hidden_units": (8,)}, learning_rate=0.03, epochs=30)
THRESHOLDS = (0.0, 0.2, 0.5, 1.0)


class Thresholds(Seeds):
    """The same training, judged at several thresholds and once without."""

    def following(self, members, results):
        new = tuple(Member(self.config, threshold=threshold) for threshold in (*THRESHOLDS, None))
        return new, Round(tuple(range(len(new))), self.config.epochs)


def test_the_learners_threshold_decides_on_the_test_set():
    results = trained(Thresholds(RARE)).results
    assert set(results.tested) == set(range(len(THRESHOLDS)))
    assert all(matrix.sum() == 200 and matrix[1].sum() == 40 for matrix in results.tested.values())
    always, early, half, never = results.tested.values()
    assert always[:, 1].sum() == 200 and never[:, 1].sum() == 0 and early[:, 1].sum() > half[:, 1].sum() > 9
    # At one half, the answers are those of the accuracy.
    assert np.trace(half) / 200 == pytest.approx(results.test_metric[4])
