"""Whether the fields of a config agree: each may be valid by itself, and still not go with another."""

from typing import Any

from core.catalog.architectures import ARCHITECTURES
from core.catalog.losses import LOSSES, losses_of
from core.parameters import FieldError
from core.runs.fields import NESTED, PARAMETERS, REQUIREMENTS

# A `RunConfig`, whose module imports this one.
Config = Any


def check_together(config: Config) -> None:
    """Raises `FieldError` for values that are each valid but do not go together."""
    data, standard = config.data, {name: PARAMETERS[name].default
                                 for name in REQUIREMENTS if name in PARAMETERS}
    for name, (needed, has) in REQUIREMENTS.items():
        value = getattr(config, name)
        plain = standard[name] if name in standard else {
            own.name: own.default for own in NESTED[name].entry(vars(config)).parameters}
        if value != plain and not has(data):
            raise FieldError(name, f"{name} needs {needed}. Set it back to its default, or choose "
                             "another dataset.")
    loss = LOSSES[config.loss]
    if not loss.suits(data):
        fits = data.task in loss.tasks
        has = f"has {len(data.classes)} classes" if fits else f"is for {data.task}"
        needs = ("needs data with two classes" if loss.binary else
                 "needs images" if fits else "does not fit this task")
        raise FieldError("loss", f"{loss.label} {needs}; {data.label} {has}. Choose one of these losses: "
                         f"{', '.join(losses_of(data))}.")
    if loss.pixels and config.scaling == "none":
        raise FieldError("loss", f"{loss.label} needs pixels from 0 to 1. Set the scaling "
                         "of the inputs to standard, or choose another loss.")
    if config.patience and not config.validation_share:
        raise FieldError("patience", "Early stopping needs a validation loss. Set the validation share "
                         "above 0, or early stopping to 0.")
    refusal = ARCHITECTURES[config.architecture].unsuitable(data)
    if refusal:
        raise FieldError("architecture", refusal)
