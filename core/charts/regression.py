"""Predicted numbers: the fitted curve, predicted against true, and residuals."""

from typing import NamedTuple

import numpy as np

from core.charts.matrix import counted
from core.charts.palette import CLASS_COLORS
from core.charts.style import ERROR, MUTED, SURFACE, empty_message, layout, mixed, numbers_axis, short
from core.datasets.dataset import Arrays, Dataset
from core.formatting import Figure, number, rounded
from core.runs.downsampling import downsample
from core.runs.evaluations import Evaluation, Predictions

POINTS, TRAINING_POINTS, TEST_POINTS, CURVE_POINTS = 400, 150, 100, 150
# Axes that follow the predictions move in steps of this share of the targets' spread, so they rarely move.
STEP = 1 / 8
TEST, NETWORK = CLASS_COLORS[0], ERROR


class Pairs(NamedTuple):
    """Predictions to draw, float (k,), in the target's units: at most `POINTS`, from all outputs.

    examples: int (k,), the test example that each is of.
    """

    expected: np.ndarray
    predicted: np.ndarray
    examples: np.ndarray


def fitted_curve(dataset: Dataset, examples: Arrays | None, test: Arrays,
                 evaluation: Evaluation | None = None) -> Figure:
    """The network's curve over its only feature, with training and test examples.

    examples, test: the training and the test set in their own units, x (n, 1). The axes fit the examples: a
    curve that leaves them is far off. Returns title, traces, layout, legend, a note and a sentence that
    describes it.
    """
    numbers = evaluation.numbers if evaluation else None
    traces = [] if examples is None else [_dots(examples, TRAINING_POINTS, mixed(MUTED, 0.55), 5, "training")]
    traces.append(_dots(test, TEST_POINTS, TEST, 7, "test", True))
    legend = [{"name": "training"}] * (examples is not None) + [{"name": "test", "color": TEST}]
    if numbers and numbers.curve:
        traces.append(_line(*numbers.curve))
        legend.append({"name": "network", "color": NETWORK, "line": "solid"})
    y = numbers_axis(short(dataset.target or "Target"), range=_around(np.concatenate(
        [arrays.y[:, 0] for arrays in (examples, test) if arrays is not None])), automargin=True)
    said = _judged(evaluation)
    return {"kind": "chart", "title": "Fitted curve", "traces": traces, "legend": legend,
            "note": said or "Dots: examples. Press Train to draw the network's curve",
            "about": f"The network's curve over {dataset.features[0]}, with the examples. {said}".strip(),
            "layout": layout(f"fitted {dataset.key}", numbers_axis(short(dataset.features[0])), y,
                             hovermode="closest")}


def predicted_true(dataset: Dataset, evaluation: Evaluation | None = None) -> Figure:
    """Predicted against true values of the test examples, with the diagonal of correct predictions.

    Returns title, traces, layout, a note with the mean absolute error, more for where there is room, and a
    sentence about it.
    """
    x, y = numbers_axis("True value"), numbers_axis("Predicted value", automargin=True)
    title, numbers = "Predicted vs true", evaluation.numbers if evaluation else None
    if numbers is None or not len(numbers.expected):
        return _nothing(title, f"scatter {dataset.key}", x, y)
    drawn = _pairs(numbers)
    ends = moving(drawn.expected, np.concatenate(drawn[:2]))
    diagonal = {"type": "scatter", "mode": "lines", "x": ends, "y": ends, "hoverinfo": "skip",
                "line": {"color": MUTED, "width": 1.5, "dash": "dash"}}
    x["range"] = y["range"] = ends
    said = _judged(evaluation)
    # Beside the title there is room for so much; what is still counted needs it for the numbers.
    short = said if evaluation is None or evaluation.complete else said.removesuffix(" test examples")
    return {"kind": "chart", "title": title, "note": short, "more": "Correct predictions lie on the diagonal",
            "about": f"Predicted against true {dataset.target or 'values'}. {said}.",
            "traces": [diagonal, _scatter(
                drawn.expected, drawn.predicted, "true %{x:.4~g}, predicted %{y:.4~g}<extra></extra>",
                drawn.examples)],
            "layout": layout(f"scatter {dataset.key}", x, y, hovermode="closest")}


def residuals(dataset: Dataset, evaluation: Evaluation | None = None) -> Figure:
    """The error of each test example over its predicted value, with a line at zero.

    Returns title, traces, layout, a note, more for where there is room, and a sentence about it.
    """
    x, y = numbers_axis("Predicted value"), numbers_axis("Residual: true - predicted", automargin=True)
    title, numbers = "Residuals", evaluation.numbers if evaluation else None
    if evaluation is None or numbers is None or not len(numbers.expected):
        return _nothing(title, f"residuals {dataset.key}", x, y)
    drawn = _pairs(numbers)
    off = drawn.expected - drawn.predicted
    x["range"] = moving(drawn.expected, drawn.predicted)
    y["range"] = moving(drawn.expected, np.append(off, 0.0))
    zero = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0,
            "line": {"color": MUTED, "width": 1.5, "dash": "dash"}}
    return {"kind": "chart", "title": title, "legend": [],
            "note": counted(evaluation), "more": "No pattern should remain around the line",
            "about": f"Residuals over predicted values; {_judged(evaluation)}.",
            "traces": [_scatter(drawn.predicted, off,
                                "predicted %{x:.4~g}, off by %{y:.4~g}<extra></extra>", drawn.examples)],
            "layout": layout(f"residuals {dataset.key}", x, y, hovermode="closest", shapes=[zero])}


def _judged(evaluation: Evaluation | None) -> str:
    if evaluation is None or evaluation.numbers is None:
        return ""
    which = counted(evaluation)
    return f"MAE {number(evaluation.numbers.mae)} on {which[0].lower()}{which[1:]}"


def _pairs(numbers: Predictions) -> Pairs:
    """All outputs of evenly chosen examples."""
    expected, predicted = (np.asarray(values, float).ravel()
                           for values in (numbers.expected, numbers.predicted))
    chosen = evenly(len(expected), POINTS)
    outputs = np.asarray(numbers.expected)[0].size
    return Pairs(expected[chosen], predicted[chosen], np.asarray(numbers.indices)[chosen // outputs])


def evenly(count: int, limit: int) -> np.ndarray:
    """At most `limit` of `count` indices, int (k,), evenly spread, including both ends."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).round().astype(int))


def _dots(examples: Arrays, limit: int, color: str, size: int, name: str, test: bool = False) -> Figure:
    chosen = evenly(len(examples.y), limit)
    return _scatter(examples.x[chosen, 0], examples.y[chosen, 0],
                    f"%{{x:.4~g}}: %{{y:.4~g}}<extra>{name}</extra>", chosen if test else None) | {
        "name": name, "marker": {"size": size, "color": color, "line": {"color": SURFACE, "width": 0.75}}}


def _scatter(x: np.ndarray, y: np.ndarray, hover: str, examples: np.ndarray | None = None) -> Figure:
    """Dots. examples: int (k,), the number of each in the test set: a click chooses it."""
    numbers = {} if examples is None else {"customdata": examples.tolist()}
    return numbers | {"type": "scatter", "mode": "markers", "x": rounded(x), "y": rounded(y),
                      "hovertemplate": hover, "marker": {
                          "size": 7, "color": TEST, "opacity": 0.75, "line": {"color": SURFACE, "width": 1}}}


def _line(x: np.ndarray, y: np.ndarray) -> Figure:
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    kept = downsample(y, CURVE_POINTS)
    return {"type": "scatter", "mode": "lines", "name": "network", "x": rounded(x[kept]),
            "y": rounded(y[kept]), "hovertemplate": "%{x:.4~g}: %{y:.4~g}<extra>network</extra>",
            "line": {"color": NETWORK, "width": 3}}


def _around(values: np.ndarray) -> list[float | None]:
    """Ends of an axis that shows all finite values with a margin."""
    values = values[np.isfinite(values)]
    if not len(values):
        return [-1.0, 1.0]
    room = 0.12 * (float(np.ptp(values)) or 1.0)
    return rounded((float(values.min()) - room, float(values.max()) + room))


def moving(expected: np.ndarray, values: np.ndarray) -> list[float | None]:
    """Ends of an axis that shows all finite values and moves in steps of the targets' spread."""
    values = values[np.isfinite(values)]
    if not len(values):
        return _around(expected)
    step = STEP * (float(np.ptp(expected)) or 1.0)
    low, high = float(values.min()), float(values.max())
    return rounded((step * (np.floor(low / step) - 0.25), step * (np.ceil(high / step) + 0.25)))


def _nothing(title: str, uirevision: str, x: Figure, y: Figure) -> Figure:
    """Empty axes with a message, while there is no evaluation."""
    return {"kind": "chart", "title": title, "traces": [], "legend": [], "note": "",
            "about": f"{title}; empty yet.",
            "layout": layout(uirevision, x | {"range": [0, 1], "showticklabels": False},
                             y | {"range": [0, 1], "showticklabels": False},
                             annotations=[empty_message("Predictions on the test set appear here")])}
