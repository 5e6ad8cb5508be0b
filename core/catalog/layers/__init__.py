"""The layers on offer: their parameters, the shapes they take and give, and lists of them.

May import: datasets.

counting.py  Counts a network's parameters without building it
graph.py     A stack as single Keras layers, and which layers each one reads
kinds.py     `LAYER_KINDS`: every kind of layer in the layer editor, one entry each
layer.py     One layer as plain data, and the error for a layer that does not fit
listing.py   A list of layers as a parameter: checked, and written to and read from a link
rules.py     The output shape of each kind of layer, without Keras
stack.py     Turns the rows of the layer editor into layers with Keras's names, and follows their shapes
"""

from core.catalog.layers.graph import Node, graph
from core.catalog.layers.kinds import LAYER_KINDS, LayerKind
from core.catalog.layers.layer import Entry, Layer, Shape, entry, layer
from core.catalog.layers.listing import MOST_LAYERS, LayerList
from core.catalog.layers.stack import shapes, stack

__all__ = ["LAYER_KINDS", "MOST_LAYERS", "Entry", "Layer", "LayerKind", "LayerList", "Node", "Shape", "entry",
           "graph", "layer", "shapes", "stack"]
