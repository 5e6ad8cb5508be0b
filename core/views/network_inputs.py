"""The inputs of a network for the picture of it: their names, the chosen example, a probe, and the plane."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.datasets.dataset import Arrays, Dataset, DatasetUnavailable
from core.datasets.divided import Split
from core.datasets.hidden_words import gap_of, with_gap
from core.datasets.pairs import Items
from core.datasets.splits import split
from core.datasets.words import Vocabulary
from core.formatting import amount, encoded
from core.runs.config import RunConfig
from core.runs.tried import MOST_CHARACTERS

Content = dict[str, Any]
# Test examples that distributions are drawn of, and the bytes that they may take.
PROBE, PROBE_BYTES = 100, 8_000
_NOTHING: Content = {"example": None, "probe": None, "plane": None, "mean": [], "deviation": []}


def inputs(config: RunConfig, test: Arrays | None, example: int, computed: bool) -> Content:
    """The chosen example, the probe and the plane, as the network sees them; None before they are loaded.

    Args:
        test: the test set in its own units; None until it is loaded.
        example: index of the chosen example; beyond the test set, its last one.
        computed: whether the browser computes the network, for which it needs the probe and the plane.
    """
    if test is None or not len(test.y):
        return _NOTHING
    data, chosen = config.data, min(max(example, 0), len(test.y) - 1)
    if data.is_image:
        return _NOTHING | _image(config, test, chosen, computed)
    try:
        prepared = split(data, config.preparation)
    except DatasetUnavailable:
        return _NOTHING
    if prepared.pairs is not None:
        return _NOTHING | _pair(data, test, prepared.x_test, chosen)
    if prepared.vocabulary is not None:
        return _NOTHING | _text(data, test, prepared.vocabulary, prepared.x_test, chosen)
    x = prepared.x_test.reshape(len(test.y), -1)
    label = _label(data, test, chosen)
    more = _probe(x[:_probed(x.shape[1])]) | {"plane": _plane(data, prepared)} if computed else {}
    return _NOTHING | _moments(prepared, data) | more | {
        "example": {"index": chosen, "count": len(test.y), "label": label, "values": rounded(x[chosen])}}


def _image(config: RunConfig, test: Arrays, chosen: int, computed: bool) -> Content:
    """What is known of an image: its values for a small network, else its pixels alone."""
    data, found, label = config.data, test.x[chosen].ravel(), _label(config.data, test, chosen)
    brightest = data.pixel_maximum or 255
    if not computed:
        pixels = np.round(found * (255 / brightest)).astype(np.uint8)
        return {"example": {"index": chosen, "count": len(test.y), "label": label, "values": [],
                            "pixels": encoded(pixels)}}
    scale = 1 / brightest if config.scaling == "standard" else 1.0
    x = test.x[:_probed(found.size)].astype(np.float32) * scale
    back = {"target_mean": [0.0] * data.outputs, "target_deviation": [1 / scale] * data.outputs}
    return _scaled([0.0], [1 / scale]) | _probe(x) | (back if data.reconstructs else {}) | {
        "example": {"index": chosen, "count": len(test.y), "label": label,
                    "values": rounded(found * np.float32(scale))}}


def _text(data: Dataset, test: Arrays, vocabulary: Vocabulary, x: np.ndarray, chosen: int) -> Content:
    """A sentence: its numbers, and the words that these stand for, as they are written.

    A hidden word is its label, and `_` stands in its place.
    """
    text = str(test.x[chosen])
    words, label = vocabulary.pieces(text), _label(data, test, chosen)
    if data.guesses and words:
        gap = gap_of(vocabulary.encoded([text])[0], x[chosen])
        label, words[gap] = words[gap], "_"
        text = with_gap(text, gap, vocabulary.unit, "_")
    return {"example": {"index": chosen, "count": len(test.y), "label": label, "values": x[chosen].tolist(),
                        "text": text[:MOST_CHARACTERS], "words": words}}


def _pair(data: Dataset, test: Arrays, x: np.ndarray, chosen: int) -> Content:
    """A user and an item as they are called, in two words."""
    user, item = map(int, test.x[chosen])
    called = data.items() if data.items else Items(())
    title = called.names[item - 1] if 0 < item <= len(called.names) else f"{data.features[1]} {item}"
    label = f"{test.y[chosen, 0]:g} {data.target}"
    return {"example": {"index": chosen, "count": len(test.y), "label": label, "values": x[chosen].tolist(),
                        "words": [f"{data.features[0]} {called.user(user)},", title]}}


def names(data: Dataset) -> list[str]:
    """A name for each number that the network gets, in their order; none for pixels."""
    if data.is_series:
        window = data.shape[0]
        return [f"{name}, {_ago(window - place)}" for place in range(window) for name in data.features]
    return [] if data.is_text else list(data.features)


def _ago(steps: int) -> str:
    return f"{amount(steps, 'step')} ago" if steps > 1 else "last"


def _label(data: Dataset, test: Arrays, chosen: int) -> str:
    """The class of an example; empty where there are none."""
    classes = data.labelled.classes
    return classes[int(test.y[chosen])] if classes else ""


def _moments(prepared: Split, data: Dataset) -> Content:
    """How inputs and numbers to predict are brought back to their own units."""
    assert prepared.mean is not None and prepared.deviation is not None
    found = _scaled(prepared.mean, prepared.deviation)
    if data.reconstructs:
        times = data.outputs // len(prepared.mean)
        return found | {"target_mean": rounded(np.tile(prepared.mean, times)),
                        "target_deviation": rounded(np.tile(prepared.deviation, times))}
    if prepared.target_mean is not None and prepared.target_deviation is not None:
        found |= {"target_mean": rounded(prepared.target_mean),
                  "target_deviation": rounded(prepared.target_deviation)}
    return found


def _scaled(mean: Sequence[float] | np.ndarray, deviation: Sequence[float] | np.ndarray) -> Content:
    return {"mean": rounded(mean), "deviation": rounded(deviation)}


def _probed(size: int) -> int:
    """How many examples of `size` numbers fit into the probe."""
    return max(1, min(PROBE, PROBE_BYTES // (4 * size)))


def _probe(x: np.ndarray) -> Content:
    return {"probe": {"count": len(x), "values": floats(x)}}


def _plane(data: Dataset, prepared: Split) -> Content | None:
    """The part of the plane (or of the line) that units' maps show; None for more features than that."""
    if data.is_series or len(data.features) > 2:
        return None
    low, high = prepared.span(list(range(len(data.features))))
    return {"low": rounded(low), "high": rounded(high)}


def rounded(values: Sequence[float] | np.ndarray) -> list[float]:
    """Exact enough for float32."""
    return [float(f"{value:.8g}") if np.isfinite(value) else 0.0 for value in np.asarray(values, float)]


def answers(values: Sequence[float] | np.ndarray) -> list[float | None]:
    """What a network answers; None for what is no longer a number."""
    found = np.asarray(values, float)
    return [value if finite else None
            for value, finite in zip(rounded(found), np.isfinite(found), strict=True)]


def floats(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode("ascii")
