"""Rules for a network that learns: too little, too much by heart, too briefly."""

from core.charts.numbers import percent
from core.coach.advice import Finding
from core.coach.changes import (
    Change,
    everywhere,
    power_of_two,
    round_rate,
    round_up,
    set_rate,
    usual_rate,
    wider,
)
from core.coach.learning import against_guess, number, told
from core.coach.seen import Seen

# A run of fewer steps than this is short for any network.
FEW_STEPS, SHORT_STEPS = 50, 200
MOST_EPOCHS = 1000


def majority(seen: Seen) -> Finding | None:
    """The network gives nearly all test examples the same class."""
    found = seen.evaluation
    # Until the end it tells of examples that the network saw with other weights.
    if found is None or not seen.over or not found.complete or not seen.data.classes or not seen.settled \
            or found.matrix.sum() < 20:
        return None
    given, count = found.matrix.sum(axis=0), int(found.matrix.sum())
    most = int(given.argmax())
    if given[most] < 0.97 * count or found.matrix[most].sum() >= 0.97 * count:
        return None
    config, name = seen.config, seen.data.classes[most]
    uneven = seen.guess.share > 1.5 / len(seen.data.classes)
    if not uneven and underfitting(seen) is not None:
        return None
    if uneven and config.class_weights == "none":
        change, button = {"class_weights": "balanced"}, "Balance the classes"
        text = ("One class is so frequent that saying it always is nearly right. With balanced class weights "
                "an error in a rare class costs as much more as the class is rarer.")
    else:
        rate = usual_rate(config)
        change, button = set_rate(round_rate(rate / 10 if 0.5 * rate <= seen.rate <= 2 * rate else rate))
        text = ("An answer that does not depend on the example: the network has not learned to look at it. "
                "Most often that is the learning rate; else a network of another shape may do it.")
    return Finding(
        f"{int(given[most])} of {count} test examples are given the class {name}; "
        f"{percent(float(found.matrix[most].sum()) / count)} are of it.", text, change, button)


def underfitting(seen: Seen) -> Finding | None:
    """The training loss stands still high up, and the validation's is no higher."""
    steady = abs(seen.training.fall) < 0.05 * seen.training.level
    far = seen.learned < (0.6 if seen.data.classes else 0.35)
    apart = seen.validation is not None and seen.validation.level - seen.training.level > 0.2 * seen.scale
    if not (seen.finished and seen.settled and seen.epochs >= 8 and steady and far) or apart \
            or seen.config.label_noise > 0.1:
        return None
    found = _more_capacity(seen)
    if found is None:
        return None
    change, button, reason = found
    return Finding(
        f"{against_guess(seen)} In the last third of the run it fell by "
        f"{number(max(seen.training.fall, 0.0))}.",
        f"The network has found what it can, and that does not bend enough to the data: {reason}.",
        change, button)


def _more_capacity(seen: Seen) -> tuple[Change, str, str] | None:
    """What holds the network down: a penalty, a straight line, or too few units for so many examples."""
    config = seen.config
    if config.dropout_rate >= 0.3:
        return {"dropout_rate": 0.0}, "Switch dropout off", f"dropout of {config.dropout_rate:g} is strong"
    if config.l1 + config.l2 >= 0.001:
        return {"l1": 0.0, "l2": 0.0}, "Switch the penalties off", "the penalty on the weights is strong"
    if config.architecture == "softmax":
        return {"architecture": "mlp", "architecture_parameters": {}}, "Add hidden layers", \
            "without a hidden layer it draws straight lines only"
    if config.activation == "linear" and (change := everywhere(config, "activation", "activation", "relu")):
        return change, "Use relu", "with linear activations it stays a straight line, however many layers"
    if 0 < seen.parameters < seen.examples and (change := wider(config)):
        return change, "Use four times the units", (
            f"it has {seen.parameters} parameters for {seen.examples} examples")
    return None


def overfitting(seen: Seen) -> Finding | None:
    """The validation loss turned while the training loss went on falling."""
    if (seen.config.patience and seen.over) or not seen.settled or seen.learned < 0.3 \
            or seen.training.noise > 0.1 * seen.scale:
        return None
    evidence = _turned(seen) if len(seen.val_loss) else None
    evidence = evidence or (_apart(seen) if seen.over and seen.learned > 0.9 else None)
    if evidence is None:
        return None
    change, button = _less_by_heart(seen)
    return Finding(
        evidence, "What the network learned last it knows by heart: it helps with the training examples "
        "only. More examples help most; else stop early, use dropout or an L2 penalty, or a smaller network.",
        change, button)


def _turned(seen: Seen) -> str | None:
    """When the validation loss turned, in words: all of the last epochs are clearly above the lowest."""
    best = int(seen.val_loss.argmin())
    since, low = seen.epochs - 1 - best, float(seen.val_loss[best])
    last = seen.val_loss[-max(3, seen.epochs // 10):]
    rise, fell = float(last.min()) - low, float(seen.loss[best]) - seen.training.level
    if since < (3 if seen.over else max(8, seen.epochs // 3)) or rise < max(0.06 * seen.scale, 0.2 * low) \
            or fell < 0.1 * seen.loss[best]:
        return None
    return (f"The validation loss was lowest ({number(low)}) after epoch {best + 1} and is "
            f"{number(last[-1])} now, while the training loss fell from {number(seen.loss[best])} to "
            f"{number(seen.loss[-1])}.")


def _apart(seen: Seen) -> str | None:
    """How far training and test are apart at the end, in words, where all of the test set was looked at."""
    found = seen.evaluation
    if found is None or not found.complete or found.examples < 20:
        return None
    if seen.data.classes:
        right = float(seen.metric[-1])
        if right - found.metric < 0.15:
            return None
        return (f"{percent(right)} of the training examples are right, but {percent(found.metric)} of the "
                "test examples, which it never trained on.")
    if found.numbers is None or not seen.learned - found.numbers.r2 > 0.3:
        return None
    return (f"The network explains {percent(1 - seen.training.level / seen.guess.loss)} of what the training "
            f"examples differ by, but {percent(max(found.numbers.r2, 0.0))} of the test examples.")


def _less_by_heart(seen: Seen) -> tuple[Change, str]:
    config = seen.config
    if config.training_size:
        return {"training_size": 0}, "Learn from all examples"
    if not config.patience:
        return {"patience": 10}, "Stop early, and keep the best weights"
    return {"l2": 0.001}, "Add an L2 penalty of 0.001"


def _falls(seen: Seen) -> str | None:
    """How the loss still falls at the end, in words; None where it does not."""
    if seen.epochs < 2:
        late, over = seen.first_steps, "the last steps"
    else:
        late, over = seen.loss, f"the last {max(2, -(-seen.epochs // 3))} epochs"
    if len(late) < 2:
        return None
    level, fall, noise = seen.training if seen.epochs >= 2 else type(seen.training).of(late)
    ahead = seen.validation is None or seen.epochs < 2 or seen.validation.fall > 0.015 * seen.scale
    if fall < max(0.03 * seen.scale, 0.15 * level, noise) or not ahead:
        return None
    return f"In {over} the training loss still fell by {number(fall)}, to {number(level)}."


def batch_large(seen: Seen) -> Finding | None:
    """One or two steps an epoch, so that few are taken in all, and the loss is not down."""
    if not seen.finished or seen.steps_per_epoch > 2 or seen.steps > SHORT_STEPS or seen.examples < 16:
        return None
    falls = _falls(seen)
    size = power_of_two(seen.examples / 16, 4, 32)
    if size > seen.config.batch_size / 2 or (seen.learned > 0.6 and falls is None):
        return None
    return Finding(
        f"A batch of {min(seen.config.batch_size, seen.examples)} of the {seen.examples} training examples "
        f"makes {told(seen.steps_per_epoch, 'step')} an epoch, {seen.steps} in all. "
        f"{falls or against_guess(seen)}",
        "The weights move once a step, so a large batch learns little from each look at the data, and costs "
        f"as much. A batch of {size} takes more steps an epoch, and their noise does no harm.",
        {"batch_size": size}, f"Set the batch size to {size}")


def too_few(seen: Seen) -> Finding | None:
    """The loss still falls when the last epoch is done."""
    config = seen.config
    if not seen.finished or seen.epochs < config.epochs or config.epochs >= MOST_EPOCHS:
        return None
    evidence = _falls(seen)
    if evidence is None and seen.steps < FEW_STEPS and seen.learned < 0.7:
        evidence = f"{told(seen.steps, 'step')} were taken in all. {against_guess(seen)}"
    if evidence is None:
        return None
    more = min(MOST_EPOCHS, round_up(max(3 * config.epochs, SHORT_STEPS / seen.steps_per_epoch)))
    return Finding(
        f"{evidence} The run had {told(config.epochs, 'epoch')}.",
        "It was not done yet: as long as the training and the validation loss fall together, more epochs "
        "make a better network.", {"epochs": more}, f"Train for {more} epochs")
