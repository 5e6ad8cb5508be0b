"""Reconstructions: inputs, what the network makes of them, and the errors."""

from collections.abc import Sequence

import numpy as np

from core.charts.anomalies import INSIDE, KINDS, two_histograms
from core.charts.errors import histogram_bars
from core.charts.style import (
    ERROR,
    MUTED,
    TEXT,
    axis,
    empty_message,
    layout,
    mixed,
    names_axis,
    numbers_axis,
)
from core.datasets.dataset import Arrays, Dataset
from core.formatting import Figure, amount, encoded, number, rounded
from core.runs.evaluations import Evaluation, Reconstructions

GALLERY, BARS, MOST_FEATURES = 8, 30, 40
_UNITS = "the root of the mean squared difference, in the units that the network sees"


def reconstructions(dataset: Dataset, test: Arrays, evaluation: Evaluation | None = None) -> Figure:
    """Input, output and error of test examples side by side: a gallery of images, else the chosen one.

    test: the test set in its own units. Returns what the card of the predictions shows.
    """
    if dataset.is_image:
        return _gallery(dataset, test, evaluation)
    found = evaluation.reconstructions if evaluation else None
    names = _names(dataset)
    x = names_axis("Feature", names, range=[-0.5, len(names) - 0.5], tickangle="auto")
    if dataset.is_series:
        x = numbers_axis("Step of the window", nticks=12, range=[0.5, len(names) + 0.5])
    y = numbers_axis("In standard deviations", automargin=True)
    if found is None or not len(found.shown):
        return {"kind": "chart", "title": "Reconstruction", "traces": [], "legend": [], "note": "",
                "about": "Reconstruction; empty yet.",
                "layout": layout(f"reconstruction {dataset.key}", x, y,
                                 annotations=[empty_message("The reconstructed test example appears here")])}
    # Of a series with several channels the first one.
    step = dataset.shape[-1] if dataset.is_series else 1
    given, made = (np.asarray(rows[0], float)[::step][:len(names)] for rows in (found.inputs, found.outputs))
    off = np.abs(given - made)
    error = float(np.sqrt(np.mean(np.square(found.inputs[0] - found.outputs[0]))))
    draw = _line if dataset.is_series else _bars
    at = list(range(1, len(names) + 1)) if dataset.is_series else names
    traces = [draw("input", at, given, TEXT, "solid"), draw("output", at, made, ERROR, "dash"),
              {"type": "bar", "name": "error", "x": at, "y": rounded(off),
               "marker": {"color": mixed(ERROR, 0.3)}, "hovertemplate": "error %{y:.4~g}<extra></extra>"}]
    legend = [{"name": "input"}, {"name": "output", "color": ERROR}, {"name": "error", "color": ERROR}]
    if dataset.is_series:
        legend = [{"name": "input", "line": "solid"}, {"name": "output", "line": "dash", "color": ERROR},
                  legend[2]]
    kind = _kind(found, 0)
    said = f"Test example {int(found.shown[0]) + 1}{kind and f', {kind}'}: error {number(error)}"
    return {"kind": "chart", "title": "Reconstruction", "traces": traces, "legend": legend, "note": said,
            "about": f"Input, output and error of one test example. {said}.",
            "layout": layout(f"reconstruction {dataset.key}", x, y, hovermode="x unified", barmode="group")}


def error_histogram(dataset: Dataset, evaluation: Evaluation | None = None) -> Figure:
    """How many test examples have which reconstruction error, with that of a guess as a line.

    Returns title, traces, layout, a note and a sentence about it.
    """
    x, y = numbers_axis("Error of a test example", rangemode="tozero"), axis("Examples", rangemode="tozero")
    title, found = "Reconstruction errors", evaluation.reconstructions if evaluation else None
    errors = found.errors[np.isfinite(found.errors)] if found is not None else np.zeros(0)
    if found is None or evaluation is None or not len(errors):
        return {"kind": "chart", "title": title, "traces": [], "legend": [], "note": "",
                "about": f"{title}; empty yet.",
                "layout": layout(f"errors {dataset.key}", x | {"range": [0, 1], "showticklabels": False},
                                 y | {"range": [0, 1], "showticklabels": False},
                                 annotations=[empty_message("The errors on the test set appear here")])}
    kind = found.anomalous
    # An axis that ends at a round share of the guess rarely moves.
    end = float(np.ceil(max(errors.max(), found.guess) / (found.guess or 1.0) * 4) / 4 * (found.guess or 1.0))
    guess = {"type": "line", "x0": found.guess, "x1": found.guess, "yref": "paper", "y0": 0, "y1": 1,
             "line": {"color": MUTED, "width": 1.5, "dash": "dash"}}
    if kind is not None:
        return _two_kinds(dataset, errors, kind[np.isfinite(found.errors)], found.area, end, (x, y))
    bars = histogram_bars(errors, np.linspace(0, end or 1.0, BARS + 1))
    said = f"Mean {number(float(errors.mean()))}; dashed: always the mean, {number(found.guess)}"
    return {"kind": "chart", "title": title, "legend": [], "traces": [bars],
            "note": "Dashed: always the mean",  # the header has no room for figures, which the report holds
            "about": f"Histogram of the errors of {amount(len(errors), 'test example')}: {_UNITS}. {said}.",
            "layout": layout(f"errors {dataset.key}", x | {"range": [0, end or 1.0]}, y, bargap=0.0,
                             hovermode="closest", shapes=[guess])}


def _two_kinds(dataset: Dataset, errors: np.ndarray, anomalous: np.ndarray, area: float, end: float,
               axes: tuple[Figure, Figure]) -> Figure:
    """The same where anomalies are to be found: in two colours, and how well they are told apart."""
    told = f"AUC {area:.3f}" if np.isfinite(area) else ""
    means = " and ".join(f"{name} {number(float(errors[kind].mean()))}"
                         for (name, _), kind in zip(KINDS, (~anomalous, anomalous), strict=True)
                         if kind.any())
    return {"kind": "chart", "title": "Reconstruction errors", "note": told,
            "legend": [], "traces": two_histograms(errors, anomalous, end),
            "about": f"Histograms of the errors of {amount(len(errors), 'test example')}: {_UNITS}. "
                     f"Mean: {means}. {told}",
            "layout": layout(f"errors {dataset.key}", axes[0] | {"range": [0, end or 1.0]}, axes[1],
                             barmode="overlay", bargap=0.0, hovermode="closest", **INSIDE)}


def _names(dataset: Dataset) -> list[str]:
    if dataset.is_series:
        return [str(step + 1) for step in range(dataset.shape[0])]
    return list(dataset.features[:MOST_FEATURES])


def _bars(name: str, at: Sequence[str | int], values: np.ndarray, color: str, dash: str) -> Figure:
    return {"type": "bar", "name": name, "x": list(at), "y": rounded(values),
            "marker": {"color": color}, "hovertemplate": f"{name} %{{y:.4~g}}<extra></extra>"}


def _line(name: str, at: Sequence[str | int], values: np.ndarray, color: str, dash: str) -> Figure:
    return {"type": "scatter", "mode": "lines", "name": name, "x": list(at),
            "y": rounded(values), "line": {"color": color, "width": 2, "dash": dash},
            "hovertemplate": f"{name} %{{y:.4~g}}<extra></extra>"}


def _kind(found: Reconstructions, place: int) -> str:
    """Which kind a shown example is, in a word; empty where nothing is anomalous."""
    return "" if found.odd is None else KINDS[int(found.odd[place])][0]


def _gallery(dataset: Dataset, test: Arrays, evaluation: Evaluation | None) -> Figure:
    """Each item is three pictures in a row: input, output and error (see `visible`)."""
    height, width, channels = dataset.shape
    found = evaluation.reconstructions if evaluation else None
    items = ([_item(found, place, dataset) for place in range(len(found.shown))] if found is not None else
             [_unseen(index, dataset, test) for index in range(min(GALLERY, len(test.x)))])
    return {"kind": "gallery", "items": items, "height": height, "width": 3 * width, "channels": channels,
            "parts": 3, "title": "Reconstructions",
            "about": f"{amount(len(items), 'test image')}: input, output and error side by side.",
            "note": "Input, output, error" if found is not None else ""}


def _item(found: Reconstructions, place: int, dataset: Dataset) -> Figure:
    given, made = (rows[place].reshape(dataset.shape) for rows in (found.inputs, found.outputs))
    off = visible(np.abs(given.astype(np.int16) - made) / 255)
    error = float(np.sqrt(np.mean(np.square((given.astype(float) - made) / 255))))
    index, kind = int(found.shown[place]), _kind(found, place)
    return {"index": index, "caption": number(error), "more": kind or "error", "predicted": "known",
            "about": f"Test image {index + 1}{kind and f', {kind}'}: input, output and error {number(error)}",
            "pixels": encoded(np.concatenate([given, made, off], axis=1))}


def visible(off: np.ndarray) -> np.ndarray:
    """Errors of pixels, from 0 to 1, as levels: the square root, since most are small."""
    return np.round(255 * np.sqrt(off)).astype(np.uint8)


def _unseen(index: int, dataset: Dataset, test: Arrays) -> Figure:
    given = np.round(test.x[index] * (255 / (dataset.pixel_maximum or 255))).astype(np.uint8)
    nothing = np.zeros_like(given)
    pixels = encoded(np.concatenate([given, nothing, nothing], axis=1))
    return {"index": index, "caption": f"image {index + 1}", "more": "unseen", "predicted": "",
            "about": f"Test image {index + 1}", "pixels": pixels}
