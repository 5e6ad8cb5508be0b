"""The architectures on offer: named stacks of Keras layers, made from a few parameters.

A layer is a plain dict `{"class_name": ..., "config": {...}}` with Keras's own names: a class of
`keras.layers` and what its `from_config` reads. The stack leaves out the input and the last Dense layer,
which gives one logit a class: those follow from the dataset.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.parameters import Choice, FieldError, IntList, IntRange, Parameter

Shape = tuple[int, ...]
Layer = dict[str, Any]


def layer(class_name: str, **config: Any) -> Layer:
    """One layer of a stack, as a plain dict in Keras's own names."""
    return {"class_name": class_name, "config": config}


@dataclass(frozen=True)
class Style:
    """What every hidden layer of a stack has in common."""

    activation: str
    dropout_rate: float

    def dropout(self) -> list[Layer]:
        return [layer("Dropout", rate=self.dropout_rate)] if self.dropout_rate else []

    def dense(self, units: tuple[int, ...]) -> list[Layer]:
        """Hidden Dense layers, each followed by dropout where there is any."""
        return [one for count in units
                for one in [layer("Dense", units=count, activation=self.activation), *self.dropout()]]


@dataclass(frozen=True)
class Architecture:
    """One architecture.

    stack: from its parameters' values, an example's shape and the style, the hidden layers.
    refusal: for an example's shape, why it cannot be used there, or None.
    """

    name: str
    label: str
    short: str
    help: str
    parameters: tuple[Parameter, ...]
    stack: Callable[[Mapping[str, Any], Shape, Style], list[Layer]]
    refusal: Callable[[Shape], str | None] = lambda shape: None


def flat(shape: Shape) -> list[Layer]:
    """What turns an example into a row of numbers: nothing for a table, Flatten for an image."""
    return [layer("Flatten")] if len(shape) > 1 else []


def _softmax(values: Mapping[str, Any], shape: Shape, style: Style) -> list[Layer]:
    return flat(shape)


def _mlp(values: Mapping[str, Any], shape: Shape, style: Style) -> list[Layer]:
    return flat(shape) + style.dense(values["hidden_units"])


def _cnn(values: Mapping[str, Any], shape: Shape, style: Style) -> list[Layer]:
    layers, (height, width, _) = [], shape
    kernel, padding = values["kernel_size"], values["padding"]
    for number, filters in enumerate(values["filters"], 1):
        lost = kernel - 1 if padding == "valid" else 0
        height, width = (height - lost) // 2, (width - lost) // 2
        if height < 1 or width < 1:
            raise FieldError("architecture_parameters.filters",
                             f"The image of {shape[0]}x{shape[1]} is used up in block {number}: each "
                             f"block halves it. Use at most {number - 1} blocks, a smaller kernel, "
                             f"or padding same.")
        layers += [layer("Conv2D", filters=filters, kernel_size=[kernel, kernel], padding=padding,
                         activation=style.activation),
                   layer("MaxPooling2D", pool_size=[2, 2]), *style.dropout()]
    return layers + [layer("Flatten")] + style.dense(values["dense_units"])


def _rnn(values: Mapping[str, Any], shape: Shape, style: Style) -> list[Layer]:
    steps = [shape[0], shape[1] * shape[2]] if len(shape) == 3 else [shape[0], 1]
    return [layer("Reshape", target_shape=steps),
            layer(values["cell"], units=values["units"], activation=style.activation),
            *style.dropout(), *style.dense(values["dense_units"])]


def _images_only(shape: Shape) -> str | None:
    if len(shape) == 3:
        return None
    return (f"A convolutional network needs images; this dataset is a table of {shape[0]} numbers "
            f"with no neighbours in it. Choose a multi-layer perceptron, or an image dataset.")


_DENSE_UNITS = IntList("dense_units", "Dense units", "Units of each dense layer before the output.",
                       1, 2048, 0, 4, ())

_ENTRIES = (
    Architecture("softmax", "Softmax regression", "Softmax",
                 "No hidden layer: one weighted sum a class. The line to beat.", (), _softmax),
    Architecture("mlp", "Multi-layer perceptron", "MLP",
                 "Layers of units, each connected to all of the layer before.",
                 (IntList("hidden_units", "Hidden units",
                          "Units of each hidden layer. Too few: cannot bend enough. Too many: slow, and "
                          "learns by heart.", 1, 2048, 1, 6, (16, 16)),), _mlp),
    Architecture("cnn", "Convolutional network", "CNN",
                 "Small filters slide over the image; pooling keeps the strongest answers.",
                 (IntList("filters", "Filters", "Filters of each block of Conv2D and MaxPooling2D.",
                          1, 256, 1, 5, (32, 64)),
                  IntRange("kernel_size", "Kernel size", "Pixels on a filter's side.", 1, 7, 3),
                  Choice("padding", "Padding", "same keeps the image's size before pooling; valid "
                         "loses the border.", ("same", "valid"), "same"),
                  IntList("dense_units", "Dense units", _DENSE_UNITS.help, 1, 2048, 0, 4, (64,))),
                 _cnn, _images_only),
    Architecture("rnn", "Recurrent network", "RNN",
                 "Reads an image row by row, a table value by value, and remembers. tanh suits it best.",
                 (Choice("cell", "Cell", "SimpleRNN forgets quickly; LSTM and GRU have gates that "
                         "keep what matters.", ("SimpleRNN", "LSTM", "GRU"), "LSTM"),
                  IntRange("units", "Units", "Numbers that the memory holds.", 1, 512, 64),
                  _DENSE_UNITS), _rnn),
)

ARCHITECTURES: dict[str, Architecture] = {entry.name: entry for entry in _ENTRIES}
