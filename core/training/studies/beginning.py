"""Where the members of a group begin that start from another run's weights: it is trained once for all."""

from collections.abc import Callable

import numpy as np

from core.datasets.splits import split
from core.settings import Settings
from core.training.program import State
from core.training.snapshot import Position, RunState
from core.training.starting import state_after
from core.training.stopping import EarlyStopping
from core.training.studies.members import Group
from core.training.studies.strategies import Way, first_states
from core.training.taking_over import begun
from core.training.trainer import Trainer
from core.training.weight_paths import paths


def begin_together(group: Group, way: Way, settings: Settings,
                   stopped: Callable[[], bool]) -> list[RunState] | None:
    """The state in which each member begins; None if the study is stopped. All have the same start.

    Raises as `state_after` and `begun`.
    """
    config, start = group.configs[0], group.configs[0].start
    assert start is not None
    same = start.config.data.key == config.data.key
    data = group.splits[0] if same else split(start.config.data, start.config.preparation)
    training = state_after(start, group.plans[0], stopped, settings,
                           lambda config, mailbox, rates: Trainer(config, data, mailbox, settings, rates))
    try:
        while True:
            next(training)
    except StopIteration as ended:
        found = ended.value
    if found is None:
        return None
    # Copies, because each member's training may reuse the memory of a state on the device.
    found = found._replace(state=State(*([np.array(value) for value in some] for some in found.state)))
    fresh = [RunState(Position(0, config.learning_rate), state, np.zeros(6, np.float32),
                      EarlyStopping(config.patience))
             for config, state in zip(group.configs, first_states(way.program, group), strict=True)]
    return [begun(config, found, first, plan, paths(model)) for config, first, plan, model in zip(
        group.configs, fresh, group.plans, group.models, strict=True)]
