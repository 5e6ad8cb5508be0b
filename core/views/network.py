"""The picture of a network as plain data: its layers, its inputs, and the weights that fill it in.

`network` says everything that does not change while a network trains, and needs no run. `network_weights` is
what changes with each evaluation. The browser computes the rest (static/network_math.js).
"""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.catalog.layers import LAYER_KINDS, shapes
from core.catalog.layers.counting import counts
from core.catalog.losses import LOSSES
from core.charts.palette import CLASS_COLORS
from core.datasets.dataset import Arrays, Dataset, DatasetUnavailable, Split
from core.datasets.splits import split
from core.formatting import amount
from core.runs.config import RunConfig
from core.runs.dense_steps import DenseStep, dense_steps, weights_travel
from core.runs.events import Evaluation

Content = dict[str, Any]
# Test examples that distributions are drawn of, and the bytes that they may take.
PROBE, PROBE_BYTES = 100, 8_000
HIDDEN: Content = {"hidden": True, "about": ""}
NO_WEIGHTS: Content = {"weights": ""}


def network(config: RunConfig | None, test: Arrays | None, example: int = 0) -> Content:
    """What the picture of `config`'s network consists of, before and during training.

    Args:
        test: the test set in its own units; None until it is loaded.
        example: index of the chosen test example.

    Returns `HIDDEN` without a config. `steps` and `columns` are empty if the browser cannot compute the
    network. Inputs are as the network sees them; `mean` and `deviation` bring them back to their own units.
    """
    if config is None:
        return HIDDEN
    data, layers = config.data, _layers(config)
    steps = dense_steps(config) if weights_travel(config) else None
    return {"layers": layers, "parameters": sum(one["parameters"] for one in layers),
            "about": _about(config, layers), "note": NOTES[steps is not None],
            "steps": [_step(one) for one in steps or ()],
            "columns": _columns(config, steps) if steps else [], "names": _names(data),
            "shape": list(data.shape), "output": _output(config),
            } | _inputs(config, test, example, steps is not None)


# What stands over the picture: with units, and with layers alone.
NOTES = {True: "width: size of the weight · green +, purple – and dashed", False: ""}


def network_weights(evaluation: Evaluation | None) -> Content:
    """The weights of one evaluation as little-endian float32 in base64; empty if they do not travel."""
    if evaluation is None or evaluation.weights is None:
        return NO_WEIGHTS
    return {"step": evaluation.step, "weights": _floats(np.concatenate(
        [np.ravel(one) for one in evaluation.weights]))}


def _names(data: Dataset) -> list[str]:
    """A name for each number that the network gets, in their order; none for pixels."""
    if data.is_series:
        window = data.shape[0]
        return [f"{name}, {_ago(window - place)}" for place in range(window) for name in data.features]
    return list(data.features)


def _ago(steps: int) -> str:
    return f"{amount(steps, 'step')} ago" if steps > 1 else "last"


def _layers(config: RunConfig) -> list[Content]:
    """All layers with what each of them gives, the output layer last."""
    entries, shape, units = config.entries(), config.data.shape, config.output_units
    given = [*shapes(entries, shape), (units,)]
    labels = [LAYER_KINDS[one["kind"]].label for one in entries] + ["Output"]
    kinds = [one["kind"] for one in entries] + ["Dense"]
    activations = [one.get("activation", "") for one in entries] + [_activation(config)]
    return [{"kind": kind, "label": label, "shape": list(size), "parameters": count, "activation": activation}
            for kind, label, size, count, activation in
            zip(kinds, labels, given, counts(entries, shape, units), activations, strict=True)]


def _step(step: DenseStep) -> Content:
    return {"op": step.op, "reads": step.reads, "units": step.units, "activation": step.activation}


def _columns(config: RunConfig, steps: Sequence[DenseStep]) -> list[Content]:
    """The columns of units: each Dense layer with the activations and normalizations that follow it.

    `step` is the last step of a column, whose numbers its units show; `kernel` the one with its connections.
    A normalization of the inputs themselves belongs to no column.
    """
    columns: list[Content] = []
    for place, step in enumerate(steps):
        if step.op == "dense":
            columns.append({"kernel": place, "units": step.units, "words": [], "parameters": 0})
        if columns:
            columns[-1]["step"] = place
            columns[-1]["parameters"] += sum(int(np.prod(shape)) for _, shape in step.trained + step.others)
            columns[-1]["words"] += _words(step)
    columns[-1]["words"] = [_activation(config)]
    last = len(columns) - 1
    return [{**{key: one[key] for key in ("kernel", "step", "units", "parameters")},
             "title": "Output" if place == last else f"Hidden {place + 1}" if last > 1 else "Hidden",
             "detail": ", ".join(one["words"])} for place, one in enumerate(columns)]


def _words(step: DenseStep) -> list[str]:
    if step.op in ("dense", "activation"):
        return [step.activation] if step.activation != "linear" or step.op == "dense" else []
    return ["batch norm" if step.op == "batch_normalization" else "layer norm"]


def _activation(config: RunConfig) -> str:
    """What turns the last layer's numbers into answers."""
    return LOSSES[config.loss].probabilities if config.data.classes else "linear"


def _output(config: RunConfig) -> Content:
    data, units = config.data, config.output_units
    if not data.classes:
        steps = [f"{data.target}, step {place + 1}" for place in range(units)]
        names = steps if units > 1 else [data.target]
        return {"activation": "linear", "names": names, "classes": [], "colors": []}
    names = list(data.classes) if units > 1 else [data.classes[1]]
    return {"activation": _activation(config), "names": names, "classes": list(data.classes),
            "colors": list(CLASS_COLORS[:len(data.classes)])}


def _inputs(config: RunConfig, test: Arrays | None, example: int, computed: bool) -> Content:
    """The chosen example, the probe and the plane, as the network sees them; None before they are loaded."""
    nothing: Content = {"example": None, "probe": None, "plane": None, "mean": [], "deviation": []}
    if test is None or not len(test.y) or not computed:
        return nothing
    data, chosen = config.data, min(max(example, 0), len(test.y) - 1)
    if data.is_image:
        scale = 1 / (data.pixel_maximum or 1) if config.scaling == "standard" else 1.0
        x, prepared = test.x.reshape(len(test.x), -1), None
        count = _probed(x)
        seen = nothing | _scaled([0.0], [1 / scale])
        values, own = x[:count].astype(np.float32) * scale, x[chosen].astype(np.float32) * scale
    else:
        try:
            prepared = split(data, config.preparation)
        except DatasetUnavailable:
            return nothing
        x = prepared.x_test.reshape(len(test.y), -1)
        values, own = x[:_probed(x)], x[chosen]
        seen = nothing | _moments(prepared) | {"plane": _plane(data, prepared)}
    label = data.classes[int(test.y[chosen])] if data.classes else ""
    return seen | {"example": {"index": chosen, "label": label, "values": _rounded(own)},
                   "probe": {"count": len(values), "values": _floats(values)}}


def _moments(prepared: Split) -> Content:
    """How inputs and numbers to predict are brought back to their own units."""
    assert prepared.mean is not None and prepared.deviation is not None
    found = _scaled(prepared.mean, prepared.deviation)
    if prepared.target_mean is not None and prepared.target_deviation is not None:
        found |= {"target_mean": _rounded(prepared.target_mean),
                  "target_deviation": _rounded(prepared.target_deviation)}
    return found


def _scaled(mean: Sequence[float] | np.ndarray, deviation: Sequence[float] | np.ndarray) -> Content:
    return {"mean": _rounded(mean), "deviation": _rounded(deviation)}


def _probed(x: np.ndarray) -> int:
    """How many examples fit into the probe."""
    return max(1, min(PROBE, len(x), PROBE_BYTES // (4 * x.shape[1])))


def _plane(data: Dataset, prepared: Split) -> Content | None:
    """The part of the plane (or of the line) that units' maps show; None for more features than that."""
    if data.is_series or len(data.features) > 2:
        return None
    low, high = prepared.span(list(range(len(data.features))))
    return {"low": _rounded(low), "high": _rounded(high)}


def _about(config: RunConfig, layers: Sequence[Content]) -> str:
    """The network in words."""
    told = "; ".join(_told(one) for one in layers[:-1]) or "no hidden layer"
    size = " x ".join(map(str, config.data.shape))
    return (f"The network: {size} inputs; {told}; output: {config.output_units}, {layers[-1]['activation']}. "
            f"{amount(sum(one['parameters'] for one in layers), 'weight')} in all.")


def _told(layer: Content) -> str:
    size = " x ".join(map(str, layer["shape"]))
    return f"{layer['label']} {size}{', ' + layer['activation'] if layer['activation'] else ''}"


def _rounded(values: Sequence[float] | np.ndarray) -> list[float]:
    """Exact enough for float32."""
    return [float(f"{value:.8g}") if np.isfinite(value) else 0.0 for value in np.asarray(values, float)]


def _floats(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode("ascii")
