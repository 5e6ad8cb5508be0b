"""The card Try it as plain data: what the learner can set, in which units, and what the network answers."""

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from core.catalog.layers.graph import FACTORIZATION
from core.charts import group_colors
from core.datasets.dataset import Arrays, Dataset, DatasetUnavailable
from core.datasets.pairs import Items, PairShape
from core.datasets.splits import split
from core.datasets.words import WORDS
from core.metrics.network import refusal
from core.runs.config import RunConfig
from core.runs.dense_steps import weights_travel
from core.runs.input_fields import fields, seen, short
from core.runs.moments import NO_WEIGHTS
from core.runs.run import Run
from core.runs.tried import MOST_CHARACTERS
from core.views.network import answered
from core.views.patches import Patch

Content = dict[str, Any]
HIDDEN: Content = {"kind": "", "why": ""}
# How images are prepared for a network, as those of the dataset were: the side of the box that a drawing is
# fitted into, in pixels, and what is in the middle. MNIST's box is 20 of 28 pixels, its
# centre of mass in the middle (http://yann.lecun.com/exdb/mnist, as archived). The clothes of Fashion-MNIST
# fill their image. So do the digits of 8 x 8 pixels, which were stretched: all are 8 pixels high, and 5.8
# wide with a standard deviation of 0.6. Their first and last rows are fainter than the straight bar of a
# drawn 7, so drawings 7.4 pixels high are read best. Any other is taken as it is.
FITS: dict[str, tuple[float, str, float]] = {
    "mnist": (20, "mass", 0), "digits": (7.4, "box", 5.4), "fashion_mnist": (28, "box", 0)}
NO_RUN = "Press Train. Then the network answers here while it learns."


def try_it(config: RunConfig | None, test: Arrays | None, run: Run | None) -> Content:
    """What can be tried with `config`'s network, and `why` it does not answer; empty if it does.

    Args:
        test: the test set in its own units; None until it is loaded.
        run: the shown run.
    """
    if config is None or test is None or not len(test.y):
        return HIDDEN
    kind = kind_of(config.data)
    more = _KINDS[kind](config)
    return {"kind": kind, "why": _why(config, run), "run": run.id if run else "", "at": _moment(run),
            "asks": not weights_travel(config)} | more


def try_it_key(config: RunConfig | None, examples: Hashable, run: Run | None) -> Hashable:
    """Changes with what `try_it` gives."""
    return config and config.key, examples, run and run.id, _moment(run), config and _why(config, run)


def _moment(run: Run | None) -> int | None:
    """The step of the earlier moment that is shown; None where the run is shown as it is now."""
    evaluation = run.history.evaluation if run and run.rewound else None
    return evaluation.step if evaluation else None


def tried(run: Run | None) -> dict[str, Patch]:
    """The part that says what a worker answered to the learner's own input; none without an answer."""
    found = run.history.tried if run else None
    if run is None or found is None:
        return {}
    told = [b"" if values is None else values.tobytes() for values in (found.contributions, found.gradients)]
    if found.recommended is not None:
        told = [found.recommended.items.tobytes(), found.recommended.similar.tobytes()]
    key = (run.id, run.attempt, found.number, found.step, found.answers.tobytes(), *told,
           found.maps and found.maps.fine)
    return {"tried": Patch(key, lambda: answered(found) | {"run": run.id})}


def kind_of(data: Dataset) -> str:
    """How an input is given: `image`, feature by feature of a `table`, `series`, `text`, or `pairs`."""
    if data.is_pairs:
        return "pairs"
    if data.is_text:
        return "text"
    return "image" if data.is_image else "series" if data.is_series else "table"


def _why(config: RunConfig, run: Run | None) -> str:
    """Why the network cannot be asked now."""
    if run is None:
        return NO_RUN
    found = run.history.evaluation
    if weights_travel(config) and found is not None and found.weights is not None:
        return "" if run.status != "diverged" else refusal(run)
    if run.rewound and run.history.weights is None:
        return NO_WEIGHTS
    # An active run answers once it can: the browser says so until then.
    return run.silent if run.active else refusal(run)


def _image(config: RunConfig) -> Content:
    data = config.data
    side, middle, wide = FITS.get(data.name, (0, "", 0))
    return {"most": data.pixel_maximum or 255, "fit": side, "middle": middle, "wide": wide}


def _series(config: RunConfig) -> Content:
    """The range of the channel that is forecast."""
    shown, name = seen(config), config.data.labelled.target or config.data.features[0]
    if shown is None:
        return {"low": 0.0, "high": 1.0, "name": name}
    low, high = short([float(shown[..., 0].min()), float(shown[..., 0].max())])
    return {"low": low, "high": high, "name": name}


def _table(config: RunConfig) -> Content:
    return {"fields": fields(config)}


def _text(config: RunConfig) -> Content:
    """How a text is cut, and how much of it the network reads."""
    return {"unit": dict(config.data.values).get("unit", WORDS), "length": config.data.shape[0],
            "most": MOST_CHARACTERS, "gaps": config.data.guesses}


def _pairs(config: RunConfig) -> Content:
    """How many users there are, what they and the items are called, and whether the learner can rate."""
    data, alone = config.data, [layer["class_name"] for layer in config.layers()] == [FACTORIZATION]
    assert isinstance(data.shape, PairShape)
    return {"users": data.shape.users, "user": data.features[0], "item": data.features[1], "rates": alone}


def items(config: RunConfig | None) -> dict[str, Patch]:
    """The part that names the items of ratings; none for other data."""
    if config is None or not config.data.is_pairs:
        return {}
    return {"items": Patch((config.data.key, config.preparation), lambda: _items(config))}


def _items(config: RunConfig) -> Content:
    """Names of items and users from number 1 on, the items' groups and counts, lowest and highest rating."""
    data = config.data
    try:
        found = split(data, config.preparation)
        called = data.items() if data.items else Items(())
    except DatasetUnavailable:
        return {"names": [], "users": [], "groups": [], "counts": [], "colors": {}, "low": 1.0, "high": 5.0}
    assert isinstance(data.shape, PairShape)
    assert found.target_mean is not None and found.target_deviation is not None
    numbers = range(1, data.shape.items + 1)
    ends = [float(end * found.target_deviation[0] + found.target_mean[0])
            for end in (found.y_train.min(), found.y_train.max())]
    counts = np.bincount(found.x_train[:, 1], minlength=data.shape.items + 1)[1:]
    return {"names": list(called.names) or [f"{data.features[1]} {number}" for number in numbers],
            "users": list(called.users), "groups": list(called.groups), "counts": counts.tolist(),
            "colors": group_colors(called)} | dict(
                zip(("low", "high"), (float(f"{end:.4g}") for end in ends), strict=True))


_KINDS: dict[str, Callable[[RunConfig], Content]] = {"image": _image, "table": _table, "series": _series,
                                                    "text": _text, "pairs": _pairs}
