"""Rules for networks that do not learn, or not steadily: what holds them back."""

import math

from core.coach.advice import Finding
from core.coach.changes import everywhere, lower_rate, round_rate, set_rate, usual_rate
from core.coach.run_summary import RunSummary
from core.formatting import amount, number, percent

# A loss this many times higher than that of a guess no longer says anything about the data.
FAR = 2.0
# A rate this many times below the usual one is too low. Adam's default in Keras, 0.001, is not: it is only
# slower.
SLOW = 20
# A run of fewer steps is short for any network: a rate that suits a longer run gets nowhere in it.
SHORT_STEPS = 200
RECTIFIERS = ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus")
# With fewer relu units than this, the share of dead ones says nothing.
FEWEST_UNITS = 8


def reached(seen: RunSummary) -> str:
    """The network's result as the page shows it, compared with a guess."""
    when = amount(seen.epochs, "epoch") if seen.epochs else amount(seen.steps, "step")
    loss = f"After {when} the training loss is {number(float(seen.loss[-1]))}"
    if seen.data.guesses:
        return f"{loss}. Knowing only how frequent each word is would give a loss of {number(seen.scale)}."
    if not seen.data.classes:
        return f"{loss}. Always predicting the mean would give a loss of {number(seen.scale)}."
    if not seen.epochs:
        return f"{loss}."
    return (f"{loss} and {percent(float(seen.metric[-1]))} of the training examples are right. Always "
            f"predicting the most frequent class gets {percent(seen.guess.share)}.")


def not_scaled(seen: RunSummary) -> Finding | None:
    """Unscaled inputs and targets: the first sums are huge, and the features have very different sizes."""
    if seen.config.scaling != "none":
        return None
    times = seen.begin / seen.guess.loss
    held_up = times > 3 and seen.over and seen.learned < 0.97
    if not (seen.diverged or (seen.settled and (times > 10 or held_up or seen.learned < 0.1))):
        return None
    first = (f"The loss was {number(seen.first)} at the first step, and the" if math.isfinite(seen.first)
             else "The loss was not a number from the start, and the")
    return Finding(
        f"{first} inputs are not scaled.",
        "Large inputs give large sums and large gradients, and no single learning rate suits features of "
        "very different sizes. Standardize the inputs, so that each has mean 0 and standard deviation 1.",
        {"scaling": "standard"}, "Standardize the inputs")


def diverging(seen: RunSummary) -> Finding | None:
    """The loss is NaN, or stays far above that of a guess, or has risen again."""
    level, fall = seen.training.level, seen.training.fall
    # While the run goes on, take the lowest of the last epochs: the next one may be as low again.
    late = level if seen.over else float(seen.loss[-max(2, seen.epochs // 3):].min())
    if seen.diverged:
        evidence = f"The loss stopped being a number after {amount(seen.steps, 'step')}"
        evidence += f"; at the first step it was {number(seen.first)}." if math.isfinite(seen.first) else "."
    elif not seen.settled:
        return None
    elif _far(late, seen) and fall < max(0.1 * level, seen.training.noise):
        evidence = (f"The training loss is {number(float(seen.loss[-1]))} after "
                    f"{amount(seen.epochs, 'epoch')}. Guessing would give a loss of {number(seen.scale)}.")
    elif seen.epochs >= 6 and level > 0.5 * seen.scale and late > 3 * float(seen.loss.min()) and fall <= 0:
        best = int(seen.loss.argmin())
        evidence = (f"The training loss was {number(seen.loss[best])} after epoch {best + 1} and is "
                    f"{number(float(seen.loss[-1]))} now.")
    else:
        return None
    rate = lower_rate(seen.config, seen.rate)
    change, button = set_rate(rate) if rate is not None else ({"clip_norm": 1.0}, "Clip the gradients at 1")
    return Finding(
        f"{evidence} The learning rate is {seen.rate:g}.",
        "Each step jumps across the valley and lands higher than before. Use smaller steps.", change, button)


def _far(late: float, seen: RunSummary) -> bool:
    """Whether the loss is far above a guess's and no penalty on the weights explains it."""
    return late > FAR * seen.guess.loss and not (seen.config.l1 or seen.config.l2)


def same_weights(seen: RunSummary) -> Finding | None:
    """All weights of a layer started equal, so they stay equal."""
    if not seen.settled or seen.learned >= 0.8:
        return None
    alike = {name for layer in seen.config.layers()
             if (name := initializer_of(layer["config"])) in ("zeros", "ones")}
    suits = "he_normal" if seen.config.activation in RECTIFIERS else "glorot_uniform"
    change = None
    if alike:
        change = everywhere(seen.config, "initializer", "kernel_initializer", suits)
    if change is None:
        return None
    return Finding(
        f"{reached(seen)} All weights of a hidden layer started as {' or '.join(sorted(alike))}.",
        "Units with equal weights get equal gradients, so they remain copies of each other. With zeros, no "
        "signal gets through at all. Start from random weights.",
        change, "Start from random weights")


def initializer_of(config: dict) -> str:
    """The initializer of a layer's kernel, in lower case; empty if it has none."""
    found = config.get("kernel_initializer", "")
    return str(found.get("class_name", "") if isinstance(found, dict) else found).lower()


def vanishing(seen: RunSummary) -> Finding | None:
    """Three or more sigmoid layers, and for a long time the loss is no better than a guess's."""
    if not seen.settled or seen.learned >= 0.9:
        return None
    better = seen.loss < 0.9 * seen.guess.loss
    waited = int(better.argmax()) if better.any() else seen.epochs
    if waited < max(3, seen.epochs // 10) or waited * seen.steps_per_epoch < 30:
        return None
    depth = sum(layer["config"].get("activation") == "sigmoid" for layer in seen.config.layers())
    change = everywhere(seen.config, "activation", "activation", "relu") if depth >= 3 else None
    if change is None:
        return None
    return Finding(
        f"For {amount(waited, 'epoch')} the training loss was hardly better than guessing "
        f"({number(seen.scale)}). After epoch {seen.epochs} it is {number(float(seen.loss[-1]))}. {depth} "
        "layers use sigmoid.",
        "The slope of a sigmoid is at most 0.25. Layer by layer the gradient shrinks, and almost nothing "
        "reaches the first layer: the gradient vanishes. The slope of relu is 1 wherever a unit is active.",
        change, "Use relu")


def dead_units(seen: RunSummary) -> Finding | None:
    """Relu units that output 0 for all examples, in a network that has not learned."""
    dead = seen.probe.dead_share if seen.probe is not None else None
    # Wrong labels can only be memorized.
    enough = 0.6 * (1 - seen.config.label_noise)
    if dead is None or dead < 0.4 or not (seen.settled and seen.over) or seen.learned > enough \
            or relu_units(seen) < FEWEST_UNITS:
        return None
    change = everywhere(seen.config, "activation", "activation", "leaky_relu")
    if change is None:
        return None
    return Finding(
        f"{percent(dead)} of the relu units output 0 for all {examples_of(seen)}. {reached(seen)}",
        "A relu unit that outputs 0 for every example gets no gradient, so it never recovers: it is dead. "
        "Often a single step that was too large is the cause. Try leaky relu, which has a slope below 0 too.",
        change, "Use leaky relu")


def relu_units(seen: RunSummary) -> int:
    """Units and filters of the layers with relu; an Activation layer counts as `FEWEST_UNITS`."""
    return sum(layer["config"].get("units", layer["config"].get("filters", FEWEST_UNITS))
               for layer in seen.config.layers() if layer["config"].get("activation") == "relu")


def examples_of(seen: RunSummary) -> str:
    """The examples of the probe, in words."""
    assert seen.probe is not None
    return f"{seen.probe.examples} {'validation' if seen.probe.validation else 'training'} examples looked at"


def rate_high(seen: RunSummary) -> Finding | None:
    """The network has not learned, or not well, at a rate far above the usual one."""
    usual = usual_rate(seen.config)
    stands = seen.learned < 0.4 and seen.training.fall <= 0.05 * seen.training.level
    if seen.diverged or not seen.settled or seen.rate < 4 * usual \
            or not (stands or (seen.rate >= 20 * usual and (seen.learned < 0.9 or seen.validated < 0))):
        return None
    rate = round_rate(usual)
    change, button = set_rate(rate)
    return Finding(
        f"{reached(seen)} The learning rate is {seen.rate:g}.",
        "Steps this large jump across every valley, or throw the weights so far that learning stops. "
        f"Start near {rate:g} with this optimizer.", change, button)


def rate_low(seen: RunSummary) -> Finding | None:
    """The loss is still high, and falls slowly or not at all, at a rate far below the usual one."""
    config, usual = seen.config, usual_rate(seen.config)
    # Accuracy is high long before the loss is low, so go by the loss, unless a penalty makes it large.
    by_loss = not (config.l1 or config.l2) and seen.scale > 0
    learned = 1 - seen.training.level / seen.scale if by_loss else seen.learned
    slow = SLOW if seen.steps >= SHORT_STEPS else 5 * SLOW
    if not seen.settled or seen.rate > usual / slow or learned >= 0.5 \
            or seen.training.fall < -0.02 * seen.scale:
        return None
    rate = round_rate(usual)
    change, button = set_rate(rate)
    return Finding(
        f"{reached(seen)} The learning rate is {seen.rate:g}.",
        f"The steps are so small that the weights hardly change. Start near {rate:g} with this optimizer.",
        change, button)


def oscillating(seen: RunSummary) -> Finding | None:
    """The loss goes up and down between epochs, by much compared with a guess's, without falling further."""
    if not seen.settled or seen.epochs < 8:
        return None
    late = seen.loss[seen.epochs // 2:]
    steps = late[1:] - late[:-1]
    turns = int((steps[1:] * steps[:-1] < 0).sum())
    noise = seen.training.noise
    if noise < 0.1 * seen.scale or turns < 0.4 * (len(steps) - 1) or seen.training.fall > 2 * noise:
        return None
    rate = lower_rate(seen.config, seen.rate)
    if rate is None:
        return None
    change, button = set_rate(rate)
    return Finding(
        f"In the last {len(late)} epochs the training loss went up and down between {number(late.min())} and "
        f"{number(late.max())}. The learning rate is {seen.rate:g}.",
        "The steps jump from one side of the valley to the other. A lower learning rate lets the loss "
        "settle.", change, button)
