"""Percentages look on every chart as they do in texts, on axes and under the pointer: `83.3 %`."""

import json
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np
from playwright.sync_api import Page

from core.charts.calibration import reliability_diagram
from core.charts.compared import parallel, scatter
from core.charts.curves import accuracy_curve
from core.charts.landscape import landscape
from core.charts.landscape import parallel as all_parameters
from core.charts.ranking import roc
from core.charts.threshold import threshold_curves
from core.charts.trials import best_so_far
from core.comparison.columns import ConfigColumn
from core.formatting import percent
from core.metrics.calibration import reliability
from core.metrics.ranking import rankings
from core.metrics.threshold import over_thresholds
from core.runs.config import RunConfig
from core.runs.events import EpochEnd
from core.studies.methods import Searching
from core.studies.search import Search
from core.studies.space import Axis
from tests.browser.conftest import Tab
from tests.core.known_runs import a_run
from tests.server import Server
from tests.studies import FakeStudies

RATE, TEST = ConfigColumn("rate", (0.1, 0.2, 0.3)), ConfigColumn("Test accuracy",
                                                                 (0.9375, 0.9453125, 0.953125))
LABELS = np.array([0, 1, 1, 0, 1, 0, 1, 1])
YES = np.array([0.2, 0.7, 0.4, 0.1, 0.9, 0.6, 0.8, 0.5])
SCORES = np.stack([1 - YES, YES], axis=1)
SEARCH = Search(RunConfig(epochs=5), (Axis("learning_rate", 1e-3, 0.5, True), Axis("seed", 0, 99)), trials=20,
                objective="val_metric")
STUDY = FakeStudies().submit("me", Searching(SEARCH))
# A figure, and the trace and point that say a percentage when they are pointed at; None where none do.
FIGURES: dict[str, tuple[dict[str, Any], tuple[int, int] | None]] = {
    "curve": (accuracy_curve(a_run(5)), (1, 2)),
    "threshold": (threshold_curves(over_thresholds(LABELS == 1, YES), 0.5), (0, 50)),
    "roc": (roc(rankings(LABELS, SCORES), ("a", "b")), None),
    "calibration": (reliability_diagram(reliability(LABELS, SCORES)), (0, 0)),
    "scatter": (scatter(RATE, TEST, ("a", "b", "c")), (0, 1)),
    "compared": (parallel([RATE], TEST, False), None),
    "best": (best_so_far(SEARCH.goal, STUDY.results, "s"), (0, 3)),
    "landscape": (landscape(SEARCH, STUDY.members, STUDY.results, "learning_rate", "seed", "best", "s"),
                  (0, 3)),
    "one parameter": (landscape(SEARCH, STUDY.members, STUDY.results, "seed", "seed", "best", "s"), (0, 3)),
    "parameters": (all_parameters(SEARCH, STUDY.members, STUDY.results, "s"), None)}
DRAW = """async ([figure, point]) => {
  const {CONFIG, themed} = await import("/app/static/live_theme.js")
  const node = document.body.appendChild(document.createElement("div"))
  node.style = "width: 900px; height: 500px"
  const theme = {surface: "#fff", text: "#222", muted: "#555", grid: "#ddd", font: "sans-serif"}
  const {traces, layout} = themed({traces: figure.traces, layout: figure.layout}, theme)
  await window.Plotly.newPlot(node, traces, layout, CONFIG)
  const said = () => [...node.querySelectorAll("text")].map((one) => one.textContent)
  const still = said()
  if (point !== null) window.Plotly.Fx.hover(node, [{curveNumber: point[0], pointNumber: point[1]}])
  return [still, said().filter((one) => !still.includes(one))]
}"""


def blank(new_tab: Callable[..., Tab], server: Server) -> Page:
    """A page of the server's with Plotly and nothing else."""
    page = new_tab().page
    page.goto(f"{server.url}/app/static/live.css")
    page.add_script_tag(path=str(files("plotly") / "package_data" / "plotly.min.js"))
    return page


def test_percentages_have_a_space_on_axes_and_under_the_pointer(new_tab, server):
    page = blank(new_tab, server)
    for name, (figure, point) in FIGURES.items():
        still, hovered = page.evaluate(DRAW, json.loads(json.dumps([figure, point])))
        ticks = [one for one in still if re.fullmatch(r"\d+(\.\d)? %", one)]
        assert len(ticks) >= 2, (name, still)
        assert not [one for one in still + hovered if re.search(r"\d%", one)], name
        assert point is None or [one for one in hovered if re.search(r"\d %", one)], (name, hovered)


def test_a_curve_says_under_the_pointer_what_the_text_says(new_tab, server):
    shares = (0.8333333, 0.3125, 0.833466, 0.30546, 1.0, 0.0, 257 / 360)
    run = a_run()
    for epoch, share in enumerate(shares, 1):
        run.history.append(EpochEnd(epoch, 4 * epoch, 0.5, share, None, None))
    figure = accuracy_curve(run)
    at = next(place for place, trace in enumerate(figure["traces"]) if trace["name"] == "training")
    page = blank(new_tab, server)
    page.evaluate(DRAW, json.loads(json.dumps([figure, None])))
    for place, share in enumerate(shares):
        page.evaluate("(at) => Plotly.Fx.hover(document.querySelector('.js-plotly-plot'), [at])",
                      {"curveNumber": at, "pointNumber": place})
        # Plotly takes its time between two hovers.
        page.wait_for_function("(said) => document.querySelector('.hoverlayer').textContent === said",
                               arg=f"training{percent(share)}")
