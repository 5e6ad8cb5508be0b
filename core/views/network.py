"""The picture of a network as plain data: its layers, its inputs, and the weights that fill it in.

`network` says everything that does not change while a network trains, and needs no run. `network_weights` is
what changes with each evaluation. The browser computes the rest (static/network_math.js).
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from core.catalog.layers import LAYER_KINDS, shapes
from core.catalog.layers.counting import counts
from core.catalog.layers.graph import FACTORIZATION
from core.catalog.losses import LOSSES
from core.charts.palette import CLASS_COLORS
from core.datasets.dataset import Arrays, Dataset
from core.formatting import amount, encoded
from core.runs.config import RunConfig
from core.runs.dense_steps import DenseStep, dense_steps, weights_travel
from core.runs.evaluations import Evaluation, ExampleMaps, LayerMaps, TriedAnswer
from core.runs.guesses import GUESSES
from core.runs.recommended import Recommended
from core.runs.shown_layers import ATTENTION, STATES, ShownLayer, shown_layers
from core.runs.taken_layers import frozen_entries
from core.views.network_inputs import answers, floats, inputs, names

Content = dict[str, Any]
# Of the numbers that are given back: names for so many, and the colour of those near 0.
MOST_NAMES, MUTED_UNIT = 256, "#888888"
HIDDEN: Content = {"hidden": True, "about": ""}
NO_WEIGHTS: Content = {"weights": ""}
NO_NUMBERS: Content = {"note": "What this network computes is no longer a number: the run has diverged"}
# Of an earlier moment.
NOT_KEPT: Content = NO_WEIGHTS | {"note": "The values of this moment were not kept"}


def network(config: RunConfig | None, test: Arrays | None, example: int = 0) -> Content:
    """What the picture of `config`'s network consists of, before and during training.

    Args:
        test: the test set in its own units; None until it is loaded.
        example: index of the chosen test example.

    Returns `HIDDEN` without a config. `steps` and `columns` are empty if the browser cannot compute the
    network; then `stages` are the layers whose outputs a worker sends. Inputs are as the network sees them;
    `mean` and `deviation` bring them back to their own units.
    """
    if config is None:
        return HIDDEN
    data, layers = config.data, _layers(config)
    steps = dense_steps(config) if weights_travel(config) else None
    stages = () if steps else shown_layers(config)
    return {"layers": layers, "parameters": sum(layer["parameters"] for layer in layers),
            "about": _about(config, layers),
            "note": WEIGHTS_NOTE if steps else _look_for(stages, data.is_text) or VALUES_NOTE,
            "steps": [_step(step) for step in steps or ()],
            "columns": _columns(config, steps) if steps else [],
            "stages": [_stage(stage, layers) for stage in stages],
            "look_for": _look_for(stages, data.is_text),
            "names": names(data), "shape": list(data.shape), "text": data.is_text or data.is_pairs,
            "output": _output(config),
            } | inputs(config, test, example, steps is not None)


WEIGHTS_NOTE = "width: size of the weight · green +, purple – and dashed"
# Of a layer that is not trained.
FROZEN = "frozen"
VALUES_NOTE = "what each unit gives for the test example · green +, purple –"


def network_weights(evaluation: Evaluation | None) -> Content:
    """What changed in the picture: the weights of one evaluation, or what the layers give for the example.

    Weights are little-endian float32, levels are bytes, both in base64.
    """
    if evaluation is None:
        return NO_WEIGHTS
    if evaluation.maps is not None:
        found = evaluation.maps
        if not np.isfinite(found.answers).all():
            return NO_WEIGHTS | NO_NUMBERS
        return {"step": evaluation.step, "weights": "", "example": found.example,
                "answers": answers(found.answers)} | _stages(found) | _words_of(found)
    if evaluation.weights is None:
        return NO_WEIGHTS
    weights = np.concatenate([np.ravel(values) for values in evaluation.weights])
    return {"step": evaluation.step, "weights": floats(weights)} | (
        {} if np.isfinite(weights).all() else NO_NUMBERS)


def answered(found: TriedAnswer) -> Content:
    """The answer to an input of the learner's own, with what the layers give for it if that is there."""
    finite = bool(np.isfinite(found.answers).all())
    words = {} if found.contributions is None or found.unknown is None or not finite else {
        "contributions": [answers(shares) for shares in found.contributions],
        "unknown": found.unknown.tolist()}
    told = _recommended(found.recommended) if found.recommended is not None else {}
    if words and found.gradients is not None and found.nothing is not None:
        words |= {"gradients": [answers(shares) for shares in found.gradients],
                  "nothing": answers(found.nothing)}
    return {"number": found.number, "step": found.step, "answers": answers(found.answers)} | (
        words | told | _words_of(found)) | (
        _stages(found.maps) if found.maps and finite else {}) | (
        {"flip": found.flip and asdict(found.flip)} if found.scanned else {})


def _words_of(found: ExampleMaps | TriedAnswer) -> Content:
    """Which words the answers are about; of other data, the output's names say what they are."""
    return {"words": list(found.words)} if found.words else {}


def _recommended(found: Recommended) -> Content:
    """Items by number, with what belongs to each."""
    def rows(items: np.ndarray, values: np.ndarray) -> list[list[float | None]]:
        return [[int(item), value] for item, value in zip(items, answers(values), strict=True)]

    return {"recommended": {"user": found.user, "items": rows(found.items, found.predicted),
                            "rated": rows(found.rated, found.ratings), "chosen": found.chosen,
                            "similar": rows(found.similar, found.cosines)}}


def _stages(found: ExampleMaps) -> Content:
    return {"stages": [_maps(layer, not found.fine) for layer in found.layers],
            "filters": _maps(found.filters) if found.filters else None}


def _maps(maps: LayerMaps, coarse: bool = False) -> Content:
    """One layer. coarse: in 16 levels, two in a byte: moving maps then cost half as much."""
    levels = maps.levels.ravel()
    if coarse:
        halves = np.append(np.round(levels / 17).astype(np.uint8), np.uint8(0))[:2 * -(-len(levels) // 2)]
        levels = halves[0::2] << 4 | halves[1::2]
    return {"coarse": coarse, "channels": maps.channels.tolist(), "total": maps.total,
            "shape": list(maps.levels.shape[1:]), "low": float(f"{maps.low:.5g}"),
            "high": float(f"{maps.high:.5g}"), "levels": encoded(levels)}


def _stage(layer: ShownLayer, layers: Sequence[Content]) -> Content:
    """One column of a network that is drawn layer by layer."""
    frozen = any(layers[place]["frozen"] for place in layer.entries)
    return {"title": layer.label, "kind": layer.kind, "shape": list(layer.shape),
            "detail": ", ".join(filter(None, (layer.activation, FROZEN * frozen))),
            "inside": layer.inside, "entry": layer.entries[0],
            "parameters": sum(layers[place]["parameters"] for place in layer.entries)}


_CONVOLUTIONS = ("Conv2D", "Conv2DTranspose", "SeparableConv2D", "Residual")


def _look_for(stages: Sequence[ShownLayer], text: bool = False) -> str:
    """What to watch: where attention looks, what a state keeps, or the maps of an image."""
    inside = {stage.inside for stage in stages}
    if any(stage.kind == FACTORIZATION for stage in stages):
        return "Look for: what each dimension adds to the rating (green) or takes from it (purple)"
    if ATTENTION in inside:
        step = "word" if text else "step"
        return f"Look for: which {step}s each {step} looks at (each row is one {step}, green where it looks)"
    if STATES in inside:
        return ("Look for: words at which units change, and units that keep what they read" if text else
                "Look for: units that follow the series, and units that remember what happened earlier")
    convolutions = sum(stage.kind in _CONVOLUTIONS for stage in stages)
    if not convolutions:
        return ""
    return ("Look for: edges at first, then corners and shapes, then whole parts of the object"
            if convolutions > 1 else "Look for: each map lights up where its filter finds its pattern")


def _layers(config: RunConfig) -> list[Content]:
    """All layers with what each of them gives, the output layer last."""
    entries, shape, units = config.entries(), config.data.shape, config.output_units
    given = [*shapes(entries, shape), (units,)]
    labels = [LAYER_KINDS[layer["kind"]].label for layer in entries] + ["Output"]
    kinds = [layer["kind"] for layer in entries] + ["Dense"]
    activations = [layer.get("activation", "") for layer in entries] + [_activation(config)]
    kept = frozen_entries(config)
    return [{"kind": kind, "label": label, "shape": list(size), "parameters": count, "activation": activation,
             "frozen": place in kept}
            for place, (kind, label, size, count, activation) in enumerate(
                zip(kinds, labels, given, counts(entries, shape, units), activations, strict=True))]


def _step(step: DenseStep) -> Content:
    return {"op": step.op, "name": step.name, "reads": step.reads, "units": step.units,
            "activation": step.activation}


def _columns(config: RunConfig, steps: Sequence[DenseStep]) -> list[Content]:
    """The columns of units: each Dense layer with the activations and normalizations that follow it.

    `step` is the last step of a column, whose numbers its units show; `kernel` the one with its connections.
    A normalization of the inputs themselves belongs to no column.
    """
    columns: list[Content] = []
    for place, step in enumerate(steps):
        if step.op == "dense":
            columns.append({"kernel": place, "entry": step.entry, "units": step.units, "words": [],
                            "parameters": 0})
        if columns:
            columns[-1]["step"] = place
            columns[-1]["parameters"] += sum(int(np.prod(shape)) for _, shape in step.trained + step.others)
            columns[-1]["words"] += _words(step)
    columns[-1]["words"] = [_activation(config)]
    last, kept = len(columns) - 1, frozen_entries(config)
    for column in columns:
        column["words"] += [FROZEN] * (column["entry"] in kept)
    return [{**{key: column[key] for key in ("kernel", "entry", "step", "units", "parameters")},
             "title": "Output" if place == last else f"Hidden {place + 1}" if last > 1 else "Hidden",
             "detail": ", ".join(column["words"])} for place, column in enumerate(columns)]


def _words(step: DenseStep) -> list[str]:
    if step.op in ("dense", "activation"):
        return [step.activation] if step.activation != "linear" or step.op == "dense" else []
    return ["batch norm" if step.op == "batch_normalization" else "layer norm"]


def _activation(config: RunConfig) -> str:
    """What turns the last layer's numbers into answers."""
    loss = LOSSES[config.loss]
    has = config.data.classes or config.data.guesses or loss.pixels
    return loss.probabilities if has else "linear"


def _output(config: RunConfig) -> Content:
    data, units = config.data, config.output_units
    if data.guesses:  # each answer says which words are the likeliest
        names = ["likeliest", *(f"{place}." for place in range(2, GUESSES + 1))]
        return {"activation": "softmax", "names": names, "classes": names, "guesses": True,
                "colors": [CLASS_COLORS[0]] * GUESSES}
    if data.reconstructs:
        return {"activation": _activation(config), "classes": [], "colors": [MUTED_UNIT, CLASS_COLORS[0]],
                "names": _places(data), "reconstructs": list(data.shape), "most": data.pixel_maximum or 1}
    if not data.classes:
        steps = [f"{place + 1} ahead" for place in range(units)]
        names = steps if units > 1 else [data.target]
        return {"activation": "linear", "names": names, "classes": [], "colors": []}
    names = list(data.classes) if units > 1 else [data.classes[1]]
    return {"activation": _activation(config), "names": names, "classes": list(data.classes),
            "colors": list(CLASS_COLORS[:len(data.classes)])}



def _places(data: Dataset) -> list[str]:
    """A name for each number that is given back; of a large image only as many as there is room for."""
    if data.is_series:
        # Counted as in the chart of the window; one series needs no name of its own.
        return [f"{name}, step {step}" if len(data.features) > 1 else f"step {step}"
                for step in range(1, data.shape[0] + 1) for name in data.features]
    if not data.is_image:
        return names(data)
    width, channels = data.shape[1:]
    return [f"pixel {place // channels // width + 1}, {place // channels % width + 1}"
            for place in range(min(data.outputs, MOST_NAMES))]


def _about(config: RunConfig, layers: Sequence[Content]) -> str:
    """The network in words."""
    told = "; ".join(_told(layer) for layer in layers[:-1]) or "no hidden layer"
    size = " x ".join(map(str, config.data.shape))
    return (f"The network: {size} inputs; {told}; output: {config.output_units}, {layers[-1]['activation']}. "
            f"{amount(sum(layer['parameters'] for layer in layers), 'weight')} in all.")


def _told(layer: Content) -> str:
    size = " x ".join(map(str, layer["shape"]))
    words = f"{layer['label']} {size}", layer["activation"], FROZEN * layer["frozen"]
    return ", ".join(filter(None, words))
