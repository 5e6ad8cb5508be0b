"""A script's code for a run that takes over some layers, freezes or slows them."""

import re

from core.catalog.layers import graph, layer
from core.catalog.layers.graph import ITEMS, KNOWN, MERGING, SUM, USERS
from core.catalog.optimizers import OPTIMIZERS
from core.export.section import joined
from core.runs.config import RunConfig
from core.runs.taken_layers import OUTPUT, frozen, slows, taken, weighted

# Layers of Keras's that have no weights, among those that blocks are made of.
_BARE = ("Activation", *MERGING, USERS, ITEMS, KNOWN, SUM)
# Names of the start's data and of the run's own.
_NAMES = re.compile(r"\b((?:START_)?)"
                    r"(SEED|CLASSES|TRAINING_SIZE|VALIDATION_SHARE|LABEL_NOISE|IMBALANCE|CHOSEN)\b")
_COPY = """\
# The first layers with weights begin with those that were just trained; the others are new.
pairs = list(zip(
    [layer for layer in start.layers if layer.weights],
    [layer for layer in model.layers if layer.weights], strict=False))
for trained, own in pairs[:{count}]:
    own.set_weights(trained.get_weights())"""
_FREEZE = """\
# These are not trained any more.
for _, own in pairs[:{count}]:
    own.trainable = False"""
_SLOWER = '''\
class Slower({optimizer}):
    """{label} whose learning rate is lower for the layers taken over (on JAX and TensorFlow)."""

    def update_step(self, gradient, variable, learning_rate):
        if any(variable is one for _, own in pairs[:{count}] for one in own.trainable_variables):
            learning_rate = learning_rate * {factor!r}
        super().update_step(gradient, variable, learning_rate)'''


def has_other_data(config: RunConfig) -> bool:
    """Whether the start learns from other data than the run."""
    return config.start is not None and config.start.config.data.key != config.data.key


def transfers(config: RunConfig) -> bool:
    """Whether a run does not simply go on with its start's weights."""
    return (has_other_data(config) or taken(config) < len(weighted(config)) or frozen(config) > 0
            or slows(config))


def renamed(code: str, config: RunConfig) -> str:
    """The start's code with names of its own for what the run's data have other values of."""
    return _NAMES.sub(r"START_\1\2", code) if has_other_data(config) else code


def source_name(config: RunConfig) -> str:
    """The dataset, with its classes where only some are chosen."""
    data = config.data
    if data.guesses:
        return f"hidden words of {data.label}"
    return f"{data.label}, classes {', '.join(data.classes)}" if data.whole is not None else data.label


def data_values(config: RunConfig) -> dict[str, object]:
    """The numbers at the top of the script that belong to the start's data."""
    if not has_other_data(config):
        return {}
    assert config.start is not None
    theirs = config.start.config
    return {"start_seed": theirs.preparation.seed, "start_classes": len(theirs.data.classes)} | {
        f"start_{name}": getattr(theirs, name)
        for name in ("training_size", "validation_share", "label_noise", "imbalance")}


def transferred(config: RunConfig) -> str:
    """Code that gives `model` the layers of `start` that it takes over, and freezes some."""
    freeze = _FREEZE.format(count=_made(config, frozen(config))) if frozen(config) else ""
    return joined(_COPY.format(count=_made(config, taken(config))), freeze)


def slower(code: str, config: RunConfig) -> str:
    """The code of a training whose optimizer learns more slowly in the layers taken over, if it does."""
    if not slows(config):
        return code
    assert config.start is not None
    hidden = [layer for layer in weighted(config)[:taken(config)] if layer.kind != OUTPUT]
    entry = OPTIMIZERS[config.optimizer]
    made = _SLOWER.format(optimizer=f"keras.optimizers.{entry.class_name}", label=entry.label,
                          count=_made(config, len(hidden)), factor=config.start.rate_factor)
    return joined(made, code.replace(f"keras.optimizers.{entry.class_name}(", "Slower("))


def said(config: RunConfig) -> str:
    """What the model begins with, in words."""
    count, whole = taken(config), len(weighted(config))
    words = "It begins with the weights that were just trained." if count == whole else (
        "Its first layer with weights begins with what was just trained." if count == 1 else
        f"Of its layers with weights, the first {count} begin with what was just trained.")
    kept = frozen(config)
    stay = ("It stays as it is." if kept == count == 1 else "The first of them stays as it is." if kept == 1
            else f"The first {kept} of them stay as they are.")
    return f"{words} {stay}" if kept else words


def _made(config: RunConfig, count: int) -> int:
    """How many of Keras's layers with weights the first `count` rows of the layer editor are made of."""
    entries = {layer.entry for layer in weighted(config)[:count]}
    nodes = graph([*config.layers(), layer("Dense", units=config.output_units, name="logits")])
    return sum(node.entry in entries and node.layer["class_name"] not in _BARE for node in nodes)
