"""The architectures on offer: ready-made networks, each with a few parameters.

An architecture produces rows of the layer editor, so a learner can take every one of them apart there. The
input and the last Dense layer are left out, because the dataset decides them: one logit per class, or one
number per target.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.catalog import architecture_layers
from core.catalog.architecture_layers import Style, Values
from core.catalog.layers import Entry, Layer, LayerList, Shape, entry, layer
from core.catalog.layers import stack as stacked
from core.formatting import amount
from core.parameters import Choice, IntList, IntRange, Parameter

__all__ = ["ARCHITECTURES", "Architecture", "Entry", "Layer", "Shape", "Style", "layer"]

@dataclass(frozen=True)
class Architecture:
    """One architecture.

    entries: from its parameters' values, an example's shape and the style, lines of the layer editor.
    refusal: for an example's shape, why it cannot be used there, or None. activation: the one that it
    always has, whatever the style says; None where the style decides. short_of_numbers: what it is called
    in short where numbers are predicted, if not `short`.
    """

    name: str
    label: str
    short: str
    help: str
    parameters: tuple[Parameter, ...]
    make: Callable[[Values, Shape, Style], list[Entry]]
    refusal: Callable[[Shape], str | None] = lambda shape: None
    activation: str | None = None
    short_of_numbers: str = ""

    def entries(self, values: Values, shape: Shape, style: Style) -> list[Entry]:
        """Lines of the layer editor that stand for the same network; `FieldError` where they do not fit."""
        return self.make(values, shape, replace(style, activation=self.activation or style.activation))

    def stack(self, values: Values, shape: Shape, style: Style) -> list[Layer]:
        """The hidden layers, in Keras's own names. Raises `FieldError` where they do not fit."""
        return stacked(self.entries(values, shape, style), shape)


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
    return f"a table of {amount(shape[0], 'number')}"


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
                 "No hidden layer: one weighted sum for each class or number. The line to beat.",
                 (), architecture_layers.softmax, short_of_numbers="Linear"),
    Architecture("mlp", "Multi-layer perceptron", "MLP",
                 "Layers of units, each connected to all of the layer before.",
                 (IntList("hidden_units", "Hidden units",
                          "Units of each hidden layer. Too few: cannot bend enough. Too many: slow, and "
                          "learns by heart.", 1, 2048, 1, 6, (16, 16)),), architecture_layers.mlp),
    Architecture("cnn", "Convolutional network", "CNN",
                 "Small filters slide over the image; pooling keeps the strongest answers.",
                 (IntList("filters", "Filters", "Filters of each block of Conv2D and MaxPooling2D.",
                          1, 256, 1, 5, (32, 64)),
                  IntRange("kernel_size", "Kernel size", "Pixels on a filter's side.", 1, 7, 3),
                  Choice("padding", "Padding", "same keeps the image's size before pooling; valid "
                         "loses the border.", ("same", "valid"), "same"),
                  _dense_units(64)),
                 architecture_layers.cnn, _images(1)),
    Architecture("rnn", "Recurrent network", "RNN",
                 "Reads a series step by step, an image row by row or a table value by value, and remembers. "
                 "tanh suits it best.",
                 (Choice("cell", "Cell", "SimpleRNN forgets quickly; LSTM and GRU have gates that "
                         "keep what matters.", ("SimpleRNN", "LSTM", "GRU"), "LSTM"),
                  IntRange("units", "Units", "Numbers that the memory holds.", 1, 512, 64),
                  _DENSE_UNITS), architecture_layers.rnn),
    Architecture("vgg", "Small VGG", "VGG",
                 "Blocks of two 3x3 convolutions and a pooling, as Simonyan and Zisserman had them in 2014.",
                 (IntList("filters", "Filters", "Filters of each block of two Conv2D and a MaxPooling2D. Too "
                          "few: misses patterns. Too many: slow.", 1, 256, 1, 4, (32, 64)),
                  _dense_units(128)), architecture_layers.vgg, _images(2)),
    Architecture("resnet", "Small ResNet", "ResNet",
                 "Blocks that add what they find to what came in, as He et al. did in 2015; deep and still "
                 "trainable. Each stage after the first halves the image.",
                 (IntList("filters", "Filters", "Filters of each stage. Too few: misses patterns. Too many: "
                          "slow.", 1, 256, 1, 4, (16, 32, 64)),
                  IntRange("blocks", "Blocks", "Residual blocks of each stage: two convolutions each. More "
                           "are deeper and slower.", 1, 4, 1)), architecture_layers.resnet, _images(1)),
    Architecture("cnn1d", "Convolution over time", "CNN1D",
                 "Filters slide along a series, or along the rows of an image.",
                 (IntList("filters", "Filters", "Filters of each Conv1D. Too few: misses patterns. Too many: "
                          "slow, and learns by heart.", 1, 256, 1, 5, (32, 32)),
                  IntRange("kernel_size", "Kernel size", "Steps that a filter sees at a time.", 1, 11, 3),
                  _dense_units(32)), architecture_layers.cnn1d, _no_tables),
    Architecture("transformer", "Small transformer", "Transformer",
                 "Every step of a series, or row of an image, looks at all the others by attention.",
                 (IntRange("units", "Units", "Numbers that stand for each step. Too few: vague. Too many: "
                           "slow.", 4, 128, 32),
                  IntRange("num_heads", "Heads", "Questions that each step asks at the same time.", 1, 8, 2),
                  IntRange("blocks", "Blocks", "Blocks of attention, one after another. More are slower.",
                           1, 4, 1),
                  _DENSE_UNITS), architecture_layers.transformer, _no_tables),
    Architecture("lenet5", "LeNet-5", "LeNet-5",
                 "The network that read cheques, in the sizes of LeCun et al. 1998; tanh is what they used.",
                 (), architecture_layers.lenet5, _images(28)),
    Architecture("tutorial_mlp", "Tutorial MLP", "Tutorial MLP",
                 "One Dense layer of 10 units with relu, as in the tutorial.", (),
                 architecture_layers.tutorial_mlp, activation="relu"),
    Architecture("tutorial_cnn", "Tutorial CNN", "Tutorial CNN",
                 "Conv2D 32, pooling, Conv2D 64, pooling, Dense 64 with relu, as in the tutorial.",
                 (), architecture_layers.tutorial_cnn, _images(10), "relu"),
    Architecture("tutorial_cnn_small", "Tutorial CNN, small", "Small tutorial CNN",
                 "Conv2D 32, pooling, Dense 128 with relu, as in the tutorial.",
                 (), architecture_layers.tutorial_cnn_small, _images(4), "relu"),
    Architecture("tutorial_rnn", "Tutorial RNN", "Tutorial RNN",
                 "One SimpleRNN of 50 units with tanh, as in the tutorial.", (),
                 architecture_layers.tutorial_rnn, activation="tanh"),
    Architecture("custom", "Own layers", "Own", "Your own list of layers, one after another.",
                 (LayerList("layers", "Layers", "What the network is made of, from the input to the output, "
                            "which follows from the dataset.",
                            (entry("Flatten"),
                             *Style("relu").dense((16, 16)))),), architecture_layers.custom),
)

ARCHITECTURES: dict[str, Architecture] = {one.name: one for one in _ENTRIES}
