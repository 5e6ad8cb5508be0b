"""What is painted while a run trains looks like what Plotly draws of the same figure."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from core.charts import confusion_matrix, decision_regions, loss_curve, predicted_true
from core.datasets import splits
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, Predictions, Regions
from core.runs.events import Compiled, EpochEnd, LearningRate, Lowest, Progress
from core.runs.run import Run

# Draws the first figure by Plotly, and paints the second over it.
PAINTED = """async ([first, second]) => {
  const here = (name) => import(new URL(`app/static/${name}`, document.baseURI))
  const [{Picture}, {themed, readTheme}, {fitCurves}] = await Promise.all(
    ["live_picture.js", "live_theme.js", "paint_axes.js"].map(here))
  const chart = Object.assign(document.createElement("div"), {className: "live-chart"})
  chart.style = "position:fixed;left:0;top:0;width:600px;height:400px;background:#fff;z-index:1000000"
  document.body.append(chart)
  const theme = readTheme(document.querySelector(".live"))
  window.prepared = [first, second].map((figure) => {
    const made = themed({traces: figure.traces, layout: figure.layout}, theme)
    if (figure.epochs) fitCurves(made, false)
    return made
  })
  window.picture = new Picture(chart, {}, () => {})
  picture.show(prepared[0], {live: true})
  picture.show(prepared[1], {live: true})
  return chart.dataset.painted
}"""
# However seldom the page hears of the run, its first point is there as soon as it is told.
FIRST = """async () => {
  await new Promise((told) => setTimeout(told, 300))
  const [empty, first] = prepared
  picture.show(empty, {live: true, flows: true})
  await new Promise((told) => setTimeout(told, 300))
  picture.show(first, {live: true, flows: true})
  return picture.chart.dataset.reached
}"""
PLOTTED = """() => { picture.plot(); return picture.chart.dataset.painted }"""
# The edges of a line are not smoothed alike.
EDGE, SHARE = 90, 0.0015


def run(epochs: int) -> Run:
    one = Run("a-1", "me", RunConfig(epochs=60), 0, Controls(), status="training")
    one.history.append(Compiled(0.1, 99, 3, Lowest(0.25, 0.4, 0.5)))
    for epoch in range(1, epochs + 1):
        loss = 1.1 * 0.95 ** epoch
        one.history.append(Progress(3 * epoch, epoch, loss, 0.5, epoch, epoch))
        one.history.append(EpochEnd(epoch, 3 * epoch, loss, 0.5, 1.1 * loss, 0.5))
    if epochs > 5:
        one.history.append(LearningRate(12, 0.002))
    return one


def evaluation(step: int) -> Evaluation:
    plane = np.add.outer(np.linspace(0, 2.9, 50), np.linspace(0, step / 50, 50)).astype(int) % 3
    regions = Regions((0, 1), (4.0, 2.0), (8.0, 4.5), plane.astype(np.uint8),
                      np.full((50, 50), 200, np.uint8))
    expected = np.linspace(-3, 5, 60)[:, None].astype(np.float32)
    numbers = Predictions(np.arange(60), expected, expected * step / 30, 1.0, 1.0, 0.5)
    return Evaluation(step, np.array([[8, 1, 1], [0, step, 3], [2, 0, 7]]), 30, 0.5, 0.8, False,
                      wrong=(1, 7, step), regions=regions, numbers=numbers)


def figures(name: str) -> list[dict]:
    """One chart after 2 epochs and after 20."""
    return [FIGURES[name](2), FIGURES[name](20)]


def regions(step: int) -> dict:
    config = RunConfig()
    return decision_regions(config.data, splits.test_set(config.data, config.preparation), (0, 1),
                            evaluation(step))


FIGURES: dict[str, Callable[[int], dict]] = {
    "curves": lambda step: loss_curve(run(step)),
    "matrix": lambda step: confusion_matrix(evaluation(step), RunConfig().data.classes),
    "regions": regions,
    "numbers": lambda step: predicted_true(RunConfig(dataset="diabetes").data, evaluation(step))}


@pytest.fixture
def page(open_tab) -> Page:
    """A page with Plotly, and the colours of the live panel."""
    tab = open_tab()
    tab.page.wait_for_function("window.Plotly")
    return tab.page


def test_a_painted_chart_looks_like_plotly_s(page, subtests):
    for name in FIGURES:
        with subtests.test(name):
            pictures = []
            for script, argument in ((PAINTED, figures(name)), (PLOTTED, None)):
                told = page.evaluate(script, argument)
                assert bool(told) == (script is PAINTED), "painted first, then Plotly's"
                shot = page.screenshot(clip={"x": 0, "y": 0, "width": 600, "height": 400})
                pictures.append(np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), int))
            painted, plotted = pictures
            assert np.ptp(plotted) > 100, "there is something to see"
            differs = np.abs(painted - plotted).max(-1) > EDGE
            assert differs.mean() < SHARE, f"{differs.sum()} pixels differ"


def test_the_first_point_of_a_run_is_painted_at_once(page):
    page.evaluate(PAINTED, [loss_curve(run(0)), loss_curve(run(1))])
    assert page.evaluate(FIRST) == "1"
