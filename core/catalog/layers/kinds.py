"""The kinds of layers in the layer editor: one entry each, under Keras's names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import core.catalog.layers.rules as rules
from core.catalog.activations import ACTIVATIONS
from core.catalog.initializers import DEFAULT_INITIALIZER, INITIALIZERS
from core.catalog.layers.layer import Layer, Shape, Values, layer, regularizer
from core.parameters import Bool, Choice, FloatRange, IntRange, Parameter

Make = Callable[[Values, Shape], Layer]


@dataclass(frozen=True)
class LayerKind:
    """One kind of layer.

    Attributes:
        name: Keras's class, or the name of the block.
        shape: its output shape for parameter values and the shape of an example; raises `Misfit`.
        keras: makes the layer from checked values and a shape that fits.
    """

    name: str
    label: str
    help: str
    parameters: tuple[Parameter, ...]
    shape: rules.Rule
    keras: Make


def _activation(default: str) -> Choice:
    return Choice("activation", "Activation", "What each unit does with its weighted sum. linear: nothing, "
                  "so two such layers can do no more than one.", tuple(ACTIVATIONS), default)


def _units(default: int, high: int = 2048) -> IntRange:
    return IntRange("units", "Units", "How many numbers the layer outputs. Too few: it cannot tell enough "
                    "apart. Too many: slow, and memorizes the examples.", 1, high, default)


def _strides(help_text: str) -> IntRange:
    return IntRange("strides", "Strides", help_text, 1, 4, 1)


FILTERS = IntRange("filters", "Filters", "How many patterns the layer looks for. Too few: misses some. Too "
                   "many: slow, and memorizes the examples.", 1, 512, 32)
KERNEL_SIZE = IntRange("kernel_size", "Kernel size", "The side length of a filter: pixels of an image, or "
                       "steps of a series. Too low: cannot see shapes. Too high: slow, and blurs shapes.",
                       1, 11, 3)
STRIDES = _strides("How many pixels or steps the filter moves at a time. 2 halves the size. Too high: skips "
                   "what lies between.")
PADDING = Choice("padding", "Padding", "same: adds zeros around the image, so that with strides of 1 it "
                 "keeps its size. valid: the image loses its border.", ("same", "valid"), "same")
WIDTH = IntRange("width", "Width", "How many numbers describe a word. Too few: words look alike. Too many: "
                 "slow, and memorizes the examples.", 1, 256, 32)
DIMENSIONS = IntRange("width", "Dimensions", "How many numbers describe a user, and how many an item. Too "
                      "few: tastes look alike. Too many: memorizes the ratings, unless L2 keeps the numbers "
                      "small.", 1, 256, 16)
CAUSAL = Choice("padding", "Padding", "same: adds zeros at both ends. causal: adds zeros only before the "
                "first step, so that no step sees a later one. valid: the series "
                "loses its ends.", ("same", "causal", "valid"), "same")
POOL_SIZE = IntRange("pool_size", "Pool size", "Side length of the window that is reduced to one value, in "
                     "pixels. Too high: forgets where things are.", 2, 8, 2)
SIZE = IntRange("size", "Size", "How often each pixel is repeated in both directions. 2 doubles the size. "
                "Too high: only large blocks are left.", 2, 8, 2)
RATE = FloatRange("rate", "Rate", "Share of the values set to zero at each training step. Too low: does "
                  "nothing. Too high: too little is left to learn with.", 0.0, 0.9, 0.2)
INITIALIZER = Choice("kernel_initializer", "Initializer", "How the first weights are chosen at random. Too "
                     "small: signals fade from layer to layer. Too large: they explode.", tuple(INITIALIZERS),
                     DEFAULT_INITIALIZER)
L1 = FloatRange("l1", "L1", "Adds this number times the sum of the absolute weights to the loss, so that "
                "many weights end up close to zero. Too high: nearly all of them do.", 0.0, 1.0, 0.0)
L2 = FloatRange("l2", "L2", "Adds this number times the sum of the squared weights to the loss, which keeps "
                "all weights small. Too high: the curve cannot bend.", 0.0, 1.0, 0.0)
KERNEL = (INITIALIZER, L1, L2)
FACTORS = (DIMENSIONS, L1, L2)
RETURN_SEQUENCES = Bool("return_sequences", "Return sequences", "Outputs its memory after every step, not "
                          "only after the last. Needed before another recurrent layer.")
RECURRENT = (_units(32, 512), _activation("tanh"), RETURN_SEQUENCES, *KERNEL)

# Keras's defaults for what a config leaves out.
_KERAS_DEFAULTS = {"strides": 1, "padding": "valid", "return_sequences": False, "merge_mode": "concat",
                   "kernel_initializer": DEFAULT_INITIALIZER}


def config(values: Values, rank: int = 0, kernels: tuple[str, ...] = ("kernel",)) -> dict[str, Any]:
    """Parameter values as a Keras config, with a size for each of `rank` dimensions and any penalty.

    kernels: the layer's names for its kernels, each of which gets the initializer and the penalty.
    """
    made = {name: value for name, value in values.items()
            if name not in ("l1", "l2", "kernel_initializer") and _KERAS_DEFAULTS.get(name) != value}
    for name in ("kernel_size", "pool_size", "size", "strides"):
        if name in made and rank:
            made[name] = [made[name]] * rank
    for kernel in kernels:
        initializer = values.get("kernel_initializer", DEFAULT_INITIALIZER)
        if initializer != DEFAULT_INITIALIZER:
            made[f"{kernel}_initializer"] = initializer
        if values.get("l1") or values.get("l2"):
            made[f"{kernel}_regularizer"] = regularizer(values["l1"], values["l2"])
    return made


def plain(class_name: str, rank: int = 0, kernels: tuple[str, ...] = ("kernel",)) -> Make:
    """A layer whose config is its values."""
    return lambda values, shape: layer(class_name, **config(values, rank, kernels))


def _bidirectional(values: Values, shape: Shape) -> Layer:
    inner = {name: value for name, value in values.items() if name not in ("cell", "merge_mode")}
    more = {} if values["merge_mode"] == "concat" else {"merge_mode": values["merge_mode"]}
    return layer("Bidirectional", layer=layer(values["cell"], **config(inner)), **more)


def _rows(values: Values, shape: Shape) -> Layer:
    return layer("Reshape", target_shape=list(rules.rows(values, shape)))


def _embedding(values: Values, shape: Shape) -> Layer:
    vocabulary = rules.words_of(shape).vocabulary
    own = {"input_dim": vocabulary, "output_dim": values["width"],
           "mask_zero": values["mask_zero"]}
    if values["positions"]:
        return layer("PlacedEmbedding", length=shape[0], **own)
    return layer("Embedding", **own)


def _of_pairs(class_name: str) -> Make:
    """A block with a table of users and one of items, each with a row for the unknown."""
    def make(values: Values, shape: Shape) -> Layer:
        pairs = rules.pairs_of(shape)
        penalty = {"embeddings_regularizer": regularizer(values["l1"], values["l2"])} if (
            values["l1"] or values["l2"]) else {}
        return layer(class_name, users=pairs.users + 1, items=pairs.items + 1, width=values["width"],
                     **penalty)
    return make


def _attention(values: Values, shape: Shape) -> Layer:
    return layer("AttentionBlock", channels=shape[-1], **config(values))


def _residual(values: Values, shape: Shape) -> Layer:
    changes = rules.residual(values, shape) != shape
    return layer("ResidualBlock", **{"strides": 1, **config(values)}, shortcut=changes)


_ENTRIES = (
    LayerKind("Dense", "Dense", "Each unit adds up all the values from the layer before, each with its own "
              "weight. Too few units: the curve cannot bend enough. Too many: they memorize the examples.",
              (_units(64), _activation("relu"), *KERNEL), rules.dense, plain("Dense")),
    LayerKind("Conv2D", "Convolution", "Small filters slide over an image and find the same pattern "
                                       "anywhere.",
              (FILTERS, KERNEL_SIZE, STRIDES, PADDING, _activation("relu"), *KERNEL),
              rules.convolution(2 + 1), plain("Conv2D", 2)),
    LayerKind("SeparableConv2D", "Separable convolution", "Each channel gets one filter, then all channels "
              "are mixed: nearly as good as a convolution, with far fewer weights.",
              (FILTERS, KERNEL_SIZE, STRIDES, PADDING, _activation("relu"), *KERNEL),
              rules.convolution(2 + 1), plain("SeparableConv2D", 2, ("depthwise", "pointwise"))),
    LayerKind("Conv2DTranspose", "Transposed convolution", "Draws its filter around every pixel, as strongly "
              "as the pixel is bright, and adds up what overlaps. Strides of 2 make the image twice as "
              "large. Autoencoders use it to get back to the size of the input.",
              (FILTERS, KERNEL_SIZE, _strides("How far apart the filters are drawn, in pixels. 2 doubles the "
                                              "size. Higher than the kernel size: leaves gaps."),
               PADDING, _activation("relu"), *KERNEL),
              rules.transposed, plain("Conv2DTranspose", 2)),
    LayerKind("UpSampling2D", "Upsampling", "Repeats every pixel, so that the image becomes larger. It has "
              "no weights; a convolution after it smooths the blocks.", (SIZE,), rules.upsampled,
              plain("UpSampling2D", 2)),
    LayerKind("Conv1D", "Convolution of a series", "Small filters slide along the steps of a series, or "
              "along the rows of an image, and find the same pattern at any time.",
              (FILTERS, KERNEL_SIZE, STRIDES, CAUSAL, _activation("relu"), *KERNEL),
              rules.convolution(1 + 1), plain("Conv1D", 1)),
    LayerKind("MaxPooling2D", "Max pooling", "Keeps the largest value of each window. This makes the image "
              "smaller and the network faster, and exact positions matter less. Too much pooling leaves "
              "nothing of the image.",
              (POOL_SIZE, PADDING), rules.pooling, plain("MaxPooling2D", 2)),
    LayerKind("AveragePooling2D", "Average pooling", "Keeps the mean of each window: smoother than the "
              "maximum, but weaker for rare patterns.",
              (POOL_SIZE, PADDING), rules.pooling, plain("AveragePooling2D", 2)),
    LayerKind("GlobalAveragePooling2D", "Global average pooling", "The mean of each channel over the whole "
              "image. The next layer needs few weights, but positions are forgotten.",
              (), rules.global_pooling(3), plain("GlobalAveragePooling2D")),
    LayerKind("GlobalAveragePooling1D", "Global average pooling of a series", "The mean of each channel "
              "over all steps. It forgets when something happened.",
              (), rules.global_pooling(2), plain("GlobalAveragePooling1D")),
    LayerKind("GlobalMaxPooling1D", "Global max pooling of a series", "The largest value of each channel "
              "over all steps: whether something happened at all, not when or how often.",
              (), rules.global_pooling(2), plain("GlobalMaxPooling1D")),
    LayerKind("Embedding", "Embedding", "Looks each word up in a table: a row of numbers that the network "
              "learns, so that words of similar use get similar rows.",
              (WIDTH, Bool("mask_zero", "Mask", "Pooling, attention and recurrent layers leave out the "
                           "padding at the end of a sentence. A convolution cannot: layers behind it see the "
                           "padding.", True),
               Bool("positions", "Positions", "Adds a second row for the place of each word. "
                           "Attention needs it: it does not know the order of what it reads.")),
              rules.embedding, _embedding),
    LayerKind("MatrixFactorization", "Matrix factorization", "Looks up a row of numbers for the user and one "
              "for the item, and multiplies them: a user who likes what an item has a lot of gets a high "
              "number. A bias for each user and each item is added. Unknown users and items get 0, and so "
              "the mean.", FACTORS, rules.factorization, _of_pairs("MatrixFactorization")),
    LayerKind("PairEmbedding", "Embedding of pairs", "Looks up a row of numbers for the user and one for the "
              "item, and puts them side by side for Dense layers. Unknown users and items get a row of "
              "zeros.", FACTORS, rules.pair_embedding, _of_pairs("PairEmbedding")),
    LayerKind("Flatten", "Flatten", "Puts all values of an image or a series in one row, for Dense layers. "
              "A large image gives a long row, and the next layer many weights.",
              (), rules.flatten, plain("Flatten")),
    LayerKind("Reshape", "Rows", "Turns an image into a series of its rows, and a table row into a series "
              "of single numbers, for layers that read step by step.", (), rules.rows, _rows),
    LayerKind("Dropout", "Dropout", "Sets a share of the values to zero at each training step, so that the "
              "network cannot rely on any single unit.", (RATE,), rules.unchanged, plain("Dropout")),
    LayerKind("SpatialDropout2D", "Spatial dropout", "Dropout of whole channels of an image. Neighbouring "
              "pixels are so alike that dropping single pixels would change little.",
              (RATE,), rules.image_unchanged, plain("SpatialDropout2D")),
    LayerKind("GaussianNoise", "Gaussian noise", "Adds noise during training, so that the network does not "
              "memorize small differences. Too high: drowns the signal.",
              (FloatRange("stddev", "Standard deviation", "The standard deviation of the noise, in the "
                          "units of the input. Too low: does nothing. Too high: drowns the "
                          "input.", 0.0, 1.0, 0.1),),
              rules.unchanged, plain("GaussianNoise")),
    LayerKind("BatchNormalization", "Batch normalization", "Gives each channel mean 0 and variance 1 over "
              "the batch, then learns a better mean and scale. Speeds up deep networks, but is unsteady "
              "with small batches.",
              (FloatRange("momentum", "Momentum", "How slowly the running mean and variance, which are used "
                          "for predictions, change. Too low: they jump. Too high: in a short run they lag "
                          "behind, and validation results are poor.", 0.0, 0.999, 0.99),),
              rules.unchanged, plain("BatchNormalization")),
    LayerKind("LayerNormalization", "Layer normalization", "Gives each step of a series, each pixel or each "
              "row of a table mean 0 and variance 1 over its channels, whatever else is in the batch; then "
              "learns a better mean and scale.",
              (), rules.unchanged, plain("LayerNormalization")),
    LayerKind("Activation", "Activation", "Only an activation, for example after a normalization.",
              (_activation("relu"),), rules.unchanged, plain("Activation")),
    *(LayerKind(cell, label, text, RECURRENT, rules.recurrent, plain(cell)) for cell, label, text in (
        ("SimpleRNN", "Simple recurrent", "Reads a series step by step and carries its own last output "
         "along. Forgets within about ten steps."),
        ("LSTM", "LSTM", "A recurrent layer with gates that keep what matters. Remembers for a long time, "
         "but has four times as many weights."),
        ("GRU", "GRU", "A recurrent layer with gates, simpler than an LSTM and often as good."))),
    LayerKind("Bidirectional", "Both directions", "Two recurrent layers; one of them reads the series "
              "backwards. Takes twice the work, and needs the whole series at once.",
              (Choice("cell", "Cell", "SimpleRNN forgets quickly; LSTM and GRU have gates that keep what "
                      "matters.", ("SimpleRNN", "LSTM", "GRU"), "LSTM"),
               Choice("merge_mode", "Merge", "How the two outputs are combined: side by side, added, "
                      "averaged, or multiplied.", ("concat", "sum", "ave", "mul"), "concat"), *RECURRENT),
              rules.recurrent, _bidirectional),
    LayerKind("Attention", "Attention", "Each step asks all others for what it needs; then a small Dense "
              "network works on each step. After both parts the input is added and the sum is normalized: y "
              "= LN(x + Attention(x)), LN(y + Dense(y)).",
              (IntRange("num_heads", "Heads", "How many different things each step can look for at the same "
                        "time. Too many: slow.", 1, 16, 2),
               IntRange("key_dim", "Key size", "How many numbers describe what a head looks for. Too low: "
                        "heads cannot tell steps apart. Too high: slow.", 1, 128, 16),
               _units(64, 1024), _activation("relu"), *KERNEL),
              rules.attention, _attention),
    LayerKind("Residual", "Residual block", "Two convolutions with batch normalization. Their result is "
              "added to the input, so that gradients can bypass them. This makes deep networks trainable.",
              (FILTERS, _strides("How many pixels the first filter moves at a time. 2 halves the image. Too "
                                 "high: skips what lies between."),
               _activation("relu"), *KERNEL), rules.residual, _residual),
)

LAYER_KINDS: dict[str, LayerKind] = {entry.name: entry for entry in _ENTRIES}
