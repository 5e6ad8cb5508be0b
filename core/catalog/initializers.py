"""The weight initializers on offer, under Keras's names: how a layer's first weights are drawn."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Initializer:
    """One initializer. `name` is its name in Keras."""

    name: str
    label: str
    help: str


DEFAULT_INITIALIZER = "glorot_uniform"

_ENTRIES = (
    Initializer("glorot_uniform", "Glorot uniform",
                "Uniform between plus and minus sqrt(6 / (inputs + outputs)), so that signals keep their "
                "size forward and backward. Suits tanh and sigmoid; the default in Keras."),
    Initializer("he_normal", "He normal",
                "Normal, with a standard deviation of sqrt(2 / inputs). Suits relu, which sets about half "
                "of the outputs to zero."),
    Initializer("lecun_normal", "LeCun normal",
                "Normal, with a standard deviation of sqrt(1 / inputs). Suits selu."),
    Initializer("random_normal", "Normal 0.05",
                "Normal, with a standard deviation of 0.05 for layers of any size. Signals fade in deep "
                "networks with few units, and grow in networks with many hundreds."),
    Initializer("ones", "All ones",
                "Every weight is one, so all units of a layer do the same at first. In all hidden layers "
                "but the last they also get the same gradient, so they remain copies of each other."),
    Initializer("zeros", "All zeros",
                "Every weight is zero. With relu, every sum is 0, no signal gets through, and no weight "
                "ever changes. Try it to see why weights are drawn at random."),
)

INITIALIZERS: dict[str, Initializer] = {entry.name: entry for entry in _ENTRIES}
