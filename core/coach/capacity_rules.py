"""Rules for networks that learn, but underfit, overfit or stop too early."""

import numpy as np

from core.coach.advice import Finding
from core.coach.changes import Change, everywhere, power_of_two, round_up, wider
from core.coach.optimization_rules import SHORT_STEPS, examples_of, reached
from core.coach.run_summary import RunSummary, third
from core.formatting import amount, number, percent

# With fewer steps than this hardly any network has learned.
FEW_STEPS = 50
MOST_EPOCHS = 1000
# A class with fewer examples than this may be missed by chance. A class is rare if it has less than the share
# RARE of an equal part, and missed if at most the share MISSED of its examples is found.
FEWEST_OF_CLASS, RARE, MISSED = 3, 0.5, 0.25


def rare_class(seen: RunSummary) -> Finding | None:
    """A rare class whose examples are hardly ever recognized."""
    probe, classes = seen.probe, seen.data.classes
    if probe is None or not classes or not (seen.over and seen.settled) or _falls(seen):
        return None
    sizes, right = probe.matrix.sum(axis=1), np.diag(probe.matrix)
    rare = (sizes >= FEWEST_OF_CLASS) & (sizes < RARE * probe.examples / len(classes))
    missed = np.flatnonzero(rare & (right <= MISSED * sizes))
    if not len(missed) or seen.config.class_weights != "none":
        return None
    worst = int(missed[sizes[missed].argmax()])
    found = f"only {right[worst]} of them is" if right[worst] == 1 else f"only {right[worst]} of them are"
    return Finding(
        f"Of the {examples_of(seen)}, {sizes[worst]} are {classes[worst]}, and "
        f"{found if right[worst] else 'none of them is'} found.",
        "A network that hardly ever predicts a rare class is still right nearly every time, so finding that "
        "class lowers the loss only a little. With balanced class weights, the rarer a class is, the more "
        "its mistakes count.",
        {"class_weights": "balanced"}, "Balance the classes")


def underfitting(seen: RunSummary) -> Finding | None:
    """The training loss stays high and no longer falls, and the validation loss is no higher."""
    narrow = _narrow(seen)
    steady = abs(seen.training.fall) < (0.1 if narrow else 0.05) * seen.training.level
    far = seen.learned < (0.8 if narrow else 0.6 if seen.data.classes else 0.35)
    apart = seen.validation is not None and seen.validation.level - seen.training.level > 0.2 * seen.scale
    if not (seen.finished and seen.settled and seen.epochs >= 8 and steady and far) or apart \
            or seen.config.label_noise > 0.1:
        return None
    found = _more_capacity(seen, narrow)
    if found is None:
        return None
    change, button, reason = found
    before = float(seen.loss[-third(seen.epochs)])
    return Finding(
        f"{reached(seen)} {amount(third(seen.epochs), 'epoch')} before the end it was {number(before)}.",
        f"The loss has stopped falling but is still high. More epochs will not help: {reason}.",
        change, button)


def _narrow(seen: RunSummary) -> int:
    """The units of a hidden layer that is too narrow for any signal to pass through; 0 if there is none."""
    units = [layer["config"]["units"] for layer in seen.config.layers() if "units" in layer["config"]]
    least = min(units, default=0)
    return least if 0 < least <= 2 or 0 < 2 * least < len(seen.data.classes) else 0


def _more_capacity(seen: RunSummary, narrow: int) -> tuple[Change, str, str] | None:
    """What limits the network: a penalty, a straight line, or too few units for so many examples."""
    config = seen.config
    if config.dropout_rate >= 0.3:
        return {"dropout_rate": 0.0}, "Switch dropout off", f"dropout of {config.dropout_rate:g} is strong"
    if config.l1 + config.l2 >= 0.001:
        return {"l1": 0.0, "l2": 0.0}, "Switch the penalties off", "the penalty on the weights is strong"
    if config.architecture == "softmax":
        return {"architecture": "mlp", "architecture_parameters": {}}, "Add hidden layers", \
            "without a hidden layer, the network can only draw straight lines"
    if config.activation == "linear" and (change := everywhere(config, "activation", "activation", "relu")):
        return change, "Use relu", \
            "with linear activations the network stays linear, however many layers it has"
    if (narrow or 0 < seen.parameters < seen.examples) and (change := wider(config)):
        reason = (f"a layer of {amount(narrow, 'unit')} lets too little through" if narrow else
                  f"{seen.parameters} parameters are too few for {seen.examples} training examples")
        return change, "Use more units", reason
    return None


def overfitting(seen: RunSummary) -> Finding | None:
    """The validation loss turned, or stood still, while the training loss went on falling."""
    if not len(seen.val_loss) or (seen.config.patience and seen.over) or not seen.settled \
            or seen.learned < 0.3:
        return None
    evidence = _turned(seen) or (_stood(seen) or _apart(seen) if seen.over else None)
    if evidence is None:
        return None
    change, button = _less_by_heart(seen)
    return Finding(
        evidence, "The network memorizes its training examples, which does not help with new ones. "
        f"{_TRY[button]}", change, button)


def _turned(seen: RunSummary) -> str | None:
    """Says when the validation loss turned, if all of the last epochs are clearly above the lowest."""
    best = int(seen.val_loss.argmin())
    since, low = seen.epochs - 1 - best, float(seen.val_loss[best])
    last = seen.val_loss[-max(3, seen.epochs // 10):]
    rise, fell = float(last.min()) - low, float(seen.loss[best]) - seen.training.level
    if since < (3 if seen.over else max(8, seen.epochs // 3)) \
            or rise < max(0.06 * seen.scale, 0.2 * low, 3 * seen.training.noise) \
            or fell < 0.1 * seen.loss[best]:
        return None
    return (f"The validation loss was lowest ({number(low)}) after epoch {best + 1} and is "
            f"{number(float(last[-1]))} now, while the training loss fell from "
            f"{number(float(seen.loss[best]))} to {number(float(seen.loss[-1]))}.")


def _stood(seen: RunSummary) -> str | None:
    """Says since when the validation loss has hardly improved, if that is at least half of the run."""
    low = float(seen.val_loss.min())
    best = int((seen.val_loss <= low + 0.02 * seen.scale).argmax())
    fell = float(seen.loss[best]) - seen.training.level
    apart = float(seen.val_loss[-1]) - seen.training.level
    if seen.epochs < 10 or best + 1 > seen.epochs / 2 or seen.training.noise > 0.1 * seen.scale \
            or fell < max(0.1 * seen.scale, 0.2 * seen.loss[best]) \
            or apart < max(0.15 * seen.scale, 0.3 * seen.val_loss[-1]):
        return None
    then, now = (number(float(seen.val_loss[place])) for place in (best, -1))
    return (f"The validation loss was {then} after epoch {best + 1} and is {now} now, while the training "
            f"loss fell from {number(float(seen.loss[best]))} to {number(float(seen.loss[-1]))}.")


def _apart(seen: RunSummary) -> str | None:
    """Says how far apart training and validation ended, if the network learned well."""
    if not seen.data.classes or seen.probe is None or seen.probe.examples < 20 \
            or seen.learned <= 0.9:
        return None
    right, held = float(seen.metric[-1]), float(seen.val_metric[-1])
    if right - held < 0.15:
        return None
    return (f"{percent(right)} of the training examples are right, but only {percent(held)} of the "
            "validation examples.")


_TRY = {"Use the right labels": "So many of the labels are wrong that nothing true can be learned.",
        "Learn from all examples": "More examples help most.",
        "Stop early, and keep the best weights": "Stop when the validation loss no longer falls.",
        "Add an L2 penalty of 0.001": "A penalty on the weights makes memorizing harder.",
        "Add an L2 penalty of 0.0003": "A penalty keeps the numbers of users and items small, except where "
                                       "many ratings agree."}


def _less_by_heart(seen: RunSummary) -> tuple[Change, str]:
    config, classes = seen.config, len(seen.data.classes)
    # With this share, a label says nothing about the class any more; beyond it, what it is not.
    if classes > 1 and config.label_noise >= 1 - 1 / classes:
        return {"label_noise": 0.0}, "Use the right labels"
    if config.training_size:
        return {"training_size": 0}, "Learn from all examples"
    if config.data.is_pairs and not config.l2:
        return {"l2": 0.0003}, "Add an L2 penalty of 0.0003"
    if not config.patience:
        return {"patience": 10}, "Stop early, and keep the best weights"
    return {"l2": 0.001}, "Add an L2 penalty of 0.001"


def _falls(seen: RunSummary) -> str | None:
    """Says how the loss was still falling at the end; None if it was not."""
    if seen.epochs < 2:
        late, over = seen.first_steps, "the last steps"
    else:
        late, over = seen.loss, f"the last {min(third(seen.epochs), seen.epochs)} epochs"
    if len(late) < 2:
        return None
    level, fall, noise = seen.training if seen.epochs >= 2 else type(seen.training).of(late)
    begin = float(late[-third(len(late)):][0])
    # The two numbers in the message must show the fall too, not only the trend.
    if min(fall, begin - float(late[-1])) < max(0.05 * seen.scale, 0.05 * level, noise) or not _ahead(seen):
        return None
    said = f"In {over} the training loss still fell from {number(begin)} to {number(float(late[-1]))}"
    if seen.validation is None or seen.epochs < 2:
        return f"{said}."
    validated = seen.val_loss[-third(seen.epochs):]
    return (f"{said}, and the validation loss from {number(float(validated[0]))} to "
            f"{number(float(validated[-1]))}.")


def _ahead(seen: RunSummary) -> bool:
    """Whether the validation loss (if any) is still falling to new lows."""
    if seen.validation is None:
        return True
    late, before = np.split(seen.val_loss[::-1], [third(seen.epochs)])
    return min(seen.validation.fall, late[-1] - late[0]) > 0.025 * seen.scale and (
        not len(before) or late.min() < before.min())


def batch_large(seen: RunSummary) -> Finding | None:
    """Only one or two steps per epoch, so few in all, and the loss is still high."""
    if not seen.finished or seen.steps_per_epoch > 2 or seen.steps > SHORT_STEPS or seen.examples < 16:
        return None
    falls = _falls(seen)
    size = power_of_two(seen.examples / 16, 4, 32)
    if size > seen.config.batch_size / 2 or (seen.learned > 0.6 and falls is None):
        return None
    return Finding(
        f"A batch of {min(seen.config.batch_size, seen.examples)} of the {seen.examples} training examples "
        f"makes {amount(seen.steps_per_epoch, 'step')} per epoch, {seen.steps} in all. "
        f"{falls or reached(seen)}",
        "The weights change once per step, so with large batches they change only a few times. With a batch "
        f"size of {size}, there are many more steps in the same number of epochs.",
        {"batch_size": size}, f"Set the batch size to {size}")


def too_few(seen: RunSummary) -> Finding | None:
    """The loss is still falling after the last epoch."""
    config = seen.config
    if not seen.finished or seen.epochs < config.epochs or config.epochs >= MOST_EPOCHS or _all_right(seen):
        return None
    evidence = _falls(seen)
    if evidence is None and seen.steps < FEW_STEPS and seen.learned < 0.7:
        evidence = f"The run took only {amount(seen.steps, 'step')} in all. {reached(seen)}"
    if evidence is None:
        return None
    more = min(MOST_EPOCHS, round_up(max(3 * config.epochs, SHORT_STEPS / seen.steps_per_epoch)))
    return Finding(
        f"{evidence} The run had {amount(config.epochs, 'epoch')}.",
        "The run ended before the network had finished learning. Keep training as long as both losses fall."
        if len(seen.val_loss) else "The run ended before the network had finished learning. Keep training "
                                   "as long as the loss falls.",
        {"epochs": more}, f"Train for {more} epochs")


def _all_right(seen: RunSummary) -> bool:
    """Whether it has nothing left to learn that shows: every training example is right, none validates."""
    return seen.data.task == "classification" and not len(seen.val_loss) and seen.metric[-1] >= 1
