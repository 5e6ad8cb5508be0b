"""The architectures on offer: named stacks of layers, made from a few parameters.

An architecture gives lines of the layer editor, so that each can be taken apart there; the stack is what
those lines stand for. It leaves out the input and the last Dense layer, which gives one logit a class or one
number a target: those follow from the dataset.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.parameters import Choice, FieldError, IntList, IntRange, Parameter
from core.tables.initializers import DEFAULT_INITIALIZER
from core.tables.layers import Entry, Layer, LayerList, Shape, entry, layer
from core.tables.layers import stack as stacked

__all__ = ["ARCHITECTURES", "Architecture", "Entry", "Layer", "Shape", "Style", "layer"]

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Style:
    """What every hidden layer of a stack has in common."""

    activation: str
    dropout_rate: float = 0.0
    initializer: str = DEFAULT_INITIALIZER
    l1: float = 0.0
    l2: float = 0.0
    batch_normalization: bool = False

    @property
    def kernel(self) -> dict[str, Any]:
        """How kernels are drawn and held down."""
        return {"kernel_initializer": self.initializer, "l1": self.l1, "l2": self.l2}

    def normalization(self) -> list[Entry]:
        return [entry("BatchNormalization", momentum=0.99)] if self.batch_normalization else []

    def dropout(self) -> list[Entry]:
        return [entry("Dropout", rate=self.dropout_rate)] if self.dropout_rate else []

    def weighted(self, kind: str, **values: Any) -> Entry:
        """A hidden layer with weights, in this style."""
        return entry(kind, **{"activation": self.activation, **self.kernel, **values})

    def convolution(self, filters: int, kernel_size: int = 3, padding: str = "same",
                    kind: str = "Conv2D") -> list[Entry]:
        """A convolution, normalized where that is asked for."""
        return [self.weighted(kind, filters=filters, kernel_size=kernel_size, strides=1, padding=padding),
                *self.normalization()]

    def dense(self, units: Sequence[int]) -> list[Entry]:
        """Hidden Dense layers, each normalized and followed by dropout where there is any."""
        return [one for count in units
                for one in [self.weighted("Dense", units=count), *self.normalization(), *self.dropout()]]


@dataclass(frozen=True)
class Architecture:
    """One architecture.

    entries: from its parameters' values, an example's shape and the style, lines of the layer editor.
    refusal: for an example's shape, why it cannot be used there, or None. activation: the one that it
    always has, whatever the style says; None where the style decides.
    """

    name: str
    label: str
    short: str
    help: str
    parameters: tuple[Parameter, ...]
    make: Callable[[Values, Shape, Style], list[Entry]]
    refusal: Callable[[Shape], str | None] = lambda shape: None
    activation: str | None = None

    def entries(self, values: Values, shape: Shape, style: Style) -> list[Entry]:
        """Lines of the layer editor that stand for the same network; `FieldError` where they do not fit."""
        return self.make(values, shape, replace(style, activation=self.activation or style.activation))

    def stack(self, values: Values, shape: Shape, style: Style) -> list[Layer]:
        """The hidden layers, in Keras's own names. Raises `FieldError` where they do not fit."""
        return stacked(self.entries(values, shape, style), shape)


POOLING = entry("MaxPooling2D", pool_size=2, padding="valid")


def flat(shape: Shape) -> list[Entry]:
    """What turns an example into a row of numbers: nothing for a table, Flatten for all else."""
    return [entry("Flatten")] if len(shape) > 1 else []


def _rows(shape: Shape) -> list[Entry]:
    """What turns an example into a series: nothing for one."""
    return [entry("Reshape")] if len(shape) != 2 else []


def _custom(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return list(values["layers"])


def _softmax(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return flat(shape)


def _mlp(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return flat(shape) + style.dense(values["hidden_units"])


def _check_halvings(filters: Sequence[int], shape: Shape, lost: int) -> None:
    """Raises `FieldError` where blocks that lose `lost` pixels and halve the rest use up the image."""
    height, width, _ = shape
    for number in range(1, len(filters) + 1):
        height, width = (height - lost) // 2, (width - lost) // 2
        if height < 1 or width < 1:
            raise FieldError("architecture_parameters.filters",
                             f"The image of {shape[0]}x{shape[1]} is used up in block {number}: each "
                             f"block halves it. Use at most {number - 1} blocks, a smaller kernel, "
                             f"or padding same.")


def _cnn(values: Values, shape: Shape, style: Style) -> list[Entry]:
    kernel, padding = values["kernel_size"], values["padding"]
    _check_halvings(values["filters"], shape, kernel - 1 if padding == "valid" else 0)
    entries = [one for filters in values["filters"]
               for one in [*style.convolution(filters, kernel, padding), POOLING, *style.dropout()]]
    return entries + [entry("Flatten")] + style.dense(values["dense_units"])


def _vgg(values: Values, shape: Shape, style: Style) -> list[Entry]:
    _check_halvings(values["filters"], shape, 0)
    entries = [one for filters in values["filters"]
               for one in [*style.convolution(filters) * 2, POOLING, *style.dropout()]]
    return entries + [entry("Flatten")] + style.dense(values["dense_units"])


def _resnet(values: Values, shape: Shape, style: Style) -> list[Entry]:
    filters = values["filters"]
    entries = [style.weighted("Conv2D", filters=filters[0], kernel_size=3, strides=1, padding="same",
                              activation="linear"),
               entry("BatchNormalization", momentum=0.99), entry("Activation", activation=style.activation)]
    for stage, count in enumerate(filters):
        for block in range(values["blocks"]):
            strides = 2 if stage and not block else 1
            entries.append(style.weighted("Residual", filters=count, strides=strides))
    return entries + [entry("GlobalAveragePooling2D"), *style.dropout()]


def _lenet5(values: Values, shape: Shape, style: Style) -> list[Entry]:
    """LeCun et al. 1998, figure 2: 32x32 pixels, to which an image of 28x28 is filled up by zeros."""
    first = "same" if min(shape[:2]) < 32 else "valid"
    pooling = entry("AveragePooling2D", pool_size=2, padding="valid")
    return [*style.convolution(6, 5, first), pooling, *style.convolution(16, 5, "valid"), pooling,
            entry("Flatten"), *style.dense((120, 84))]


def _tutorial_cnn(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return [*style.convolution(32, 3, "valid"), POOLING, *style.convolution(64, 3, "valid"), POOLING,
            entry("Flatten"), *style.dense((64,))]


def _tutorial_cnn_small(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return [*style.convolution(32, 3, "valid"), POOLING, entry("Flatten"), *style.dense((128,))]


def _tutorial_mlp(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return flat(shape) + style.dense((10,))


def _rnn(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return [*_rows(shape), style.weighted(values["cell"], units=values["units"], return_sequences=False),
            *style.normalization(), *style.dropout(), *style.dense(values["dense_units"])]


def _tutorial_rnn(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return _rnn({"cell": "SimpleRNN", "units": 50, "dense_units": ()}, shape, style)


def _cnn1d(values: Values, shape: Shape, style: Style) -> list[Entry]:
    kernel = values["kernel_size"]
    entries = [one for filters in values["filters"]
               for one in [*style.convolution(filters, kernel, kind="Conv1D"), *style.dropout()]]
    return [*_rows(shape), *entries, entry("Flatten"), *style.dense(values["dense_units"])]


def _transformer(values: Values, shape: Shape, style: Style) -> list[Entry]:
    """Attention does not know the order of steps: the convolution before it mixes in the neighbours, and
    Flatten after it keeps each step in its place."""
    units, heads = values["units"], values["num_heads"]
    block = [style.weighted("Attention", num_heads=heads, key_dim=max(1, units // heads), units=2 * units),
             *style.dropout()]
    return [*_rows(shape), style.weighted("Conv1D", filters=units, kernel_size=3, strides=1, padding="same",
                                          activation="linear"),
            *block * values["blocks"], entry("Flatten"), *style.dense(values["dense_units"])]


def _images(least: int) -> Callable[[Shape], str | None]:
    """Why an example is no image of at least `least` pixels on each side, or None."""
    def refusal(shape: Shape) -> str | None:
        if len(shape) == 3:
            return None if min(shape[:2]) >= least else (
                f"This network needs images of at least {least}x{least} pixels; those of this dataset have "
                f"{shape[0]}x{shape[1]}. Choose a convolutional network, or a dataset of larger images.")
        what = _table(shape) if len(shape) == 1 else f"a series of {shape[0]} steps"
        return (f"A convolutional network needs images; this dataset is {what} with no neighbours in "
                f"{'it' if len(shape) == 1 else 'two directions'}. Choose a multi-layer perceptron"
                f"{'' if len(shape) == 1 else ', a recurrent network'}, or an image dataset.")
    return refusal


def _table(shape: Shape) -> str:
    return f"a table of {shape[0]} number{'s' if shape[0] > 1 else ''}"


def _no_tables(shape: Shape) -> str | None:
    if len(shape) > 1:
        return None
    return (f"This network reads steps in their order; this dataset is {_table(shape)} in no "
            "order. Choose a multi-layer perceptron, or a dataset of series or images.")


_DENSE_UNITS = IntList("dense_units", "Dense units", "Units of each dense layer before the output.",
                       1, 2048, 0, 4, ())


def _dense_units(*default: int) -> IntList:
    return replace(_DENSE_UNITS, default=default)


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
                  _dense_units(64)),
                 _cnn, _images(1)),
    Architecture("rnn", "Recurrent network", "RNN",
                 "Reads an image row by row, a table value by value, and remembers. tanh suits it best.",
                 (Choice("cell", "Cell", "SimpleRNN forgets quickly; LSTM and GRU have gates that "
                         "keep what matters.", ("SimpleRNN", "LSTM", "GRU"), "LSTM"),
                  IntRange("units", "Units", "Numbers that the memory holds.", 1, 512, 64),
                  _DENSE_UNITS), _rnn),
    Architecture("vgg", "Small VGG", "VGG",
                 "Blocks of two 3x3 convolutions and a pooling, as Simonyan and Zisserman had them in 2014.",
                 (IntList("filters", "Filters", "Filters of each block of two Conv2D and a MaxPooling2D. Too "
                          "few: misses patterns. Too many: slow.", 1, 256, 1, 4, (32, 64)),
                  _dense_units(128)), _vgg, _images(2)),
    Architecture("resnet", "Small ResNet", "ResNet",
                 "Blocks that add what they find to what came in, as He et al. did in 2015; deep and still "
                 "trainable. Each stage after the first halves the image.",
                 (IntList("filters", "Filters", "Filters of each stage. Too few: misses patterns. Too many: "
                          "slow.", 1, 256, 1, 4, (16, 32, 64)),
                  IntRange("blocks", "Blocks", "Residual blocks of each stage: two convolutions each. More "
                           "are deeper and slower.", 1, 4, 1)), _resnet, _images(1)),
    Architecture("cnn1d", "Convolution over time", "CNN1D",
                 "Filters slide along a series, or along the rows of an image.",
                 (IntList("filters", "Filters", "Filters of each Conv1D. Too few: misses patterns. Too many: "
                          "slow, and learns by heart.", 1, 256, 1, 5, (32, 32)),
                  IntRange("kernel_size", "Kernel size", "Steps that a filter sees at a time.", 1, 11, 3),
                  _dense_units(32)), _cnn1d, _no_tables),
    Architecture("transformer", "Small transformer", "Transformer",
                 "Every step of a series, or row of an image, looks at all the others by attention.",
                 (IntRange("units", "Units", "Numbers that stand for each step. Too few: vague. Too many: "
                           "slow.", 4, 128, 32),
                  IntRange("num_heads", "Heads", "Questions that each step asks at the same time.", 1, 8, 2),
                  IntRange("blocks", "Blocks", "Blocks of attention, one after another. More are slower.",
                           1, 4, 1),
                  _DENSE_UNITS), _transformer, _no_tables),
    Architecture("lenet5", "LeNet-5", "LeNet-5",
                 "The network that read cheques, in the sizes of LeCun et al. 1998; tanh is what they used.",
                 (), _lenet5, _images(28)),
    Architecture("tutorial_mlp", "Tutorial MLP", "Tutorial MLP",
                 "One Dense layer of 10 units with relu, as in the tutorial.", (), _tutorial_mlp,
                 activation="relu"),
    Architecture("tutorial_cnn", "Tutorial CNN", "Tutorial CNN",
                 "Conv2D 32, pooling, Conv2D 64, pooling, Dense 64 with relu, as in the tutorial.",
                 (), _tutorial_cnn, _images(10), "relu"),
    Architecture("tutorial_cnn_small", "Tutorial CNN, small", "Small tutorial CNN",
                 "Conv2D 32, pooling, Dense 128 with relu, as in the tutorial.",
                 (), _tutorial_cnn_small, _images(4), "relu"),
    Architecture("tutorial_rnn", "Tutorial RNN", "Tutorial RNN",
                 "One SimpleRNN of 50 units with tanh, as in the tutorial.", (), _tutorial_rnn,
                 activation="tanh"),
    Architecture("custom", "Own layers", "Own", "Your own list of layers, one after another.",
                 (LayerList("layers", "Layers", "What the network is made of, from the input to the output, "
                            "which follows from the dataset.",
                            (entry("Flatten"),
                             *Style("relu").dense((16, 16)))),), _custom),
)

ARCHITECTURES: dict[str, Architecture] = {one.name: one for one in _ENTRIES}
