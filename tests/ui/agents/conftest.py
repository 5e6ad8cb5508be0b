"""A stage whose agents learn nothing."""

import pytest

from tests.agents import GRID, FakeAgents
from ui.agents.stage import AgentStage


@pytest.fixture
def stage() -> AgentStage:
    made = AgentStage(FakeAgents(), "me")
    made.choose(GRID)
    return made
