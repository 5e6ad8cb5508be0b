"""A series, the network's forecast, and the simple forecast it has to beat."""

import numpy as np

from core.charts.regression import moving
from core.charts.style import ERROR, MUTED, TEXT, layout, numbers_axis, short
from core.datasets.dataset import Arrays, Dataset
from core.formatting import Figure, number, rounded
from core.metrics.naive_forecast import rule_to_beat
from core.metrics.scores import regression_metrics
from core.runs.evaluations import Evaluation

# With more steps, a forecast that lags one step behind would look the same as one that does not.
STEPS = 130
NETWORK, NAIVE = ERROR, MUTED


def forecast(dataset: Dataset, examples: Arrays, evaluation: Evaluation | None = None) -> Figure:
    """The last steps of the series' test part, with the network's forecast and the simple one to beat.

    examples: the test set in order of time and in its own units: x (n, window, channels), y (n, outputs). Of
    a network that forecasts several steps, every so many steps one whole forecast is drawn. Both mean
    absolute errors cover all steps of the same examples. Returns title, traces, layout, legend, a note and a
    sentence that describes it.
    """
    numbers, ahead = evaluation.numbers if evaluation else None, examples.y.shape[1]
    true = np.concatenate([examples.y[:, 0], examples.y[-1, 1:]])
    shown = np.arange(max(len(true) - STEPS, 0), len(true))
    rule = rule_to_beat(dataset, examples)
    simple = rule.name.removesuffix(" forecast")
    drawn = [true[shown], _paths(rule.forecast, shown)[1]]
    traces = [_trace("true", shown, drawn[0], TEXT, "solid", 1.75),
              _trace(simple, *_paths(rule.forecast, shown), NAIVE, "dot", 1.5)]
    # Numbers in the test set: a click chooses the example whose first step ahead this is.
    traces[0]["customdata"] = np.minimum(shown, len(examples.y) - 1).tolist()
    legend = [{"name": "true", "line": "solid"}, {"name": simple, "line": "dot"}]
    note, judged = f"{rule.help}. MAE {number(rule.mae)}", ""
    if numbers is not None:
        told = np.full(examples.y.shape, np.nan)
        told[numbers.indices] = numbers.predicted
        drawn.append(_paths(told, shown)[1])
        traces.append(_trace("network", *_paths(told, shown), NETWORK, "dash", 2.25))
        legend.insert(1, {"name": "network", "line": "dash", "color": NETWORK})
        note = judged = (f"MAE {number(numbers.mae)}; {rule.name} "
                         f"{_error(numbers.expected, rule.forecast[numbers.indices])}")
    several = f"{ahead} steps at a time. " if ahead > 1 else ""
    about = (f"{dataset.target or 'The series'} over the last {len(shown)} of {len(true)} test steps. "
             f"{several}{judged}")
    x = numbers_axis("Step of the test set", unifiedhovertitle={"text": "Step %{x}"},
                     range=[int(shown[0]), int(shown[-1])] if len(shown) > 1 else None)
    y = numbers_axis(short(dataset.target or "Value"), range=moving(drawn[0], np.concatenate(drawn)),
                     automargin=True)
    return {"kind": "chart", "title": "Forecast", "traces": traces, "legend": legend, "note": several + note,
            "about": about.strip(),
            "layout": layout(f"forecast {dataset.key}", x, y, hovermode="x unified")}


def _paths(told: np.ndarray, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole forecasts one after another, the newest at the end: their steps and values, a gap between two.

    told: (n, outputs); the first step ahead of example i is step i of the test set. shown: the steps drawn.
    """
    count, ahead = told.shape
    if ahead == 1:
        return shown, told[shown, 0]
    beginnings = np.arange(count - 1, -1, -ahead)[::-1]
    beginnings = beginnings[beginnings >= shown[0]]
    steps = beginnings[:, None] + np.minimum(np.arange(ahead + 1), ahead - 1)
    values = np.concatenate([told[beginnings], np.full((len(beginnings), 1), np.nan)], axis=1)
    return steps.ravel(), values.ravel()


def _error(expected: np.ndarray, predicted: np.ndarray) -> str:
    return number(regression_metrics(expected, predicted)[0])


def _trace(name: str, x: np.ndarray, y: np.ndarray, color: str, dash: str, width: float) -> Figure:
    return {"type": "scatter", "mode": "lines", "name": name, "x": x.tolist(), "y": rounded(y),
            "hovertemplate": "%{y:.4~g}", "line": {"color": color, "width": width, "dash": dash}}
