"""The optimizers on offer: Keras's classes, and the range of each of their parameters."""

from dataclasses import dataclass, field
from typing import Any

from core.parameters import FloatRange, Parameter

MOMENTUM = FloatRange("momentum", "Momentum", "How much of the last step is kept in the next one: $v "
                      r"\leftarrow m v - \eta g$, so that steps grow up to $1/(1-m)$ times as large. Too "
                      "low: slow in long valleys. Too high: overshoots and swings back and "
                      "forth.", 0.0, 0.999, 0.9)
RHO = FloatRange("rho", "Rho", r"How long the average of squared gradients remembers: about $1/(1-\rho)$ "
                 "steps. Too low: the noise of each step decides its size. Too high: slow to notice that "
                 "the slope has changed.", 0.0, 0.9999, 0.9)
BETA_1 = FloatRange("beta_1", "Beta 1", "How long the average of gradients remembers: about "
                    r"$1/(1-\beta_1)$ steps. Too low: follows the noise of each batch. Too high: "
                    "overshoots, like momentum.", 0.0, 0.9999, 0.9)
BETA_2 = FloatRange("beta_2", "Beta 2", r"How long the average of squared gradients, which divides the step, "
                    r"remembers: about $1/(1-\beta_2)$ steps. Too low: uneven steps. Too high: slow to "
                    "notice that the gradients have grown.", 0.0, 0.99999, 0.999)
EPSILON = FloatRange("epsilon", "Epsilon", "A small number added to the divisor of each step, so that the "
                     "divisor is never 0. Too low: a weight with tiny gradients moves as far as all others. "
                     "Too high: the step no longer adapts to each weight, as in plain gradient descent.",
                     1e-10, 1.0, 1e-7, log=True)
WEIGHT_DECAY = FloatRange("weight_decay", "Weight decay", r"Each step takes away the share $\eta\lambda$ of "
                          r"every weight, where $\eta$ is the learning rate. 0: none. Too high: the weights "
                          "shrink faster than they learn, and the network underfits.",
                          0.0, 1.0, 0.004)


@dataclass(frozen=True)
class Optimizer:
    """One optimizer: Keras's `class_name` and `fixed` arguments, and `parameters` for the learner.

    Attributes:
        learning_rate: a value that learns well on the small datasets; offered when the optimizer is chosen.
        tenth_beyond_dense: whether the coach suggests only a tenth of `learning_rate` for networks with
            convolutional, recurrent or attention layers (`core.coach.changes.usual_rate`).
        held: parameters that set its first values and so cannot be arguments of a compiled step.
    """

    name: str
    label: str
    class_name: str
    help: str
    learning_rate: float
    parameters: tuple[Parameter, ...] = ()
    fixed: dict[str, Any] = field(default_factory=dict)
    held: tuple[str, ...] = ()
    tenth_beyond_dense: bool = False


_ENTRIES = (
    Optimizer("sgd", "SGD", "SGD", "Plain gradient descent: a step against the slope, nothing else. Each "
              "weight moves by the learning rate times its gradient.",
              0.1),
    Optimizer("sgd_momentum", "SGD + momentum", "SGD",
              "Gradient descent that keeps rolling: part of the last step is added to the next.",
              0.05, (MOMENTUM,)),
    Optimizer("sgd_nesterov", "SGD + Nesterov", "SGD",
              "Momentum that looks ahead: it uses the slope at the point where the last step would lead.",
              0.05, (MOMENTUM,), {"nesterov": True}),
    Optimizer("rmsprop", "RMSprop", "RMSprop",
              "Divides each step by the recent size of that weight's gradient, so that all weights move at "
              "a similar speed.",
              0.005, (RHO, FloatRange("momentum", "Momentum", "How much of the last step is kept in the "
                                 "next one, so that steps grow up to $1/(1-m)$ times as large. 0: none. Too "
                                 "high: overshoots and swings back and forth.", 0.0, 0.999, 0.0),
                      EPSILON), tenth_beyond_dense=True),
    Optimizer("adagrad", "Adagrad", "Adagrad",
              "Steps get smaller for weights whose gradients have been large, which helps with rare "
              "features. Steps never grow again, so a long run slows down more and more.",
              0.1, (FloatRange("initial_accumulator_value", "Initial accumulator",
                               "The starting value for the sum of squared gradients, which divides the "
                               "step. Too low: the first steps are by far the largest. Too high: all steps "
                               "are small.",
                               0.0, 10.0, 0.1),
                    EPSILON), held=("initial_accumulator_value",)),
    Optimizer("adadelta", "Adadelta", "Adadelta",
              "Adagrad with a short memory. It finds its own step size, so use a learning rate near 1. Slow "
              "to start.",
              1.0, (FloatRange("rho", "Rho", RHO.help, 0.0, 0.9999, 0.95), EPSILON)),
    Optimizer("adam", "Adam", "Adam",
              "Momentum and RMSprop together: an average of the gradients, divided by their recent size. "
              "The usual first choice.",
              0.01, (BETA_1, BETA_2, EPSILON), tenth_beyond_dense=True),
    Optimizer("adamw", "AdamW", "AdamW",
              "Adam that also pulls the weights towards zero, independently of the gradient.",
              0.01, (WEIGHT_DECAY, BETA_1, BETA_2, EPSILON), tenth_beyond_dense=True),
    Optimizer("nadam", "Nadam", "Nadam", "Adam with Nesterov's look-ahead.",
              0.01, (BETA_1, BETA_2, EPSILON), tenth_beyond_dense=True),
    Optimizer("adamax", "Adamax", "Adamax",
              "Adam that divides by the largest recent gradient instead of the average.",
              0.01, (BETA_1,
                     FloatRange("beta_2", "Beta 2", r"How slowly the largest gradient, which divides the "
                                r"step, is forgotten: it shrinks by the factor $\beta_2$ at each step. Too "
                                r"low: uneven steps. Too high: one huge gradient keeps all later steps "
                                "small.",
                                0.0, 0.99999, 0.999),
                     EPSILON), tenth_beyond_dense=True),
    Optimizer("lion", "Lion", "Lion",
              "Only the sign of the averaged gradient counts, so every weight moves by the same amount. Use "
              "a tenth of Adam's learning rate.",
              # Keras refuses a beta_1 of 0 here: it would be sign descent.
              0.001, (FloatRange("beta_1", "Beta 1", "The share of the average in each step; the rest, "
                                 r"$1-\beta_1$, is the newest gradient. The sign of the sum decides the "
                                 "direction. Too low: follows the noise of each batch. Too high: slow to "
                                 "turn.",
                                 0.01, 0.9999, 0.9),
                      FloatRange("beta_2", "Beta 2", "How long the average of gradients "
                                 r"remembers: about $1/(1-\beta_2)$ steps. Too low: follows "
                                 "the noise. Too high: slow to turn.", 0.0, 0.9999, 0.99)),
              tenth_beyond_dense=True),
)

OPTIMIZERS: dict[str, Optimizer] = {entry.name: entry for entry in _ENTRIES}
