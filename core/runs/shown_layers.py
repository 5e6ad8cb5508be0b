"""The layers of a network whose outputs are shown for one example, where the browser cannot compute them.

`core.training.example_maps` looks into these layers, and `core.views.network` draws a column for each.
"""

from dataclasses import dataclass
from functools import lru_cache

from core.catalog.layers import LAYER_KINDS, graph, shapes
from core.catalog.layers.layer import Shape
from core.runs.config import RunConfig

# Columns that fit into the picture, the output left out.
MOST_LAYERS = 8
# These change values but not what the layer before them is about: its column shows what they make of it.
_FOLLOWING = ("BatchNormalization", "LayerNormalization", "Activation")
# These change nothing when the network predicts, except for the shape.
_IDLE = ("Dropout", "SpatialDropout2D", "GaussianNoise", "Flatten", "Reshape")
_POOLING = ("MaxPooling2D", "AveragePooling2D")


@dataclass(frozen=True)
class ShownLayer:
    """One column of the picture.

    Attributes:
        node: Keras's name of the layer whose output is shown.
        kernel: Keras's name of a first convolution, whose filters are shown too; else empty.
        entries: the rows of the layer editor that it stands for.
        kind: of the first of them.
        shape: of its output for one example.
        activation: the last of these rows; empty if none has any.
    """

    node: str
    kernel: str
    entries: tuple[int, ...]
    kind: str
    shape: Shape
    activation: str

    @property
    def label(self) -> str:
        return LAYER_KINDS[self.kind].label


@lru_cache(maxsize=256)
def shown_layers(config: RunConfig) -> tuple[ShownLayer, ...]:
    """The hidden layers to show, at most `MOST_LAYERS`: pooling is left out first, then every so many."""
    entries = config.entries()
    nodes = {node.entry: node.name for node in graph(config.layers())}  # the last of each entry
    found: list[ShownLayer] = []
    for place, (entry, shape) in enumerate(zip(entries, shapes(entries, config.data.shape), strict=True)):
        kind, activation = entry["kind"], entry.get("activation", "")
        if kind in _IDLE:
            continue
        if kind in _FOLLOWING and found and found[-1].shape == shape:
            before = found[-1]
            found[-1] = ShownLayer(nodes[place], before.kernel, (*before.entries, place), before.kind, shape,
                                   activation or before.activation)
        else:
            first = kind == "Conv2D" and not found
            found.append(ShownLayer(nodes[place], nodes[place] if first else "", (place,), kind, shape,
                                    activation))
    if len(found) > MOST_LAYERS:
        found = [one for one in found if one.kind not in _POOLING]
    step = -(-len(found) // MOST_LAYERS)
    return tuple(found[::max(1, step)])
