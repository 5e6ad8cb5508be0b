"""The short name of a run, for lists."""

from typing import Any

from core.catalog.architectures import ARCHITECTURES
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.runs.fields import PARAMETERS

# A `RunConfig`, whose module imports this one.
Config = Any


def run_name(config: Config) -> str:
    """What a learner chose first, such as `MLP 16-16 relu Adam 0.01`."""
    own = ARCHITECTURES[config.architecture]
    parts = [(not config.data.classes and own.short_of_numbers) or own.short]
    for parameter in own.parameters:
        value = config.architecture_parameters[parameter.name]
        if value not in ((), "same", "valid") and parameter.name not in ("kernel_size", "layers"):
            parts.append(parameter.format(value))
    if config.architecture not in ("softmax", "custom"):
        if own.activation is None:
            parts.append(config.activation)
        if config.dropout_rate:
            parts.append(f"dropout {config.dropout_rate:g}")
    if config.schedule != PARAMETERS["schedule"].default:
        parts.append(SCHEDULES[config.schedule].label.lower())
    return " ".join([*parts, OPTIMIZERS[config.optimizer].label, f"{config.learning_rate:g}"])
