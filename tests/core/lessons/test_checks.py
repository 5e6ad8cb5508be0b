"""Checks judge results made by hand, and say in numbers what was reached and what is missing."""

import math
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from core.lessons.by_hand import MAE, MSE, kernel_responses, line_losses, lowest_absolute, lowest_squares
from core.lessons.checks import CHECKS
from core.lessons.graded import Graded, Verdict
from core.runs.config import RunConfig
from tests.core.lessons.made import MOONS, trained

EIGHT = MOONS.replaced(architecture_parameters={"hidden_units": (4, 4)})
NINE = MOONS.replaced(architecture_parameters={"hidden_units": (5, 4)})


def judged(check: str, values: dict, *results, **graded) -> Verdict:
    return CHECKS[check].function(Graded(tuple(results), **graded), **values)


def tries(*ratios: float):
    return [trained(rows=[(1.0, 0, 0, 0), (ratio, 0, 0, 0)], finished=math.isfinite(ratio))
            for ratio in ratios]


def of(*accuracies: float, **more):
    return [trained(accuracy, **more) for accuracy in accuracies]


POINTS, LEAST, RARE = {"within": 0.02}, {"accuracy": 0.9}, {"recall": 0.8, "precision": 0.35}
SLOW = {"slow": 0.5, "good": 0.01, "diverging": 1.0}
CURE = {"loss": 0.6, "train_accuracy": 0.75}


def cured(loss: float, accuracy: float):
    return trained(rows=[(0.3, accuracy, 9.0, 0.7)], test_loss=loss)


def rare(hits: int, missed: int, alarms: int):
    return trained(0.9, matrix=np.array([[900 - alarms, alarms], [missed, hits]]))


CASES = [
    ("accuracy_at_least", LEAST, [trained(finished=False)], {}, False, "No training got to its end"),
    ("accuracy_at_least", LEAST, of(0.85, 0.9, 0.7), {}, True, "90.0 % was needed"),
    ("accuracy_at_least", LEAST, of(0.85, 0.899, 0.7), {}, False, "0.100 points are missing"),
    ("accuracy_at_least", LEAST, of(0.99, finished=False), {}, False, "the loss was no longer a number"),
    ("accuracy_at_least", LEAST, of(math.nan), {}, False, "90.0 points are missing"),
    ("accuracy_at_least", LEAST | {"of": "all"}, of(0.95, 0.91), {}, True, "91.0 %"),
    ("accuracy_at_least", LEAST | {"of": "all"}, of(0.95, 0.89), {}, False, "1 of 2 reached 90.0 %"),
    ("accuracy_at_least", LEAST | {"neurons_at_most": 8}, of(0.95, config=EIGHT), {}, True, "95.0 %"),
    ("accuracy_at_least", LEAST | {"neurons_at_most": 8}, of(0.95, config=NINE), {}, False, "have 9 neurons"),
    ("answer_near", {"near": 0.01}, of(0.2, 0.009), {}, True, "0.0090 is less than 0.01"),
    ("answer_near", {"near": 0.01}, of(0.2, 0.011), {}, False, "less than 0.01 away"),
    ("answer_near", {"near": 0.01}, of(math.nan, finished=False), {}, False, "No training"),
    ("slow_good_diverging", SLOW, tries(0.85, 0.001, 7e6), {}, True, "one diverges"),
    ("slow_good_diverging", SLOW, tries(math.inf, 0.85, 0.001), {}, True, "became infinite"),
    ("slow_good_diverging", SLOW, tries(7e6, 7e6, 0.001), {}, False, "Missing: one that is too slow"),
    ("slow_good_diverging", SLOW, tries(0.85, 0.2, 7e6), {}, False, "good (less than 1 % left)"),
    ("folds_at_least", {"accuracy": 0.93},
     [trained(rows=[(0, 0, 0, 1.0)]), trained(rows=[(0, 0, 0, 0.86)])], {}, True, "93.0 % on average"),
    ("folds_at_least", {"accuracy": 0.93},
     [trained(rows=[(0, 0, 0, 1.0)]), trained(rows=[(0, 0, 0, 1.0)], finished=False)], {}, False, "50.0 %"),
    ("test_loss_at_most", CURE, [cured(0.7, 0.9), cured(0.59, 0.76)], {}, True, "best one counts"),
    ("test_loss_at_most", CURE, [cured(0.7, 0.9), cured(0.59, 0.74)], {}, False, "at most 0.6 with"),
    ("recall_precision", RARE, [rare(40, 10, 70)], {"inputs": {"threshold": 0.2}}, True, "threshold of 0.2"),
    ("recall_precision", RARE, [rare(39, 11, 20)], {"inputs": {"threshold": 0.4}}, False, "lower the thresh"),
    ("recall_precision", RARE, [rare(50, 0, 900)], {"inputs": {"threshold": 0.0}}, False, "raise the thresh"),
    ("recall_precision", RARE, [rare(0, 50, 0)], {"inputs": {"threshold": 1.0}}, False, "precision of 0.0 %"),
    ("second_test_agrees", POINTS, of(0.84, 0.86), {"inputs": {"promised": 87.0}}, True, "2.00 points"),
    ("second_test_agrees", POINTS, of(0.84, 0.86), {"inputs": {"promised": 92.0}}, False, "too much"),
    ("second_test_agrees", POINTS, of(0.84, 0.86), {"inputs": {"promised": 72.0}}, False, "too little"),
    ("at_best_moment", {"within": 0.05}, [], {"measured": {"loss": 0.42, "lowest": 0.4, "epoch": 30}}, True,
     "The lowest that Rewind can show is 0.4"),
    ("at_best_moment", {"within": 0.05}, [], {"measured": {"loss": 0.43, "lowest": 0.4, "epoch": 30}}, False,
     "7.5 % above"),
    ("near_optimum", {"within": 0.05}, [], {"measured": {MSE: 1.04, MAE: 2.0}}, False, f"lowest {MAE}"),
    ("near_optimum", {"within": 0.05}, [], {"measured": {MSE: 3.0, MAE: 1.05}, "reached": (MSE,)}, True,
     "both"),
    ("near_optimum", {"within": 0.05}, [], {"measured": {MSE: 3.0, MAE: 2.0}, "reached": (MSE,)}, False,
     f"already have the line for the {MSE}"),
    ("vertical_over_horizontal", {"times": 5.0}, [], {"measured": {"vertical": 3.0, "horizontal": 0.5}}, True,
     "at least 5 times"),
    ("vertical_over_horizontal", {"times": 5.0}, [], {"measured": {"vertical": 1.2e-6, "horizontal": 3.6e-7}},
     False, "3.33 times as much"),
    ("vertical_over_horizontal", {"times": 5.0}, [], {"measured": {"vertical": 0.0, "horizontal": 0.0}},
     False, "has to react"),
]


@pytest.mark.parametrize("check, values, results, graded, passed, said", CASES)
def test_a_check_judges_and_says_why(check, values, results, graded, passed, said):
    verdict = judged(check, values, *results, **graded)
    assert verdict.passed is passed and said in verdict.why


def test_every_check_has_a_case_that_passes_and_one_that_fails():
    assert {(check, passed) for check, _, _, _, passed, _ in CASES} == set(product(CHECKS, (True, False)))


def test_the_lowest_errors_of_a_line_are_those_of_linear_programming_and_least_squares():
    random = np.random.default_rng(3)
    x = random.uniform(-3, 3, 15)
    y = 2 * x + random.normal(0, 0.3, 15)
    y[2] += 20
    # min sum(t) with -t <= slope x + height - y <= t.
    one = np.ones(15)
    above = np.column_stack([x, one, -np.eye(15)])
    below = np.column_stack([-x, -one, -np.eye(15)])
    found = linprog(np.r_[0, 0, one], np.vstack([above, below]), np.r_[y, -y],
                    bounds=[(None, None)] * 2 + [(0, None)] * 15)
    assert lowest_absolute(x, y) == pytest.approx(found.fun / 15)
    assert lowest_squares(x, y) == pytest.approx(np.mean((np.polyval(np.polyfit(x, y, 1), x) - y) ** 2))


@pytest.mark.parametrize("scaling", ["standard", "none"])
def test_a_line_set_by_hand_is_measured_on_the_training_points(scaling):
    config = RunConfig(dataset="curve", dataset_parameters={"function": "line", "count": 25, "outlier": 15.0},
                       architecture="softmax", scaling=scaling)
    from core.datasets.splits import split
    data = split(config.data, config.preparation)
    count = len(data.y) - data.validation
    slope, height = np.polyfit(data.x[:count, 0], data.y[:count, 0], 1)
    best = line_losses(config, [np.array([[slope]]), np.array([height])])
    assert best[MSE] == pytest.approx(1, abs=1e-4) and best[MAE] > 1.2
    assert line_losses(config, [np.array([[0.0]]), np.array([0.0])])[MSE] > 1.5


@pytest.mark.parametrize("kernel, times", [
    ([[-1, 0, 1]] * 3, math.inf), ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], math.inf),
    ([[-1, -1, -1], [0, 0, 0], [1, 1, 1]], 0.0), ([[1, 1, 1]] * 3, 1.0),
    ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], 1.0)])
def test_kernels_light_up_at_the_edges_they_are_for(kernel, times):
    found = kernel_responses(np.array(kernel, float))
    with np.errstate(divide="ignore"):
        assert np.divide(found["vertical"], found["horizontal"]) == pytest.approx(times)
