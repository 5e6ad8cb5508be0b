"""Programs compiled in advance are not compiled again when a learner presses Train."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from unittest.mock import patch

from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.events import Finished
from core.settings import from_environment
from core.training.fit import fit
from core.training.warm_up import compile_ahead


def test_a_network_compiled_ahead_is_ready():
    settings = from_environment({})
    config = RunConfig(epochs=2, architecture_parameters={"hidden_units": (13,)})
    compile_ahead(config, settings)
    data = split(config.data, config.preparation)
    with patch("core.training.program_cache.Program", side_effect=AssertionError("compiled again")):
        events = list(fit(config, data, ControlsMailbox(), settings))
    assert isinstance(events[-1], Finished) and events[-1].status == "finished"
