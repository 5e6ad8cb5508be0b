"""The training section of the script: optimizer, learning rate, loss, callbacks and the call of `fit`."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.catalog.losses import LOSSES
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.export.batches import changed_batches
from core.export.counting import counts
from core.export.hidden_words import batches
from core.export.section import WIDTH, Section, joined
from core.export.writing import call, literal
from core.runs.config import RunConfig
from core.runs.taken_layers import slows

Changes = Sequence[tuple[int, float]]

# As in `core.training.corruption`.
PATCHES = 7
# Keras's defaults, by class. The script leaves them out, and writes every value that is not listed here.
_ADAM = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
KERAS_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "SGD": {"momentum": 0.0, "nesterov": False},
    "RMSprop": {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7},
    "Adagrad": {"initial_accumulator_value": 0.1, "epsilon": 1e-7},
    "Adadelta": {"rho": 0.95, "epsilon": 1e-7},
    "Adam": _ADAM, "AdamW": {"weight_decay": 0.004, **_ADAM}, "Nadam": _ADAM, "Adamax": _ADAM,
    "Lion": {"beta_1": 0.9, "beta_2": 0.99}}

_CHANGED = '''\
class Changed(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule times a factor that was changed during the run."""

    def __init__(self, schedule, factor):
        super().__init__()
        self.schedule, self.factor = schedule, factor

    def __call__(self, step):
        return self.schedule(step) * self.factor(step)

    def get_config(self):
        return {"schedule": self.schedule, "factor": self.factor}'''

_CHANGES = ("# The learning rate was changed during the run: after each of these steps, the next of these "
            "rates applies.")
_FACTORS = ("# The learning rate was changed during the run: after each of these steps the schedule is "
            "multiplied by\n# the next of these factors.")

_STOPPED = '''\
class Stopped(keras.callbacks.Callback):
    """Stops the training after the step at which the run was stopped, even in the middle of an epoch."""

    def on_train_begin(self, logs=None):
        self.steps = 0

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1
        self.model.stop_training = self.steps >= LAST_STEP'''

_CLASS_WEIGHTS = """\
# The rarer a class is, the more its examples count.
sizes = np.bincount(y_train, minlength=CLASSES)
class_weight = {
    label: len(y_train) / (np.count_nonzero(sizes) * size) for label, size in enumerate(sizes) if size}"""


class Named(float):
    """A number that the script writes as a name."""

    name: str

    def __new__(cls, value: float, name: str) -> "Named":
        made = super().__new__(cls, value)
        made.name = name
        return made

    def __repr__(self) -> str:
        return self.name


def fitting_section(config: RunConfig, changes: Changes, stopped: int | None) -> Section:
    """`history`, of `model` trained. changes: (step, learning_rate) of the run, as `History` has them.

    stopped: after how many steps the run was stopped, if it was.
    """
    pieces = []
    epochs = trained_epochs(config, stopped)
    rate, definitions = _learning_rate(config, _effective(config, changes), epochs)
    if stopped is not None and stopped % steps(config)[0]:
        definitions.append(_STOPPED)
    if config.class_weights == "balanced":
        pieces.append(_CLASS_WEIGHTS)
    loss = LOSSES[config.loss].in_keras(config.loss_parameters)
    if loss.one_hot:
        pieces.append(_one_hot(config))
    guesses = config.data.guesses
    if guesses:
        pieces.append(batches(config))
    metric = "accuracy" if config.data.classes else "mse" if config.data.reconstructs else "mae"
    if config.corrupts:
        pieces.append(_damaging(config))
    named = {key: literal(value) for key, value in loss.arguments.items()}
    compiled = call("model.compile", optimizer=_optimizer(config, rate),
                    loss="word_cross_entropy" if guesses else call(
                        f"keras.losses.{loss.class_name}", **named),
                    metrics="[guessed]" if guesses else f'["{metric}"]')
    code = joined(*pieces, *definitions, compiled, _fit(config, stopped))
    imports = {"import keras", *(["import math"] if "math." in code else [])}
    if config.corrupts or guesses:
        imports.add("import numpy as np")
    return Section("Training", _text(config), code, frozenset(imports))


def _text(config: RunConfig) -> str:
    text = "Every epoch goes through all training examples once, in a new order."
    if config.data.reconstructs:
        return f"{text} The target is the input itself."
    if config.data.guesses:
        return f"{text} In each step, other words are hidden."
    if not config.data.classes and config.scaling == "standard":
        text += (" The loss and the mae printed during training are those of the standardized targets; the "
                 "evaluation below uses the original units of the target.")
    return text


def trained_epochs(config: RunConfig, stopped: int | None) -> int:
    """The epochs that a script trains, including the one in which a run was stopped."""
    return config.epochs if stopped is None else math.ceil(stopped / steps(config)[0])


def has_own_classes(config: RunConfig, changes: Changes) -> bool:
    """Whether the script defines a class for the optimizer or its schedule."""
    if slows(config):
        return True
    rate = _learning_rate(config, _effective(config, changes), 1)[0]
    if rate == "schedule" and config.start is not None and config.start.goes_on(config):
        return True  # see `core.export.starting`
    return any("class " in definition
               for definition in _learning_rate(config, _effective(config, changes), 1)[1])


def validates(config: RunConfig) -> bool:
    made = counts(config.data, config.preparation)
    return bool(made.validation or (made.slices and made.slices[1][1]))


def _one_hot(config: RunConfig) -> str:
    names = ["y_train", *(["y_val"] if validates(config) else []), "y_test"]
    return "\n".join(["# This loss needs one-hot labels: a row of zeros with a single one.",
                      *(f"{name} = keras.utils.to_categorical({name}, CLASSES)" for name in names)])


def _optimizer(config: RunConfig, rate: str) -> str:
    entry = OPTIMIZERS[config.optimizer]
    usual = KERAS_DEFAULTS.get(entry.class_name, {})
    own = {key: value for key, value in {**entry.fixed, **config.optimizer_parameters}.items()
           if key not in usual or usual[key] != value}
    if config.clip_norm:
        own["global_clipnorm"] = config.clip_norm
    return call(f"keras.optimizers.{entry.class_name}", learning_rate=rate,
                **{key: literal(value) for key, value in own.items()})


def steps(config: RunConfig) -> tuple[int, int]:
    """Steps of an epoch, and of the whole run."""
    training = counts(config.data, config.preparation).training
    each = -(-training // config.batch_size)
    return each, each * config.epochs


def _effective(config: RunConfig, changes: Changes) -> dict[int, float]:
    """The learning rate from each step on, including step 0; changes after the last step have no effect."""
    whole = steps(config)[1]
    rates = {0: config.learning_rate, **{step: rate for step, rate in changes if step < whole}}
    return dict(sorted(rates.items()))


def _learning_rate(config: RunConfig, rates: Mapping[int, float], epochs: int) -> tuple[str, list[str]]:
    """The learning rate as source code, and the code that must come before it. epochs: `trained_epochs`."""
    entry, (each, whole) = SCHEDULES[config.schedule], steps(config)
    base = rates[0]
    named = Named(base, "LEARNING_RATE") if base == config.learning_rate else _rounded(base)
    plain = entry.keras(config.schedule_parameters, named, each, whole)
    above = [entry.definition] if entry.definition else []
    if config.schedule != "constant":
        above.append(f"{_lengths(plain, config, epochs)}\nschedule = {_broken(plain)}")
        plain = "schedule"
    if len(rates) == 1:
        return plain, above
    # Keras's boundaries are the last steps before the change.
    boundaries = [step - 1 for step in list(rates)[1:]]
    if config.schedule == "constant":
        values: list[Any] = [named, *map(_rounded, list(rates.values())[1:])]
        above.append(f"{_CHANGES}\nschedule = {_pieces(boundaries, values)}")
        return "schedule", above
    factors = [_rounded(rate / base) for rate in rates.values()]
    above += [_CHANGED, f"{_FACTORS}\nschedule = Changed(schedule, {_pieces(boundaries, factors)})"]
    return "schedule", above


def _lengths(expression: str, config: RunConfig, epochs: int) -> str:
    """Code for the steps that a schedule reads. epochs: those that the script trains, fewer after a stop."""
    lines = ["# A step is one batch.", "steps_per_epoch = math.ceil(len(x_train) / BATCH_SIZE)"]
    if re.search(r"\bsteps\b", expression):
        planned = "EPOCHS" if epochs == config.epochs else f"{config.epochs}"
        lines += [*(["# The schedule covers the run as it was planned."] if epochs != config.epochs else []),
                  f"steps = {planned} * steps_per_epoch"]
    return "\n".join(lines)


def _rounded(value: float) -> float:
    """Rounded to six significant digits: more would say nothing and be hard to read."""
    return float(f"{value:.6g}")


def _pieces(boundaries: list[int], values: list[Any]) -> str:
    return f"keras.optimizers.schedules.PiecewiseConstantDecay(\n    {boundaries!r}, {values!r})"


def _broken(expression: str) -> str:
    """A call that is too long for one line, with its arguments below."""
    name, _, rest = expression.partition("(")
    if len(expression) < 80:
        return expression
    if len(rest) < WIDTH - 4:
        return f"{name}(\n    {rest}"
    return call(name, *rest.removesuffix(")").split(", "))


def _damaging(config: RunConfig) -> str:
    """Code for `Damaged`: the training examples in batches, with noise and masked patches."""
    shape = config.data.shape
    sides = [max(2, size // PATCHES) if len(shape) > 1 else 1 for size in shape[:-1] or shape]
    cells = [-(-size // side) for size, side in zip(shape[:-1] or shape, sides, strict=True)]
    lines = ["damaged = x"]
    if config.input_noise:
        lines.append(f"damaged = damaged + {config.input_noise!r} * self.random.normal(size=x.shape)")
    if config.masking:
        lines.append(f"hidden = self.random.random(({', '.join(['len(x)', *map(str, cells)])})) < "
                     f"{config.masking!r}")
        for axis, (side, size) in enumerate(zip(sides, shape, strict=False), 1):
            if side > 1:
                cut = ", ".join([":"] * axis + [f":{size}"])
                lines.append(f"hidden = np.repeat(hidden, {side}, axis={axis})[{cut}]")
        lines.append(f"damaged = np.where(hidden{'[..., np.newaxis]' if len(shape) > 1 else ''}, 0, damaged)")
    lines.append('return damaged.astype("float32"), x')
    return changed_batches(
        "Damaged", "Batches of damaged examples; the targets are the examples as they were.", lines)


def _fit(config: RunConfig, stopped: int | None) -> str:
    named = {"batch_size": "BATCH_SIZE", "epochs": "EPOCHS"}
    if validates(config):
        named["validation_data"] = "(x_val, x_val)" if config.data.reconstructs else "(x_val, y_val)"
    above = ""
    if stopped is not None:
        # Then early stopping had no effect and restored no weights.
        if stopped % steps(config)[0]:
            named["callbacks"] = "[Stopped()]"
    elif config.patience:
        above = ("# Stops when the validation loss has not improved for this many epochs, and restores the "
                 "best weights.\nearly_stopping = keras.callbacks.EarlyStopping(\n    monitor=\"val_loss\", "
                 f"patience={config.patience}, restore_best_weights=True)")
        named["callbacks"] = "[early_stopping]"
    if config.class_weights == "balanced":
        named["class_weight"] = "class_weight"
    given = ("x_train", "y_train")
    if config.data.reconstructs:
        given = ("Damaged()",) if config.corrupts else ("x_train", "x_train")
    if config.data.guesses:
        given = ("Hidden()",)
    if config.corrupts or config.data.guesses:
        del named["batch_size"]
    return joined(above, f"history = {call('model.fit', *given, **named, verbose='2')}")
