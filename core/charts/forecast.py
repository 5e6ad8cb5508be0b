"""A series, the network's forecast, and the naive forecast it has to beat."""

import numpy as np

from core.charts.regression import moving
from core.charts.style import ERROR, MUTED, TEXT, layout, numbers_axis, short
from core.datasets.dataset import Arrays, Dataset
from core.formatting import Figure, number, rounded
from core.metrics.naive_forecast import naive_forecast
from core.metrics.scores import regression_metrics
from core.runs.evaluations import Evaluation

# With more steps, a forecast that lags one step behind would look the same as one that does not.
STEPS = 130
NETWORK, NAIVE = ERROR, MUTED


def forecast(dataset: Dataset, examples: Arrays, evaluation: Evaluation | None = None) -> Figure:
    """The last steps of the series' test part, with the network's forecast and the naive one.

    examples: the test set in order of time and in its own units: x (n, window, channels), y (n, outputs). The
    chart shows the first step ahead of each; both mean absolute errors cover all steps of the same examples.
    Returns title, traces, layout, legend, a note and a sentence that describes it.
    """
    count, numbers = len(examples.y), evaluation.numbers if evaluation else None
    shown = np.arange(max(count - STEPS, 0), count)
    naive = naive_forecast(dataset, examples)
    drawn = [examples.y[shown, 0], naive[shown, 0]]
    traces = [_trace("true", shown, examples.y[shown, 0], TEXT, "solid", 1.75),
              _trace("naive", shown, naive[shown, 0], NAIVE, "dot", 1.5)]
    traces[0]["customdata"] = shown.tolist()  # numbers in the test set: a click chooses one
    legend = [{"name": "true", "line": "solid"}, {"name": "naive", "line": "dot"}]
    note, judged = f"Naive: repeats the last value. MAE {_error(examples.y, naive)}", ""
    if numbers is not None:
        told = np.full(count, np.nan)
        told[numbers.indices] = np.asarray(numbers.predicted)[:, 0]
        drawn.append(told[shown])
        traces.append(_trace("network", shown, told[shown], NETWORK, "dash", 2.25))
        legend.insert(1, {"name": "network", "line": "dash", "color": NETWORK})
        note = judged = (f"MAE {number(numbers.mae)}; naive forecast "
                         f"{_error(numbers.expected, naive[numbers.indices])}")
    about = f"{dataset.target or 'The series'} over the last {len(shown)} of {count} test steps. {judged}"
    x = numbers_axis("Step of the test set", unifiedhovertitle={"text": "Step %{x}"},
                     range=[int(shown[0]), int(shown[-1])] if len(shown) > 1 else None)
    y = numbers_axis(short(dataset.target or "Value"), range=moving(drawn[0], np.concatenate(drawn)),
                     automargin=True)
    return {"kind": "chart", "title": "Forecast", "traces": traces, "legend": legend, "note": note,
            "about": about.strip(),
            "layout": layout(f"forecast {dataset.key}", x, y, hovermode="x unified")}


def _error(expected: np.ndarray, predicted: np.ndarray) -> str:
    return number(regression_metrics(expected, predicted)[0])


def _trace(name: str, x: np.ndarray, y: np.ndarray, color: str, dash: str, width: float) -> Figure:
    return {"type": "scatter", "mode": "lines", "name": name, "x": x.tolist(), "y": rounded(y),
            "hovertemplate": "%{y:.4~g}", "line": {"color": color, "width": width, "dash": dash}}
