"""Programs compiled in advance are not compiled again when a learner presses Train."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from unittest.mock import patch

from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.events import Finished
from core.settings import from_environment
from core.training.agents.fit import fit_agents
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


def test_agents_compiled_ahead_are_ready_on_another_board_of_the_size():
    settings = from_environment({})
    here, there = (AgentConfig(environment_parameters={"board": board}, steps=50, agents=2) for board in (
        ("S.", ".G"), ("SG", "P.")))
    compile_ahead(here, settings)
    with patch("core.training.agents.programs.AgentProgram", side_effect=AssertionError("compiled again")):
        events = list(fit_agents(there, ControlsMailbox(AgentControls()), settings))
    assert isinstance(events[-1], Finished) and events[-1].status == "finished"
