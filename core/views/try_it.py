"""The card Try it as plain data: what the learner can set, in which units, and what the network answers."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from core.datasets.dataset import Arrays, Dataset, DatasetUnavailable
from core.datasets.splits import split
from core.datasets.table_dataset import categories
from core.datasets.words import WORDS
from core.metrics.network import refusal
from core.runs.config import RunConfig
from core.runs.dense_steps import weights_travel
from core.runs.moments import NO_WEIGHTS
from core.runs.run import Run
from core.runs.tried import MOST_CHARACTERS
from core.views.network import answered
from core.views.network_inputs import rounded
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
# Steps of a slider over a feature's range, and what scaling there and back may have changed, in steps.
STEPS, SLACK = 200, 1e-3
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
    told = b"" if found.contributions is None else found.contributions.tobytes()
    key = (run.id, run.attempt, found.number, found.step, found.answers.tobytes(), told,
           found.maps and found.maps.fine)
    return {"tried": Patch(key, lambda: answered(found) | {"run": run.id})}


def kind_of(data: Dataset) -> str:
    """How an input is given: as an `image`, feature by feature of a `table`, as a `series` or a `text`."""
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
    seen = _seen(config)
    if seen is None:
        return {"low": 0.0, "high": 1.0, "name": config.data.target}
    low, high = _short([float(seen[..., 0].min()), float(seen[..., 0].max())])
    return {"low": low, "high": high, "name": config.data.target}


def _seen(config: RunConfig) -> np.ndarray | None:
    """All examples in their own units; None until they are loaded."""
    try:
        found = split(config.data, config.preparation)
    except DatasetUnavailable:
        return None
    assert found.mean is not None and found.deviation is not None
    return np.concatenate([found.x, found.x_test]) * found.deviation + found.mean


def _table(config: RunConfig) -> Content:
    return {"fields": _fields(config)}


def _fields(config: RunConfig) -> list[Content]:
    """The features as the learner sets them, in their own units.

    A category's inputs are one field with `options`; `at` says which inputs a field is about.
    """
    data, seen = config.data, _seen(config)
    if seen is None:
        return []
    named, fields, at = list(categories(data)), list[Content](), 0
    while at < len(data.features):
        if at in data.indicators:
            name, options = named.pop(0) if named else (data.features[at], ())
            count = max(1, len(options))
            options = options or ("no", "yes")
            fields.append({"name": name, "at": list(range(at, at + count)), "options": list(options)})
            at += count
        else:
            fields.append({"name": data.features[at], "at": [at], **_range(seen[:, at])})
            at += 1
    return fields


def _range(values: np.ndarray) -> Content:
    """The slider of a number: from the lowest to the highest value of all examples."""
    low, high = float(values.min()), float(values.max())
    near = np.round(values)
    whole = bool(np.allclose(values, near, atol=1e-3)) and high - low >= 2
    step = 1.0 if whole else _round_step((high - low) / STEPS)
    low, high = np.floor(low / step + SLACK) * step, np.ceil(high / step - SLACK) * step
    return dict(zip(("low", "high", "step"), _short([low, high, step]), strict=True))


def _round_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at most `rough`."""
    if not rough > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(rough))
    return float(power * max(one for one in (1, 2, 5) if one * power <= rough * (1 + 1e-9)))


def _short(values: Sequence[float]) -> list[float]:
    return [float(f"{value:.6g}") for value in rounded(values)]


def _text(config: RunConfig) -> Content:
    """How a text is cut, and how much of it the network reads."""
    return {"unit": dict(config.data.values).get("unit", WORDS), "length": config.data.shape[0],
            "most": MOST_CHARACTERS}


_KINDS: dict[str, Callable[[RunConfig], Content]] = {"image": _image, "table": _table, "series": _series,
                                                    "text": _text}
