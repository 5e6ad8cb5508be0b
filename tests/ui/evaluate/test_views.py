"""The views of a test set, each drawn of made-up answers: no worker, no browser."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.splits import test_set as examples_of
from core.metrics.network import NetworkAnswers
from core.metrics.test_report import TestReport
from core.runs.config import RunConfig
from ui.evaluate import calibration, curves, matrix, mistakes, numbers, threshold

pytestmark = pytest.mark.usefixtures("no_keras_to_clear")

CLASSES = {"matrix": matrix.draw, "curves": curves.draw, "calibration": calibration.draw,
           "mistakes": mistakes.draw, "threshold": threshold.draw, "totals": matrix.totals}
NUMBERS = {"errors": numbers.draw, "worst": mistakes.draw_worst, "totals": numbers.totals}


def made_up(config: RunConfig) -> TestReport:
    """Answers that are right more often than not."""
    random, test = np.random.default_rng(0), examples_of(config.data, config.preparation)
    if config.data.classes:
        outputs = random.dirichlet(np.ones(len(config.data.classes)), len(test.y))
        outputs[np.arange(len(test.y)), test.y] += 0.7
        outputs /= outputs.sum(1, keepdims=True)
    else:
        outputs = test.y + random.normal(0, 1, test.y.shape)
    return TestReport(config.data, test, NetworkAnswers(outputs.astype(np.float32), np.ones(len(test.y))),
                      config.preparation)


def script(draw, found):
    draw(found)


def drawn(draw, found: TestReport) -> AppTest:
    at = AppTest.from_function(script, args=(draw, found), default_timeout=60).run()
    assert not at.exception, at.exception
    return at


def figures(at: AppTest) -> list[dict]:
    return [json.loads(component.proto.json)["figure"] for component in at.get("bidi_component")]


CASES = [(config, name, draw) for config, views in (
    (RunConfig(), {name: draw for name, draw in CLASSES.items() if name != "threshold"}),
    (RunConfig(dataset="breast_cancer"), CLASSES), (RunConfig(dataset="digits"), {"matrix": matrix.draw}),
    (RunConfig(dataset="diabetes"), NUMBERS),
    (RunConfig(dataset="sine", architecture="rnn", dataset_parameters={"horizon": 2}), NUMBERS))
    for name, draw in views.items()]


@pytest.mark.parametrize("config, draw", [(config, draw) for config, _, draw in CASES],
                         ids=[f"{config.dataset} {name}" for config, name, _ in CASES])
def test_a_view_is_drawn(config, draw):
    at = drawn(draw, made_up(config))
    assert at.metric or figures(at) or at.dataframe or at.get("html")
    # An input is called as the data calls it.
    heads = [head for table in (*at.dataframe, *at.table) for head in table.value.columns
             if head not in config.data.features]
    assert not [head for head in heads if head[:1].islower()]


def test_the_threshold_moves_everything_at_once():
    found = made_up(RunConfig(dataset="breast_cancer"))
    at = drawn(threshold.draw, found)
    assert at.selectbox(key="positive_class").value == 0, "malignant is the rarer class"
    recall = {element.label: element.value for element in at.metric}["Recall"]
    at.slider(key="threshold").set_value(1.0).run()
    assert {element.label: element.value for element in at.metric}["Recall"] == "0.0 %" != recall
    at.number_input(key="cost_missed").set_value(10).run()
    assert figures(at)[1]["traces"][0]["y"][-1] == pytest.approx(10 * (found.y == 0).mean(), rel=1e-3)


def test_a_cell_is_chosen_by_two_boxes():
    found = made_up(RunConfig(dataset="digits"))
    at = drawn(matrix.draw, found)
    at.selectbox(key="cell_true").set_value(3)
    at.selectbox(key="cell_predicted").set_value(3).run()
    (frame,) = figures(at)[0]["layout"]["shapes"]
    assert (frame["x0"], frame["y0"]) == (2.5, 2.5)
    assert any(f"**{found.classes.matrix[3, 3]} examples of 3 classified" in element.value
               for element in at.markdown)
