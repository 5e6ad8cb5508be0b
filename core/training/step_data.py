"""What a training step reads and changes: a network's state, the examples, and where in an epoch it is."""

from typing import Any, NamedTuple

from jaxtyping import Float, Int, Num, Shaped

# Of variables, one array each.
Values = list[Shaped[Any, "..."]]
# Raw examples, their targets (labels, or numbers to predict), a share of the sums [loss, metric, seen], and
# those of training and of validation one after the other.
Examples = Num[Any, "examples *shape"]
Targets = Num[Any, "examples *outputs"]
Outputs = Float[Any, "examples units"]
Weights = Float[Any, "examples"]
Sums = Float[Any, "3"]
BothSums = Float[Any, "6"]
# Traced whole numbers, and which examples each step of a window's epochs takes.
Index = Int[Any, ""] | int
Order = Int[Any, "window room"]


class State(NamedTuple):
    """Everything that training changes: lists of arrays, in the order of Keras's own lists."""

    trainable: Values
    non_trainable: Values
    optimizer: Values


class At(NamedTuple):
    """A step within a window of epochs; both numbers are traced.

    Attributes:
        epoch: which epoch of the window.
        step: which step of that epoch.
    """

    epoch: Index
    step: Index


class Data(NamedTuple):
    """A split on the device, which calls read and never change.

    Attributes:
        x, y: training examples, then validation examples.
        examples, validation: int32 (), how many of each; arguments, so that another validation share compiles
            nothing.
        deviation: float32 (outputs,), of the targets: the size of an error of 1 in their own units; (1,) for
            classes.
    """

    x: Examples
    y: Targets
    examples: Index
    validation: Index
    deviation: Float[Any, "outputs"]
