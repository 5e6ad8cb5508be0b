"""Plan: how an epoch is divided into training steps and validation slices, and the order of its examples."""

import math
from dataclasses import dataclass

import keras
import numpy as np
from jaxtyping import Int32

from core.datasets import Split
from core.runs.config import RunConfig
from core.training.initial import ORDER, stream
from core.training.layers import mixes_examples
from core.training.model import known_model

# Examples evaluated together, without a gradient: with more, a convolution outgrows the cache. Networks with
# large patches take fewer.
SLICE = 100
SLICE_BYTES = 64 * 2**20
# Examples that are asked about together. At least 50: with these, the pictures of a CNN change four times a
# second. More as far as their patches fit into the cache. A call of a small network costs more than what it
# computes, so the 2,500 points of its decision regions take two calls.
LEAST_LOOKED, AREA_LOOKED = 50, 1250
# A step takes its batch in parts whose patches fit into the cache, and adds up their gradients. That is
# faster than the whole batch at once, and needs less memory. Much smaller parts would make the matrix
# products too small.
PART_BYTES = 5 * 2**19  # 2.5 MB
# How many epochs' orders are drawn at once: small datasets run many epochs in one call.
WINDOW_EXAMPLES = 8192


def example_bytes(model: keras.Model) -> int:
    """The most bytes that one example needs in a layer: a convolution's patches, attention's scores."""
    sizes = [4]
    for layer in model.layers:
        values = math.prod(layer.output.shape[1:])
        if isinstance(layer, keras.layers.Conv1D | keras.layers.Conv2D):
            values = values // layer.filters * math.prod(layer.kernel.shape[:-1])
        elif isinstance(layer, keras.layers.Conv2DTranspose):
            # What each pixel writes, before it is added up.
            places = math.prod(layer.input.shape[1:-1])
            values = max(values, places * math.prod(layer.kernel_size) * layer.filters)
        elif isinstance(layer, keras.layers.SeparableConv2D):
            # Its filters are sums, without patches: of as many channels as come in.
            values = values // layer.filters * max(layer.filters, layer.pointwise_kernel.shape[-2])
        elif isinstance(layer, keras.layers.MultiHeadAttention):
            steps = layer.output.shape[1]
            values = max(values, layer.num_heads * steps * max(steps, layer.key_dim))
        sizes.append(4 * values)
    return max(sizes)


@dataclass(frozen=True)
class Plan:
    """How an epoch is divided.

    Attributes:
        examples, validation: how many training and validation examples there are.
        batch_size: training examples per step, at most `examples`.
        slice: validation examples that are evaluated together, without a gradient.
        scale: what inputs are multiplied by, see `Split.scale`.
        parts: of a batch, processed one after another.
        room: examples that there is room for, if plans of different sizes share a program; else 0.
        looked: examples that are asked about together: for pictures, test figures and probes.
    """

    examples: int
    validation: int
    batch_size: int
    slice: int
    scale: float
    parts: int = 1
    room: int = 0
    looked: int = SLICE

    @classmethod
    def of(cls, config: RunConfig, split: Split, model: keras.Model | None = None) -> "Plan":
        """The plan of a run. model: the config's, if it is built already."""
        model, batch_size = model or known_model(config), min(config.batch_size, split.examples)
        size = example_bytes(model)
        part = batch_size if mixes_examples(model) else max(1, PART_BYTES // size)
        return cls(split.examples, split.validation, batch_size,
                   max(1, min(SLICE, SLICE_BYTES // size)), split.scale, -(-batch_size // part),
                   room=split.room, looked=_looked(config, size))

    @property
    def all(self) -> int:
        """Training and validation examples together, or the room for them."""
        return max(self.room, self.examples + self.validation)

    @property
    def steps(self) -> int:
        """Training steps in an epoch, including the last, smaller one."""
        return -(-self.examples // self.batch_size)

    @property
    def most_steps(self) -> int:
        """Training steps in an epoch without any validation examples."""
        return -(-self.all // self.batch_size)

    @property
    def part(self) -> int:
        """Examples of a batch that are processed together; the last part may be padded."""
        return -(-self.batch_size // self.parts)

    @property
    def counted(self) -> float:
        """The work of a step, as a multiple of XLA's count, which counts loops once.

        XLA counts one part of the batch and one slice of validation, which has no gradient and so costs about
        a third.
        """
        return self.parts * 3 * self.part / (3 * self.part + self.validation_slice)

    @property
    def fixed(self) -> tuple[float, ...]:
        """What the compiled program depends on; everything else is an argument."""
        return self.all, self.batch_size, self.slice, self.scale, self.parts, self.looked

    @property
    def validation_slice(self) -> int:
        """Validation examples that are evaluated together, whatever the size of the set."""
        return min(self.slice, self.all)

    @property
    def slices(self) -> int:
        """Slices of the validation set in an epoch."""
        return -(-self.validation // self.validation_slice)

    @property
    def items(self) -> int:
        """Items in an epoch: its steps and its validation slices."""
        return self.steps + self.slices

    @property
    def window(self) -> int:
        """Epochs whose orders of examples are sent to the device together."""
        return max(1, min(64, WINDOW_EXAMPLES // self.all))

    def order(self, seed: int, epoch: int) -> Int32[np.ndarray, "window room"]:
        """The order of examples in `window` epochs from `epoch` on: int32 (window, `all` + a batch).

        The zeros after the examples pad the last batch and its last part.
        """
        width = self.all + self.parts * self.part
        order = np.zeros((self.window, width), np.int32)
        for row in range(self.window):
            order[row, :self.examples] = stream(seed, ORDER, epoch + row).permutation(self.examples)
        return order


def _looked(config: RunConfig, size: int) -> int:
    """How many examples of `size` bytes are looked at together."""
    wanted = AREA_LOOKED if config.data.has_regions else SLICE
    return max(1, min(wanted, max(LEAST_LOOKED, PART_BYTES // size), SLICE_BYTES // size))
