"""The part of a config that its compiled program depends on."""

from core.catalog.stacks import structure_of
from core.runs.config import RunConfig
from core.runs.taken_layers import frozen, slows


def program_key(config: RunConfig) -> list[object]:
    """The part of a config that its compiled program depends on; all the rest are arguments.

    The dataset is not in it: another one with the same shapes uses the same program. Of a start, only how
    many layers are frozen, and whether those taken over learn more slowly than the rest.
    """
    data = config.data
    return [data.shape, config.output_units, data.task, structure_of(config.layers()), config.optimizer,
            config.optimizer_parameters, config.loss, config.class_weights, config.clip_norm > 0,
            config.augments, config.corrupts, frozen(config), slows(config)]
