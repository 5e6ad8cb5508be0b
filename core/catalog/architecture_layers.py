"""Turns an architecture's parameters into rows of the layer editor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.catalog.initializers import DEFAULT_INITIALIZER
from core.catalog.layers import Entry, Shape, entry
from core.datasets.pairs import PairShape
from core.datasets.words import TextShape
from core.parameters import FieldError

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Style:
    """What every hidden layer of a stack has in common.

    Attributes:
        activation, initializer: under Keras's names.
        dropout_rate: dropout after each hidden Dense layer, 0 for none.
        l1, l2: strengths of the penalties on kernels.
        batch_normalization: whether layers with weights are followed by a normalization.
    """

    activation: str
    dropout_rate: float = 0.0
    initializer: str = DEFAULT_INITIALIZER
    l1: float = 0.0
    l2: float = 0.0
    batch_normalization: bool = False

    @property
    def kernel(self) -> dict[str, Any]:
        """The kernel's initializer and penalties, as fields of a layer's row."""
        return {"kernel_initializer": self.initializer, "l1": self.l1, "l2": self.l2}

    @property
    def factors(self) -> dict[str, Any]:
        """The penalties on tables of users and items, as fields of a layer's row."""
        return {"l1": self.l1, "l2": self.l2}

    def normalization(self) -> list[Entry]:
        return [entry("BatchNormalization", momentum=0.99)] if self.batch_normalization else []

    def dropout(self) -> list[Entry]:
        return [entry("Dropout", rate=self.dropout_rate)] if self.dropout_rate else []

    def weighted(self, kind: str, **values: Any) -> Entry:
        """A hidden layer with weights, in this style."""
        return entry(kind, **{"activation": self.activation, **self.kernel, **values})

    def convolution(self, filters: int, kernel_size: int = 3, padding: str = "same",
                    kind: str = "Conv2D") -> list[Entry]:
        """A convolution, followed by normalization if the style has it."""
        return [self.weighted(kind, filters=filters, kernel_size=kernel_size, strides=1, padding=padding),
                *self.normalization()]

    def dense(self, units: Sequence[int]) -> list[Entry]:
        """Hidden Dense layers, each followed by normalization and dropout if the style has them."""
        return [layer for count in units
                for layer in [self.weighted("Dense", units=count), *self.normalization(), *self.dropout()]]


POOLING = entry("MaxPooling2D", pool_size=2, padding="valid")


# Numbers per word where an architecture has no parameter for them.
WIDTH = 32
AVERAGE = entry("GlobalAveragePooling1D")


def _words(width: int = WIDTH, mask_zero: bool = True, positions: bool = False) -> Entry:
    return entry("Embedding", width=width, mask_zero=mask_zero, positions=positions)


def flat(shape: Shape) -> list[Entry]:
    """The layers that turn an example into a row of numbers: none for a table, otherwise Flatten.

    For a sentence, the mean of its words' numbers; for a pair, the numbers of its user and of its item.
    """
    if isinstance(shape, PairShape):
        return [entry("PairEmbedding")]
    if isinstance(shape, TextShape):
        return [_words(), AVERAGE]
    return [entry("Flatten")] if len(shape) > 1 else []


def _rows(shape: Shape) -> list[Entry]:
    """The layers that turn an example into a series: none if it is a series already."""
    if isinstance(shape, TextShape):
        return [_words()]
    return [entry("Reshape")] if len(shape) != 2 else []


def custom(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return list(values["layers"])


def softmax(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return flat(shape)


def mlp(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return flat(shape) + style.dense(values["hidden_units"])


def _check_halvings(filters: Sequence[int], shape: Shape, lost: int) -> None:
    """Raises `FieldError` if an image is too small for blocks that cut off `lost` pixels and halve it."""
    height, width, _ = shape
    for number in range(1, len(filters) + 1):
        height, width = (height - lost) // 2, (width - lost) // 2
        if height < 1 or width < 1:
            raise FieldError("architecture_parameters.filters",
                             f"The {shape[0]}x{shape[1]} image is used up in block {number}: each block "
                             f"halves it. Use at most {number - 1} blocks, a smaller kernel, or padding "
                             "same.")


def cnn(values: Values, shape: Shape, style: Style) -> list[Entry]:
    kernel, padding = values["kernel_size"], values["padding"]
    _check_halvings(values["filters"], shape, kernel - 1 if padding == "valid" else 0)
    entries = [layer for filters in values["filters"]
               for layer in [*style.convolution(filters, kernel, padding), POOLING, *style.dropout()]]
    return entries + [entry("Flatten")] + style.dense(values["dense_units"])


def autoencoder(values: Values, shape: Shape, style: Style) -> list[Entry]:
    """The encoder's layers, the code, and the encoder's layers once more in reverse."""
    units = values["hidden_units"]
    # Linear, as the numbers of a code may be of either sign, and none of the few may die.
    code = style.weighted("Dense", units=values["code"], activation="linear")
    return [*flat(shape), *style.dense(units), code, *style.dense([*reversed(units)])]


def conv_autoencoder(values: Values, shape: Shape, style: Style) -> list[Entry]:
    """Blocks that halve the image, few maps as the code, and blocks that double it again."""
    filters = values["filters"]
    by = 2 ** len(filters)
    if shape[0] % by or shape[1] % by:
        raise FieldError("architecture_parameters.filters", f"{len(filters)} blocks halve the image "
                         f"{len(filters)} times, and its {shape[0]}x{shape[1]} pixels cannot be divided by "
                         f"{by}. Use fewer blocks.")
    down = [layer for count in filters for layer in [*style.convolution(count), POOLING, *style.dropout()]]
    up = [layer for count in reversed(filters) for layer in [
        style.weighted("Conv2DTranspose", filters=count, kernel_size=3, strides=2, padding="same"),
        *style.normalization()]]
    code = style.weighted("Conv2D", filters=values["code"], kernel_size=3, strides=1, padding="same",
                          activation="linear")
    return [*down, code, *up]


def vgg(values: Values, shape: Shape, style: Style) -> list[Entry]:
    _check_halvings(values["filters"], shape, 0)
    entries = [layer for filters in values["filters"]
               for layer in [*style.convolution(filters) * 2, POOLING, *style.dropout()]]
    return entries + [entry("Flatten")] + style.dense(values["dense_units"])


def resnet(values: Values, shape: Shape, style: Style) -> list[Entry]:
    filters = values["filters"]
    entries = [style.weighted("Conv2D", filters=filters[0], kernel_size=3, strides=1, padding="same",
                              activation="linear"),
               entry("BatchNormalization", momentum=0.99), entry("Activation", activation=style.activation)]
    for stage, count in enumerate(filters):
        for block in range(values["blocks"]):
            strides = 2 if stage and not block else 1
            entries.append(style.weighted("Residual", filters=count, strides=strides))
    return entries + [entry("GlobalAveragePooling2D"), *style.dropout()]


def lenet5(values: Values, shape: Shape, style: Style) -> list[Entry]:
    """LeCun et al. 1998, figure 2. The input has 32x32 pixels; smaller images are padded with zeros."""
    first = "same" if min(shape[:2]) < 32 else "valid"
    pooling = entry("AveragePooling2D", pool_size=2, padding="valid")
    return [*style.convolution(6, 5, first), pooling, *style.convolution(16, 5, "valid"), pooling,
            entry("Flatten"), *style.dense((120, 84))]


def tutorial_cnn(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return [*style.convolution(32, 3, "valid"), POOLING, *style.convolution(64, 3, "valid"), POOLING,
            entry("Flatten"), *style.dense((64,))]


def tutorial_cnn_small(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return [*style.convolution(32, 3, "valid"), POOLING, entry("Flatten"), *style.dense((128,))]


def tutorial_mlp(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return flat(shape) + style.dense((10,))


def rnn(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return [*_rows(shape), style.weighted(values["cell"], units=values["units"], return_sequences=False),
            *style.normalization(), *style.dropout(), *style.dense(values["dense_units"])]


def tutorial_rnn(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return rnn({"cell": "SimpleRNN", "units": 50, "dense_units": ()}, shape, style)


def cnn1d(values: Values, shape: Shape, style: Style) -> list[Entry]:
    kernel = values["kernel_size"]
    entries = [layer for filters in values["filters"]
               for layer in [*style.convolution(filters, kernel, kind="Conv1D"), *style.dropout()]]
    if isinstance(shape, TextShape):
        # Wherever in the sentence a pattern is found; where it is padded, filters see nothing worth a mask.
        return [_words(mask_zero=False), *entries, entry("GlobalMaxPooling1D"),
                *style.dense(values["dense_units"])]
    return [*_rows(shape), *entries, entry("Flatten"), *style.dense(values["dense_units"])]


def embeddings(values: Values, shape: Shape, style: Style) -> list[Entry]:
    """Joulin et al. 2017, "Bag of Tricks for Efficient Text Classification", figure 1."""
    return [_words(values["width"]), AVERAGE, *style.dropout(), *style.dense(values["dense_units"])]


def factorization(values: Values, shape: Shape, style: Style) -> list[Entry]:
    return [entry("MatrixFactorization", width=values["width"], **style.factors)]


def neural_recommender(values: Values, shape: Shape, style: Style) -> list[Entry]:
    """He et al. 2017, "Neural Collaborative Filtering", figure 2."""
    return [entry("PairEmbedding", width=values["width"], **style.factors), *style.dropout(),
            *style.dense(values["hidden_units"])]


def transformer(values: Values, shape: Shape, style: Style) -> list[Entry]:
    """Attention does not know the order of steps: the convolution before it mixes in the neighbours, and
    Flatten after it keeps each step in its place. Words get a row of numbers for their place instead, and
    sentences differ in length, so the mean of what is left of their words is taken."""
    units, heads = values["units"], values["num_heads"]
    block = [style.weighted("Attention", num_heads=heads, key_dim=max(1, units // heads), units=2 * units),
             *style.dropout()]
    if isinstance(shape, TextShape):
        return [_words(units, positions=True), *block * values["blocks"], AVERAGE,
                *style.dense(values["dense_units"])]
    return [*_rows(shape), style.weighted("Conv1D", filters=units, kernel_size=3, strides=1, padding="same",
                                          activation="linear"),
            *block * values["blocks"], entry("Flatten"), *style.dense(values["dense_units"])]
