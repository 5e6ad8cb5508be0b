"""The Agents page without a browser, over a service that trains nothing."""

from typing import Self

import pytest

from core.agents.config import AgentConfig
from core.agents.presets import PRESETS, good_start
from tests.agents import FakeAgents, progress, way
from tests.agents import episodes as ended
from tests.pages.app import App
from tests.pages.reading import unescaped
from ui.agents import panel
from ui.agents.link import from_params, to_params
from ui.session import runs


class AgentsPage(App):
    """The app, opened at its Agents page. parts: those of the live panel."""

    def __init__(self, **params: str):
        super().__init__()
        self.at.query_params.update(params)
        self.at.switch_page("pages/agents.py")
        self.run()

    def choose(self, key: str, value: str) -> Self:
        self.at.selectbox(key=key).select(value)
        return self.run()

    def address(self) -> AgentConfig:
        """The configuration that the address bar says."""
        link = from_params(self.at.query_params)
        assert link.refused is None
        return link.config


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, service: runs.Service) -> FakeAgents:
    made = FakeAgents()
    monkeypatch.setattr(panel, "driver", lambda: made)
    return made


def test_choices_fill_in_good_starts_and_act_on_the_run_that_is_shown(fake: FakeAgents):
    page = AgentsPage()
    assert page.parts["status"]["word"] == "Ready" and page.parts["world"]["grid"]["rows"][0] == "S....#.."
    page.at.number_input(key="agents_agents").set_value(3)
    page.run().choose("agents_environment", "cartpole")
    assert page.at.selectbox(key="agents_method").options == ["DQN (network)", "Policy gradient (network)"]
    assert page.address() == good_start("cartpole", "dqn").replaced(agents=3)
    page.choose("agents_method", "policy_gradient")
    keys = {element.key for element in page.at.number_input}
    assert "agents_batch_size" in keys and "agents_epsilon" not in keys
    page.choose("agents_environment", "grid").choose("agents_method", "q_learning")
    run = page.at.session_state[panel.STAGE].begin(page.address())
    page.at.number_input(key="agents_epsilon").set_value(0.6)
    page.run()
    assert run.controls.numbers == {"epsilon": 0.6} and not page.parts["bar"]["adopts"]
    progress(run, 40, ended((0, 40, -1, 40)))
    way(run, 40, 0, 1)
    page.run()
    assert page.parts["status"]["numbers"][1]["value"] == "1" and page.parts["returns"]["traces"]


def test_a_preset_fills_in_everything_and_keeps_its_diagnosis_to_itself(fake: FakeAgents):
    page = AgentsPage()
    page.at.session_state["agents_group_preset"] = True
    page.run().choose("agents_preset", "no_exploration")
    preset = PRESETS["no_exploration"]
    assert page.address() == preset.config and preset.diagnosis[:30] not in unescaped(page)
    assert page.parts["world"]["grid"]["rows"] == list(preset.config.environment_parameters["board"])
    page.at.session_state["agents_diagnosis"] = True
    page.at.number_input(key="agents_discount").set_value(0.5)
    page.run()
    assert preset.diagnosis[:30] in unescaped(page) and "Changed since: discount" in unescaped(page)


def test_a_link_is_followed_or_its_refusal_told(fake: FakeAgents):
    config = good_start("cartpole", "policy_gradient").replaced(agents=5)
    assert AgentsPage(**to_params(config)).address() == config
    refused = AgentsPage(epsilon="2")
    assert "Epsilon must be a number between 0 and 1" in unescaped(refused)
    assert refused.address() == good_start("grid", "q_learning")
