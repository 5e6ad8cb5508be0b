"""The layer editor's table: which layers there are, what they need and give, and lists of them."""

from core.catalog.layers.graph import Node, graph
from core.catalog.layers.kinds import LAYER_KINDS, LayerKind
from core.catalog.layers.layer import Entry, Layer, Shape, entry, layer
from core.catalog.layers.listing import MOST_LAYERS, LayerList
from core.catalog.layers.stack import shapes, stack

__all__ = ["LAYER_KINDS", "MOST_LAYERS", "Entry", "Layer", "LayerKind", "LayerList", "Node", "Shape", "entry",
           "graph", "layer", "shapes", "stack"]
