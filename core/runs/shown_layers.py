"""The layers of a network whose outputs are shown for one example, where the browser cannot compute them.

`core.training.example_maps` looks into these layers, and `core.views.network` draws a column for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core.catalog.layers import LAYER_KINDS, graph, shapes
from core.catalog.layers.graph import FACTORIZATION, SUM, Node
from core.catalog.layers.layer import Shape
from core.runs.config import RunConfig

# Columns that fit into the picture, the output left out.
MOST_LAYERS = 8
# These change values but not what the layer before them is about: its column shows what they make of it.
_FOLLOWING = ("BatchNormalization", "LayerNormalization", "Activation")
# These change nothing when the network predicts, except for the shape.
_IDLE = ("Dropout", "SpatialDropout2D", "GaussianNoise", "Flatten", "Reshape")
_POOLING = ("MaxPooling2D", "AveragePooling2D")
_RECURRENT = ("SimpleRNN", "LSTM", "GRU", "Bidirectional")
# What is shown instead of a layer's output: the state of a recurrent layer after every step, and how much
# each step of a series looks at each other one.
STATES, ATTENTION = "states", "attention"


@dataclass(frozen=True)
class ShownLayer:
    """One column of the picture.

    Attributes:
        node: Keras's name of the layer whose output, or whose inside, is shown.
        kernel: Keras's name of a first convolution, whose filters are shown too; else empty.
        entries: the rows of the layer editor that it stands for.
        kind: of the first of them.
        shape: of what is shown for one example: (rows, columns, channels), (steps, units) or (units,).
        activation: the last of these rows; empty if none has any.
        inside: `STATES` (steps, units), `ATTENTION` (steps that ask, steps that are looked at, heads), or
            empty for the layer's output.
    """

    node: str
    kernel: str
    entries: tuple[int, ...]
    kind: str
    shape: Shape
    activation: str
    inside: str = ""

    @property
    def label(self) -> str:
        return LAYER_KINDS[self.kind].label


@lru_cache(maxsize=256)
def shown_layers(config: RunConfig) -> tuple[ShownLayer, ...]:
    """The hidden layers to show, at most `MOST_LAYERS`: pooling is left out first, then every so many."""
    entries, nodes = config.entries(), graph(config.layers())
    given = [config.data.shape, *shapes(entries, config.data.shape)]
    found: list[ShownLayer] = []
    for place, entry in enumerate(entries):
        kind, shape = entry["kind"], given[place + 1]
        own = [node for node in nodes if node.entry == place]
        if kind in _IDLE:
            continue
        if kind in _FOLLOWING and found and given[found[-1].entries[-1] + 1] == shape:
            found[-1] = _followed(found[-1], own[-1], place, entry.get("activation", ""))
            continue
        node, inside, shown = _inside(kind, own, given[place][0], shape)
        kernel = node if kind == "Conv2D" and not found else ""
        found.append(ShownLayer(node, kernel, (place,), kind, shown, entry.get("activation", ""), inside))
    if len(found) > MOST_LAYERS:
        found = [layer for layer in found if layer.kind not in _POOLING]
    step = -(-len(found) // MOST_LAYERS)
    return tuple(found[::max(1, step)])


def _inside(kind: str, nodes: Sequence[Node], steps: int, shape: Shape) -> tuple[str, str, Shape]:
    """The node to look at, what of it, and the shape of that. nodes: those that the layer consists of."""
    if kind in _RECURRENT:
        return nodes[-1].name, STATES, (steps, shape[-1])
    if kind == "Attention":
        heads = next(node for node in nodes if node.layer["class_name"] == "MultiHeadAttention")
        return heads.name, ATTENTION, (steps, steps, heads.layer["config"]["num_heads"])
    if kind == FACTORIZATION:  # what each dimension contributes to the rating
        products = nodes[next(place for place, node in enumerate(nodes)
                              if node.layer["class_name"] == SUM) - 1]
        width = next(node.layer["config"]["output_dim"] for node in nodes
                     if node.layer["class_name"] == "Embedding")
        return products.name, "", (width,)
    return nodes[-1].name, "", shape


def _followed(before: ShownLayer, node: Node, place: int, activation: str) -> ShownLayer:
    """A layer with the normalization or activation that follows it; what is inside it stays as it is."""
    entries = (*before.entries, place)
    if before.inside:
        return replace(before, entries=entries)
    return replace(before, node=node.name, entries=entries, activation=activation or before.activation)
