"""Rules for a network that does not learn, or not steadily: what holds it up."""

import math

from core.charts.numbers import percent
from core.coach.advice import Finding
from core.coach.changes import everywhere, lower_rate, round_rate, set_rate, usual_rate
from core.coach.seen import Seen

# A loss so many times that of a guess is no longer about the data.
FAR = 2.0
RECTIFIERS = ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus")


def number(value: float) -> str:
    return f"{value:.3g}"


def against_guess(seen: Seen) -> str:
    """What the network reached, beside what a guess gets."""
    loss = f"The training loss is {number(seen.training.level)} after {told(seen.epochs, 'epoch')}"
    if seen.data.classes and seen.epochs:
        return (f"{loss}, and {percent(float(seen.metric[-1]))} of the training examples are right; "
                f"always saying the same class gets {percent(seen.guess.share)} and a loss of "
                f"{number(seen.scale)}.")
    return f"{loss}; always saying the mean gets {number(seen.scale)}."


def told(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def not_scaled(seen: Seen) -> Finding | None:
    """Inputs, and numbers to predict, as they come: first sums are then huge, features unequal."""
    if seen.config.scaling != "none":
        return None
    times = seen.begin / seen.guess.loss
    held_up = times > 3 and seen.over and seen.learned < 0.97
    if not (seen.diverged or (seen.settled and (times > 10 or held_up or seen.learned < 0.1))):
        return None
    first = (f"The loss began at {number(seen.begin)}, and always giving the same answer costs "
             f"{number(seen.scale)}" if math.isfinite(seen.begin) else "The loss was no number at once")
    return Finding(
        f"{first}; the inputs come as they are.",
        "Where inputs are large, so are the first sums and their gradients, and one learning rate does not "
        "suit features of different sizes. Standardized inputs all lie around zero with a deviation of one.",
        {"scaling": "standard"}, "Standardize the inputs")


def diverging(seen: Seen) -> Finding | None:
    """The loss is no number, far beyond a guess without coming back, or up again from where it was."""
    level, fall = seen.training.level, seen.training.fall
    # Of a run under way the lowest of the last ones: the next epoch may be as low again.
    late = level if seen.over else float(seen.loss[-max(2, seen.epochs // 3):].min())
    if seen.diverged:
        evidence = f"The loss is no longer a number after {told(seen.steps, 'step')}"
        evidence += f"; it began at {number(seen.begin)}." if math.isfinite(seen.begin) else "."
    elif not seen.settled:
        return None
    elif _far(late, seen) and fall < max(0.1 * level, seen.training.noise):
        evidence = (f"The training loss is {number(level)} after {seen.epochs} epochs; always giving the "
                    f"same answer costs {number(seen.scale)}.")
    elif seen.epochs >= 6 and level > 0.5 * seen.scale and late > 3 * float(seen.loss.min()) and fall <= 0:
        best = int(seen.loss.argmin())
        evidence = (f"The training loss was {number(seen.loss[best])} after epoch {best + 1} and is "
                    f"{number(level)} now.")
    else:
        return None
    rate = lower_rate(seen.config, seen.rate)
    change, button = set_rate(rate) if rate is not None else ({"clip_norm": 1.0}, "Clip the gradients at 1")
    return Finding(
        f"{evidence} The learning rate is {seen.rate:g}.",
        "Each step leaps over the valley to a higher place than before. A smaller learning rate takes "
        "smaller steps; clipping the gradients bounds the largest ones.", change, button)


def _far(late: float, seen: Seen) -> bool:
    """Whether the loss is far beyond a guess's; a penalty on the weights may be why."""
    return late > FAR * seen.guess.loss and not (seen.config.l1 or seen.config.l2)


def same_weights(seen: Seen) -> Finding | None:
    """All weights of a layer begin alike, and so they stay."""
    if not seen.settled or seen.learned >= 0.8:
        return None
    alike = {name for one in seen.config.layers()
             if (name := initializer_of(one["config"])) in ("zeros", "ones")}
    suits = "he_normal" if seen.config.activation in RECTIFIERS else "glorot_uniform"
    change = None
    if alike:
        change = everywhere(seen.config, "initializer", "kernel_initializer", suits)
    if change is None:
        return None
    return Finding(
        f"{against_guess(seen)} All weights of a hidden layer began as {' or '.join(sorted(alike))}.",
        "Units with equal weights give equal outputs and get equal gradients, so they remain copies of one "
        "another; with zeros no signal comes through at all. Random weights make them differ.",
        change, "Draw the first weights at random")


def initializer_of(config: dict) -> str:
    """The initializer of a layer's kernel, in small letters; empty where it has none."""
    found = config.get("kernel_initializer", "")
    return str(found.get("class_name", "") if isinstance(found, dict) else found).lower()


def vanishing(seen: Seen) -> Finding | None:
    """Three sigmoids or more, one after another, and the loss stays at that of a guess for long."""
    if not seen.settled or seen.learned >= 0.9:
        return None
    better = seen.loss < 0.9 * seen.guess.loss
    waited = int(better.argmax()) if better.any() else seen.epochs
    if waited < max(3, seen.epochs // 10) or waited * seen.steps_per_epoch < 30:
        return None
    depth = sum(one["config"].get("activation") == "sigmoid" for one in seen.config.layers())
    change = everywhere(seen.config, "activation", "activation", "relu") if depth >= 3 else None
    if change is None:
        return None
    return Finding(
        f"For {told(waited, 'epoch')} the training loss was no better than that of a guess, which is "
        f"{number(seen.scale)}; after {seen.epochs} it is {number(seen.training.level)}. There are {depth} "
        "layers of sigmoid.",
        f"The slope of a sigmoid is at most 0.25, so that after {depth} of them at most "
        f"{0.25**depth:.1g} of the gradient is left for the first layer: it vanishes. Relu has a slope of 1.",
        change, "Use relu")


def dead_units(seen: Seen) -> Finding | None:
    """Relu units that give 0 for all examples, in a network that has not learned."""
    dead = seen.evaluation.dead_share if seen.evaluation is not None else None
    if dead is None or dead < 0.4 or not (seen.settled and seen.over) or seen.learned > 0.6:
        return None
    change = everywhere(seen.config, "activation", "activation", "leaky_relu")
    if change is None:
        return None
    return Finding(
        f"{percent(dead)} of the relu units gave 0 for every example last looked at. {against_guess(seen)}",
        "A relu whose sum is below zero for every example has no slope, so it gets no gradient and never "
        "comes back: it is dead. Often a step that was too large did it. Leaky relu has a slope there too; a "
        "lower learning rate kills fewer.",
        change, "Use leaky relu")


def rate_high(seen: Seen) -> Finding | None:
    """It has not learned, or not well, at a rate that is far above the usual."""
    usual = usual_rate(seen.config)
    stands = seen.learned < 0.4 and seen.training.fall <= 0.05 * seen.training.level
    if seen.diverged or not seen.settled or seen.rate < 4 * usual \
            or not (stands or (seen.rate >= 20 * usual and seen.learned < 0.9)):
        return None
    rate = round_rate(usual)
    change, button = set_rate(rate)
    return Finding(
        f"{against_guess(seen)} The learning rate is {seen.rate:g}.",
        f"Steps so large throw the weights to where nothing can be learned, or over every valley. A learning "
        f"rate near {rate:g} is a usual start for this optimizer.", change, button)


def rate_low(seen: Seen) -> Finding | None:
    """Far from the goal, steadily on the way or standing still, at a rate far below the usual."""
    usual = usual_rate(seen.config)
    if not seen.settled or seen.rate > usual / 5 or seen.learned >= 0.5 \
            or seen.training.fall < -0.02 * seen.scale:
        return None
    rate = round_rate(usual)
    change, button = set_rate(rate)
    return Finding(
        f"{against_guess(seen)} The learning rate is {seen.rate:g}.",
        f"The weights hardly move: each step goes down, but a tiny bit. A learning rate near {rate:g} is a "
        "usual start for this optimizer.", change, button)


def oscillating(seen: Seen) -> Finding | None:
    """The loss of whole epochs goes up and down by a good part of a guess's, and not on."""
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
        f"In the last {len(late)} epochs the training loss went between {number(late.min())} and "
        f"{number(late.max())}, and turned {turns} times. The learning rate is {seen.rate:g}.",
        "Steps are so large that they leap from one side of the valley to the other. A lower learning rate, "
        "or a schedule that lowers it, lets the loss settle; so does a larger batch.", change, button)
