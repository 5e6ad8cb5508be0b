"""Runs of agents for the tests, and their events."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.events import AgentEvent
from core.agents.history import AgentHistory
from core.runs.checkpoints import Checkpoints
from core.runs.controls import ControlsMailbox
from core.runs.events import Parked, Resumed
from core.settings import from_environment
from core.training.agents.fit import fit_agents
from core.training.agents.pacer import AgentMailbox

TINY: Any = {"board": ("S..", ".#.", ".PG")}


def mailbox_of(**values: Any) -> AgentMailbox:
    return ControlsMailbox(AgentControls(**values))


def follow(config: AgentConfig, mailbox: AgentMailbox | None = None, replay: Sequence[Any] = (),
           checkpoints: Checkpoints | None = None,
           see: Callable[[AgentEvent], object] = lambda event: None) -> tuple[list[AgentEvent], AgentHistory]:
    """All events of a run, and its history. see: is shown each event as it comes."""
    events, history = [], AgentHistory()
    for event in fit_agents(config, mailbox or mailbox_of(), from_environment(), replay, checkpoints):
        events.append(event)
        if not isinstance(event, Parked | Resumed):
            history.append(event)
        see(event)
    return events, history


def same_episodes(one: AgentHistory, other: AgentHistory) -> None:
    """Asserts that exactly the same happened."""
    np.testing.assert_array_equal(one.episodes, other.episodes)
    assert one.snapshot and other.snapshot
    np.testing.assert_array_equal(one.snapshot.scores, other.snapshot.scores)
