"""Predictions on test examples: decision regions for tables, a gallery for images."""

from collections.abc import Sequence

import numpy as np

from core.charts.palette import CLASS_COLORS
from core.charts.style import SURFACE, TEXT, axis, empty_message, layout, mixed, short
from core.datasets.dataset import Arrays, Dataset
from core.formatting import Figure, amount, encoded, packed, percent, rounded
from core.runs.evaluations import Evaluation, Prediction, Regions

LEVELS = 25  # of confidence; ten classes of 25 levels fill one byte
FAINT, STRONG = 0.08, 0.55
POINTS, GALLERY = 400, 18
MARGIN = 0.08


def decision_regions(dataset: Dataset, examples: Arrays, features: tuple[int, int],
                     evaluation: Evaluation | None = None) -> Figure:
    """The class that the network predicts at each point over two features, with the test examples on top.

    examples: the test set in the features' own units. features: used until regions are there, which
    know their own. Returns traces, layout, a legend of classes, and a sentence about it.
    """
    regions = evaluation.regions if evaluation else None
    features = regions.features if regions else features
    across, up = (dataset.features[feature] for feature in features)
    wrong = evaluation.wrong if evaluation else ()
    seen = evaluation.indices if evaluation else None
    traces = [_surface(regions, dataset.classes)] if regions else []
    traces += _points(dataset, examples, features, wrong,
                      np.arange(len(examples.y)) if seen is None else seen)
    x, y = axis(short(across), showgrid=not regions), axis(short(up), showgrid=not regions)
    # Set even where Plotly could find it out, because it does not look again after another run's regions.
    low, high = (regions.low, regions.high) if regions else _ends(examples.x[:, list(features)])
    x["range"], y["range"] = ([float(f"{end:.4g}") for end in ends]
                              for ends in zip(low, high, strict=True))
    legend = [{"name": name, "color": color}
              for name, color in zip(dataset.classes, CLASS_COLORS, strict=False)]
    about = (f"Test examples over {across} and {up}; {len(wrong)} of {evaluation.examples} wrong."
             if evaluation else f"Test examples over {across} and {up}.")
    return {"kind": "regions", "traces": traces, "legend": legend, "about": about,
            "layout": layout(f"regions {dataset.name} {features}", x, y, hovermode="closest"),
            "note": ("Area: predicted class, darker where more certain. Dots: test examples, ✕ if wrong"
                     if regions else "Dots: test examples by their true class")}


def gallery(dataset: Dataset, examples: Arrays, evaluation: Evaluation | None = None) -> Figure:
    """Test images with their predicted classes, wrong ones first.

    Before there is an evaluation: the first test images, with nothing predicted.
    """
    height, width, channels = dataset.shape
    chosen = evaluation.gallery if evaluation else _unpredicted(examples)
    ordered = sorted(chosen, key=lambda prediction: prediction.predicted in (prediction.label, -1))[:GALLERY]
    wrong = sum(0 <= prediction.predicted != prediction.label for prediction in ordered)
    items = [_item(prediction, dataset, examples) for prediction in ordered]
    about = f"{amount(len(items), 'test image')}, {wrong} of them predicted wrongly."
    return {"kind": "gallery", "items": items, "height": height, "width": width, "channels": channels,
            "about": about, "note": "Most confident mistakes first" if evaluation else ""}


def no_predictions() -> Figure:
    """The chart's place while there are no test examples."""
    hidden = {"visible": False}
    return {"kind": "regions", "traces": [], "legend": [], "note": "", "about": "No predictions yet.",
            "layout": layout("empty", dict(hidden), dict(hidden),
                             annotations=[empty_message("The test examples appear here")])}


def _ends(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and highest value of each column, with the same margin as regions have; points: (n, 2)."""
    if not len(points):
        return np.zeros(2), np.ones(2)
    low, high = points.min(0).astype(float), points.max(0).astype(float)
    room = np.where(high > low, MARGIN * (high - low), 1.0)
    return low - room, high + room


def _unpredicted(examples: Arrays) -> tuple[Prediction, ...]:
    return tuple(Prediction(index, int(examples.y[index]), -1, 0.0)
                 for index in range(min(GALLERY, len(examples.y))))


def _item(prediction: Prediction, dataset: Dataset, examples: Arrays) -> Figure:
    pixels = examples.x[prediction.index]
    if dataset.pixel_maximum and dataset.pixel_maximum < 255:
        pixels = (pixels.astype(np.uint16) * 255 // dataset.pixel_maximum).astype(np.uint8)
    known = prediction.predicted >= 0
    return {"index": prediction.index, "label": dataset.classes[prediction.label],
            "predicted": dataset.classes[prediction.predicted] if known else "",
            "confidence": percent(prediction.confidence, 0) if known else "",
            "wrong": known and prediction.predicted != prediction.label, "pixels": encoded(pixels)}


def _surface(regions: Regions, classes: Sequence[str]) -> Figure:
    """A heatmap with one byte per point for class and level of confidence: class * LEVELS + level."""
    size = len(regions.classes)
    level = regions.confidence.astype(np.uint16) * LEVELS // 256
    z = (regions.classes * LEVELS + level).astype(np.uint8)
    top = len(classes) * LEVELS - 1
    scale = []
    for number, color in enumerate(CLASS_COLORS[:len(classes)]):
        for end, share in ((number * LEVELS - 0.5, FAINT), ((number + 1) * LEVELS - 0.5, STRONG)):
            scale.append([round(min(max(end / top, 0.0), 1.0), 5), mixed(color, share)])
    (x0, y0), (x1, y1) = regions.low, regions.high
    return {"type": "heatmap", "z": packed(z), "zmin": 0, "zmax": top, "zsmooth": "fast",
            "colorscale": scale, "showscale": False,
            "x0": float(f"{x0:.6g}"), "dx": float(f"{(x1 - x0) / (size - 1):.6g}"),
            "y0": float(f"{y0:.6g}"), "dy": float(f"{(y1 - y0) / (size - 1):.6g}"),
            "meta": {"levels": LEVELS, "classes": list(classes)}, "hovertemplate": "%{text}<extra></extra>"}


def _points(dataset: Dataset, examples: Arrays, features: tuple[int, int],
            wrong: Sequence[int], seen: np.ndarray) -> list[Figure]:
    """Dots where the prediction is correct, else crosses, in the true class's colour. seen: those drawn.

    Each knows its number in the test set: a click chooses it.
    """
    missed = np.isin(seen, list(wrong))
    traces = []
    for mask, symbol, size, outline in ((~missed, "circle", 8, SURFACE), (missed, "x", 11, TEXT)):
        chosen = seen[mask][:POINTS]
        labels = examples.y[chosen]
        traces.append({
            "type": "scatter", "mode": "markers", "meta": [dataset.features[feature] for feature in features],
            "hovertemplate": "%{text}<br>%{meta[0]}: %{x:.4~g}<br>%{meta[1]}: %{y:.4~g}<extra></extra>",
            "x": rounded(examples.x[chosen, features[0]]), "y": rounded(examples.x[chosen, features[1]]),
            "customdata": chosen.tolist(),
            "text": [dataset.classes[label] + (", predicted wrongly" if symbol == "x" else "")
                     for label in labels],
            "marker": {"size": size, "symbol": symbol, "line": {"color": outline, "width": 1.25},
                       "color": [CLASS_COLORS[label] for label in labels]}})
    return traces
