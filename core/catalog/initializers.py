"""The weight initializers on offer, under Keras's names: how a layer's first weights are drawn."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Initializer:
    """One initializer. `name` is what Keras knows it by."""

    name: str
    label: str
    help: str


DEFAULT_INITIALIZER = "glorot_uniform"

_ENTRIES = (
    Initializer("glorot_uniform", "Glorot uniform",
                "Uniform, as wide as lets signals keep their size forward and back: sqrt(6 / (inputs + "
                "outputs)). Suits tanh and sigmoid; Keras's default."),
    Initializer("he_normal", "He normal",
                "Normal, with a standard deviation of sqrt(2 / inputs). Suits relu, which sets half of the "
                "outputs to zero."),
    Initializer("lecun_normal", "LeCun normal",
                "Normal, with a standard deviation of sqrt(1 / inputs). Suits selu."),
    Initializer("random_normal", "Normal 0.05",
                "Normal, with a standard deviation of 0.05 whatever the layer's size. Signals fade in deep "
                "networks of few units, and grow in those of many hundreds."),
    Initializer("ones", "All ones",
                "Every weight is one: all units of a layer do the same at first. In all hidden layers but "
                "the last they also get the same gradient, and so they stay copies of one another."),
    Initializer("zeros", "All zeros",
                "Every weight is zero. With relu every sum is 0, no signal gets through, and no weight ever "
                "changes. Try it to see why weights are drawn at random."),
)

INITIALIZERS: dict[str, Initializer] = {entry.name: entry for entry in _ENTRIES}
