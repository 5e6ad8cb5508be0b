"""What a worker does while the learner reads: import Keras, and compile the first network."""

from collections import deque

from core.commands import ControlPanel
from core.config import RunConfig
from core.datasets.splitting import split
from core.settings import Settings
from core.training.fit import fit


def warm_up(settings: Settings) -> None:
    """Train the default configuration for one epoch, so that pressing Train finds it compiled."""
    config = RunConfig(epochs=1)
    data = split(config.dataset, config.seed, config.validation_share)
    deque(fit(config, data, ControlPanel(), settings), maxlen=0)
