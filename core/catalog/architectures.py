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
from core.catalog.layers.kinds import DIMENSIONS, WIDTH
from core.datasets.dataset import Dataset
from core.datasets.pairs import PairShape
from core.datasets.words import TextShape
from core.formatting import amount
from core.parameters import Choice, IntList, IntRange, Parameter

__all__ = ["ARCHITECTURES", "Architecture", "Entry", "Layer", "Shape", "Style", "layer"]

@dataclass(frozen=True)
class Architecture:
    """One architecture.

    Attributes:
        entries: turns its parameters' values, an example's shape and the style into rows of the layer editor.
        refusal: why it cannot be used for an example's shape; None if it can.
        activation: the one it always has; None if the style decides.
        short_of_numbers: its short name for regression, if that differs from `short`.
        reconstructs: whether it is made for giving back its input, and nothing else.
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
    reconstructs: bool = False

    @property
    def target(self) -> str:
        """The target, of `core.catalog.targets`, that it is used for first."""
        return "input" if self.reconstructs else "label"

    def unsuitable(self, data: Dataset) -> str | None:
        """Why it cannot be used for a dataset; None if it can."""
        if self.reconstructs and not data.reconstructs:
            return ("An autoencoder gives back its input. Set the target to the input, or choose another "
                    "architecture.")
        return self.refusal(data.shape)

    def entries(self, values: Values, shape: Shape, style: Style) -> list[Entry]:
        """The rows of the layer editor for this network. Raises `FieldError` if they do not fit."""
        return self.make(values, shape, replace(style, activation=self.activation or style.activation))

    def stack(self, values: Values, shape: Shape, style: Style) -> list[Layer]:
        """The hidden layers under Keras's names. Raises `FieldError` if they do not fit."""
        return stacked(self.entries(values, shape, style), shape, places=self.reconstructs)


def _images(least: int) -> Callable[[Shape], str | None]:
    """Why an example is not an image of at least `least` pixels on each side; None if it is."""
    def refusal(shape: Shape) -> str | None:
        if len(shape) == 3:
            return None if min(shape[:2]) >= least else (
                f"This network needs images of at least {least}x{least} pixels, but the images of this "
                f"dataset are {shape[0]}x{shape[1]}. Choose a convolutional network, or a dataset with "
                "larger images.")
        if isinstance(shape, TextShape):
            return ("A convolutional network needs images, but this dataset is sentences. Choose Average of "
                    "embeddings, Convolution over time, a recurrent network, or an image dataset.")
        if isinstance(shape, PairShape):
            return f"A convolutional network needs images, but this dataset is ratings. {_RATINGS}"
        what = _table(shape) if len(shape) == 1 else f"a series of {shape[0]} steps"
        return (f"A convolutional network needs images, but this dataset is {what}. Choose a multi-layer "
                f"perceptron{'' if len(shape) == 1 else ', a recurrent network'}, or an image dataset.")
    return refusal


def _table(shape: Shape) -> str:
    return f"a table of {amount(shape[0], 'number')}"


_RATINGS = "Choose Matrix factorization, Neural recommender, or another dataset."


def _only_pairs(shape: Shape) -> str | None:
    if isinstance(shape, PairShape):
        return None
    return ("This network looks up users and items, but this dataset has none. Choose a multi-layer "
            "perceptron, or a dataset of ratings.")


def _no_pairs(shape: Shape) -> str | None:
    if not isinstance(shape, PairShape):
        return None
    return f"This network reads steps in order, but a rating is a pair of a user and an item. {_RATINGS}"


def _no_lookups(shape: Shape) -> str | None:
    if isinstance(shape, PairShape):
        return f"An autoencoder gives back numbers or pixels, but this dataset is ratings. {_RATINGS}"
    if not isinstance(shape, TextShape):
        return None
    return ("An autoencoder gives back numbers or pixels, but this dataset has sentences. Choose another "
            "dataset.")


def _only_text(shape: Shape) -> str | None:
    if isinstance(shape, TextShape):
        return None
    return ("This network looks up words, but this dataset has none. Choose a multi-layer perceptron, or a "
            "dataset of sentences.")


def _no_tables(shape: Shape) -> str | None:
    if isinstance(shape, PairShape):
        return _no_pairs(shape)
    if len(shape) > 1 or isinstance(shape, TextShape):
        return None
    return (f"This network reads steps in order, but this dataset is {_table(shape)} in no particular order. "
            "Choose a multi-layer perceptron, or a dataset of series or images.")


_DENSE_UNITS = IntList("dense_units", "Dense units", "Units in each dense layer before the output.",
                       1, 2048, 0, 4, ())


def _dense_units(*default: int) -> IntList:
    return replace(_DENSE_UNITS, default=default)


_ENTRIES = (
    Architecture("softmax", "Softmax regression", "Softmax",
                 "No hidden layer: one weighted sum for each class or number. The baseline to beat.",
                 (), architecture_layers.softmax, short_of_numbers="Linear"),
    Architecture("mlp", "Multi-layer perceptron", "MLP",
                 "Layers of units; each unit is connected to every unit of the layer before.",
                 (IntList("hidden_units", "Hidden units",
                          "Units in each hidden layer. Too few: the curve cannot bend enough. Too many: "
                          "slow, and memorizes the "
                          "examples.", 1, 2048, 1, 6, (16, 16)),), architecture_layers.mlp),
    Architecture("cnn", "Convolutional network", "CNN",
                 "Small filters slide over the image; pooling keeps their strongest responses.",
                 (IntList("filters", "Filters", "Filters in each block of Conv2D and MaxPooling2D.",
                          1, 256, 1, 5, (32, 64)),
                  IntRange("kernel_size", "Kernel size", "Width and height of a filter, in pixels.", 1, 7, 3),
                  Choice("padding", "Padding", "same: the image keeps its size until pooling. valid: the "
                         "image loses its border.", ("same", "valid"), "same"),
                  _dense_units(64)),
                 architecture_layers.cnn, _images(1)),
    Architecture("rnn", "Recurrent network", "RNN",
                 "Reads a series step by step, a sentence word by word, an image row by row or a table value "
                 "by value, and remembers what it has read. tanh suits it best.",
                 (Choice("cell", "Cell", "SimpleRNN forgets quickly; LSTM and GRU have gates that "
                         "keep what matters.", ("SimpleRNN", "LSTM", "GRU"), "LSTM"),
                  IntRange("units", "Units", "How many numbers the memory holds.", 1, 512, 64),
                  _DENSE_UNITS), architecture_layers.rnn, _no_pairs),
    Architecture("vgg", "Small VGG", "VGG",
                 "Blocks of two 3x3 convolutions and a pooling layer, as in Simonyan and Zisserman, 2014.",
                 (IntList("filters", "Filters", "Filters in each block of two Conv2D and one MaxPooling2D. "
                          "Too few: misses patterns. Too many: slow.", 1, 256, 1, 4, (32, 64)),
                  _dense_units(128)), architecture_layers.vgg, _images(2)),
    Architecture("resnet", "Small ResNet", "ResNet",
                 "Blocks that add their result to their input, as in He et al., 2015. Such networks can be "
                 "deep and still train well. Each stage after the first halves the image.",
                 (IntList("filters", "Filters", "Filters in each stage. Too few: misses patterns. Too many: "
                          "slow.", 1, 256, 1, 4, (16, 32, 64)),
                  IntRange("blocks", "Blocks", "Residual blocks in each stage, with two convolutions each. "
                           "More blocks make the network deeper and "
                           "slower.", 1, 4, 1)), architecture_layers.resnet, _images(1)),
    Architecture("cnn1d", "Convolution over time", "CNN1D",
                 "Filters slide along a series, a sentence, or the rows of an image.",
                 (IntList("filters", "Filters", "Filters in each Conv1D. Too few: misses patterns. Too "
                          "many: slow, and memorizes the examples.", 1, 256, 1, 5, (32, 32)),
                  IntRange("kernel_size", "Kernel size", "How many steps a filter sees at a time.", 1, 11, 3),
                  _dense_units(32)), architecture_layers.cnn1d, _no_tables),
    Architecture("transformer", "Small transformer", "Transformer",
                 "Each step of a series, word of a sentence or row of an image uses attention to look at all "
                 "the others.",
                 (IntRange("units", "Units", "How many numbers describe each step. Too few: the steps look "
                           "alike. Too many: slow.", 4, 128, 32),
                  IntRange("num_heads", "Heads", "How many different things each step can look for at the "
                                                 "same time.", 1, 8, 2),
                  IntRange("blocks", "Blocks", "How many attention blocks follow one another. More blocks "
                                               "are slower.",
                           1, 4, 1),
                  _DENSE_UNITS), architecture_layers.transformer, _no_tables),
    Architecture("embeddings", "Average of embeddings", "Embeddings",
                 "Each word has a row of numbers, which the network learns; a sentence is the mean of its "
                 "words. Fast and hard to beat, although the order of the words is lost.",
                 (WIDTH, _DENSE_UNITS),
                 architecture_layers.embeddings, _only_text),
    Architecture("factorization", "Matrix factorization", "Factorization",
                 "Describes each user and each item with a few numbers; their product, plus a bias for each, "
                 "is the rating. What the numbers mean, it finds out itself.",
                 (DIMENSIONS,), architecture_layers.factorization, _only_pairs, "linear"),
    Architecture("neural_recommender", "Neural recommender", "Neural recommender",
                 "Looks up a few numbers for the user and for the item, and puts them side by side; "
                 "Dense layers turn them into the rating.",
                 (DIMENSIONS, IntList("hidden_units", "Hidden units", "Units in each hidden layer. Too few: "
                                      "tastes cannot be combined. Too many: slow, and memorizes the ratings.",
                                      1, 2048, 1, 4, (32,))),
                 architecture_layers.neural_recommender, _only_pairs),
    Architecture("autoencoder", "Autoencoder", "Autoencoder",
                 "Squeezes the input through a narrow layer, the code, and builds it up again. What does not "
                 "fit into the code is lost, so the network has to find out what the examples have in "
                 "common.",
                 (IntList("hidden_units", "Hidden units", "Units in each layer before the code; after "
                          "it they come in reverse. Too few: blurs everything. Too many: slow.",
                          1, 2048, 0, 4, (64,)),
                  IntRange("code", "Code", "How many numbers are left of an example in the middle. Too few: "
                           "all examples come back alike. As many as the input has: the network can copy, "
                           "and learns nothing about the examples.", 1, 512, 8)),
                 architecture_layers.autoencoder, _no_lookups, reconstructs=True),
    Architecture("conv_autoencoder", "Convolutional autoencoder", "Conv. autoencoder",
                 "Convolutions and pooling make the image small, transposed convolutions make it large "
                 "again. In the middle, a few small maps are all that is left of it.",
                 (IntList("filters", "Filters", "Filters in each block; each halves the image. Too few: "
                          "misses patterns. Too many: slow.", 1, 256, 1, 3, (16, 16)),
                  IntRange("code", "Maps of the code", "How many of the small maps are left in the middle. "
                           "Too few: blurs everything. Too many: the network can copy.", 1, 64, 2)),
                 architecture_layers.conv_autoencoder, _images(2), reconstructs=True),
    Architecture("lenet5", "LeNet-5", "LeNet-5",
                 "The network that read cheques, with the layer sizes of LeCun et al., 1998. They used tanh.",
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
                 architecture_layers.tutorial_rnn, _no_pairs, activation="tanh"),
    Architecture("custom", "Custom layers", "Custom", "Your own list of layers, in order.",
                 (LayerList("layers", "Layers", "The layers of the network, from input to output. The "
                            "output layer is set by the dataset.",
                            (entry("Flatten"),
                             *Style("relu").dense((16, 16)))),), architecture_layers.custom),
)

ARCHITECTURES: dict[str, Architecture] = {architecture.name: architecture for architecture in _ENTRIES}
