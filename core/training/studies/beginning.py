"""Where the members of a group begin that start from another run's weights: it is trained once for all."""

from collections.abc import Callable

import numpy as np

from core.settings import Settings
from core.training.snapshot import Position, RunState
from core.training.starting import state_before
from core.training.stopping import EarlyStopping
from core.training.studies.members import Group
from core.training.studies.strategies import Way, first_states
from core.training.trainer import Trainer
from core.training.weight_paths import paths


def begin_together(group: Group, way: Way, settings: Settings,
                   stopped: Callable[[], bool]) -> list[RunState] | None:
    """The state in which each member begins; None if the study is stopped. All have the same start.

    The first member trains it, and the others read it. Raises as `state_before`.
    """
    begun, split = list[RunState](), group.splits[0]
    for lane, state in enumerate(first_states(way.program, group)):
        config = group.configs[lane]
        first = RunState(Position(0, config.learning_rate), state, np.zeros(6, np.float32),
                         EarlyStopping(config.patience))
        training = state_before(
            config, first, group.plans[lane], paths(group.models[lane]), stopped, settings,
            lambda start, mailbox, rates: Trainer(start, split, mailbox, settings, rates))
        try:
            while True:
                next(training)
        except StopIteration as ended:
            if ended.value is None:
                return None
            begun.append(ended.value)
    return begun
