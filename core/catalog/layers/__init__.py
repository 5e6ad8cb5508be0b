"""The layers on offer: what they need, what shape they give, and lists of them.

May import: datasets.

counting.py  How many parameters a network will have, told before it is built: what Keras's…
graph.py     A stack of layers as single layers of Keras and what each of them reads
kinds.py     The kinds of layers that the layer editor offers: one entry a kind, in Keras's own names
layer.py     What a layer is before Keras makes it, and what is said when it does not fit
listing.py   A list of layers as a parameter: checked, and written to and read from a link
rules.py     What comes out of each kind of layer for one example, without Keras
stack.py     From the lines of the layer editor to layers in Keras's own names
"""

from core.catalog.layers.graph import Node, graph
from core.catalog.layers.kinds import LAYER_KINDS, LayerKind
from core.catalog.layers.layer import Entry, Layer, Shape, entry, layer
from core.catalog.layers.listing import MOST_LAYERS, LayerList
from core.catalog.layers.stack import shapes, stack

__all__ = ["LAYER_KINDS", "MOST_LAYERS", "Entry", "Layer", "LayerKind", "LayerList", "Node", "Shape", "entry",
           "graph", "layer", "shapes", "stack"]
