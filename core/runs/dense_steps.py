"""Dense networks as a list of steps that a browser can compute, and the order of their weights.

The picture of a small network is computed in the browser from its weights, which travel with each evaluation.
Both sides of that journey need the same list: `core.training.live_weights` sends what it names, and
`core.views.network` tells the browser how to read it.
"""

from dataclasses import dataclass
from functools import lru_cache

from core.catalog.layers import graph, layer
from core.catalog.layers.counting import parameters
from core.catalog.layers.graph import is_chain
from core.runs.config import RunConfig

# Weights of networks up to this size travel with every evaluation: at most 8 KB.
MOST_WEIGHTS = 2000
# Layers that change nothing when the network predicts.
_IDLE = ("Dropout", "SpatialDropout2D", "GaussianNoise", "Flatten")
_STEPS = {"Dense": "dense", "Activation": "activation", "BatchNormalization": "batch_normalization",
          "LayerNormalization": "layer_normalization"}


@dataclass(frozen=True)
class DenseStep:
    """One layer of a dense network in inference mode.

    Attributes:
        op: `dense`, `activation`, `batch_normalization` or `layer_normalization`.
        name: Keras's name of the layer.
        entry: which row of the layer editor it belongs to; the output layer comes after the last.
        reads, units: how many numbers it gets, and how many it gives.
        activation: by its name in `ACTIVATIONS`.
    """

    op: str
    name: str
    entry: int
    reads: int
    units: int
    activation: str = "linear"

    @property
    def trained(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Names and shapes of its trainable weights, in Keras's order."""
        if self.op == "dense":
            return (f"{self.name}/kernel", (self.reads, self.units)), (f"{self.name}/bias", (self.units,))
        if self.op == "activation":
            return ()
        return (f"{self.name}/gamma", (self.units,)), (f"{self.name}/beta", (self.units,))

    @property
    def others(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Names and shapes of its other weights: the running moments of a batch normalization."""
        if self.op != "batch_normalization":
            return ()
        return ((f"{self.name}/moving_mean", (self.units,)),
                (f"{self.name}/moving_variance", (self.units,)))


@lru_cache(maxsize=256)
def dense_steps(config: RunConfig) -> tuple[DenseStep, ...] | None:
    """The steps of a network whose layers all read a row of numbers; None for any other network."""
    nodes = graph([*config.layers(), layer("Dense", units=config.output_units, name="logits")])
    if not is_chain(nodes):
        return None
    steps: list[DenseStep] = []
    flat, width = len(config.data.shape) == 1, config.data.shape[0]
    for node in nodes:
        kind, values = node.layer["class_name"], node.layer["config"]
        if kind == "Flatten" and not flat:
            flat, width = True, _size(config.data.shape)
        elif kind in _STEPS and flat:
            units = values.get("units", width)
            steps.append(DenseStep(_STEPS[kind], node.name, node.entry, width, units,
                                   values.get("activation", "linear")))
            width = units
        elif kind not in _IDLE:
            return None
    return tuple(steps)


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for side in shape:
        size *= side
    return size


@lru_cache(maxsize=256)
def weights_travel(config: RunConfig) -> bool:
    """Whether the weights of this network travel with each evaluation."""
    return dense_steps(config) is not None and parameters(
        config.entries(), config.data.shape, config.output_units) <= MOST_WEIGHTS


def weight_names(config: RunConfig) -> tuple[str, ...]:
    """The weights that travel, in their order: the trainable ones, then the others, as `dense_1/kernel`."""
    steps = dense_steps(config) or ()
    return tuple(name for part in ("trained", "others") for step in steps
                 for name, _ in getattr(step, part))
