"""Which members of a study can share one compiled program."""

import json
from collections.abc import Hashable, Sequence
from itertools import pairwise

from core.catalog.optimizers import OPTIMIZERS
from core.runs.config import RunConfig
from core.runs.program_key import program_key
from core.studies.study import Member

# Most lanes of a program: fewer means less to repeat after a lost worker, and earlier first results.
MOST_LANES = 256


def group_key(member: Member) -> Hashable:
    """Equal for members that can train together, whose programs differ only in numbers.

    Whether a parameter of the optimizer is above 0 is part of a program, and so is the batch size.
    """
    config = member.config
    entry = OPTIMIZERS[config.optimizer]
    own = {name: value if name in entry.held else value > 0
           for name, value in config.optimizer_parameters.items()}
    parts = [part if part is not config.optimizer_parameters else own for part in program_key(config)]
    preparation = config.preparation
    sizes = [preparation.training_size, preparation.validation_share, preparation.imbalance]
    # Members with a start go on from the same position.
    start = config.start and [config.start.to_dict({}), config.start.goes_on(config)]
    return json.dumps([parts, config.batch_size, sizes, config.dataset, config.dataset_parameters,
                       config.patience > 0, config.epochs, start, member.second_test], sort_keys=True)


def groups(members: Sequence[Member], chosen: Sequence[int]) -> list[tuple[int, ...]]:
    """The numbers `chosen`, in groups that can train together, of about equal size.

    A group has at most `MOST_LANES`. Equal sizes: one compiled program serves them all.
    """
    found: dict[Hashable, list[int]] = {}
    for number in chosen:
        found.setdefault(group_key(members[number]), []).append(number)
    return [part for numbers in found.values() for part in _parts(numbers)]


def argument_names(configs: Sequence[RunConfig]) -> tuple[str, ...]:
    """The optimizer's own parameters that configs of one group differ in: arguments of their program."""
    first = configs[0].optimizer_parameters
    return tuple(name for name, value in first.items()
                 if any(config.optimizer_parameters[name] != value for config in configs))


def _parts(numbers: list[int]) -> list[tuple[int, ...]]:
    count = -(-len(numbers) // MOST_LANES)
    size, more = divmod(len(numbers), count)
    ends = [size * place + min(place, more) for place in range(count + 1)]
    return [tuple(numbers[start:end]) for start, end in pairwise(ends)]
