"""Decision regions of a finished run, from the weights that came home with it."""

from collections.abc import Sequence

import numpy as np

from core.config import RunConfig
from core.datasets.splitting import split
from core.results import Regions
from core.settings import from_environment
from core.training.live import decision_regions
from core.training.plan import Plan
from core.training.program import State, data_of
from core.training.programs import program_for


def regions(config: RunConfig, weights: Sequence[np.ndarray], features: tuple[int, int]) -> Regions:
    """The regions over two other features. weights: of `Finished.weights`."""
    data = split(config.data, config.preparation)
    program = program_for(config, Plan.of(config, data), data_of(data), from_environment())
    count = len(program.model.trainable_variables)
    state = State(list(weights[:count]), list(weights[count:]), [])
    return decision_regions(program, state, data, features)
