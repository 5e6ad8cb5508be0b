"""The part of a config that its compiled program depends on."""

from core.catalog.stacks import structure_of
from core.runs.config import RunConfig


def program_key(config: RunConfig) -> list[object]:
    """What of a config its compiled program depends on; everything else is an argument of the program.

    Not the dataset: another one whose examples have the same shape is learned by the same program.
    """
    data = config.data
    return [data.shape, config.output_units, data.task, structure_of(config.layers()), config.optimizer,
            config.optimizer_parameters, config.loss, config.class_weights, config.clip_norm > 0,
            config.augments]
