"""Links to the Agents page: a configuration comes back unchanged, and invalid values are refused by name."""

import pytest

from core.agents.config import AgentConfig
from core.agents.presets import PRESETS, good_start
from tests.agents import CARTPOLE
from ui.agents.link import START, from_params, to_params


def test_a_link_comes_back_as_it_was(subtests):
    for config in (*(preset.config for preset in PRESETS.values()), CARTPOLE.replaced(agents=7, seed=5)):
        with subtests.test(config.name):
            params = to_params(config)
            assert from_params(params).config == config and from_params(params).refused is None
            assert set(params) == set(config.parameters()), "nothing is left to a default"


def test_a_link_is_readable_and_may_be_short():
    params = to_params(AgentConfig(method="dqn"))
    assert params["environment.board"].startswith("S....#../.##")
    assert (params["method.hidden_units"], params["epsilon"]) == ("64-64", "0.1")
    assert from_params({"epsilon": "0"}).config == START.replaced(epsilon=0.0)
    assert from_params({}).config == START
    found = from_params({"environment": "cartpole", "method": "dqn", "method.replay": "500"}).config
    assert found == good_start("cartpole", "dqn").replaced(method_parameters={"replay": 500})


@pytest.mark.parametrize("params, field, words", [
    ({"epsilon": "2"}, "epsilon", "between 0 and 1"), ({"epsilon": "much"}, "epsilon", "'much'"),
    ({"environment": "chess"}, "environment", "grid, cartpole"),
    ({"environment": "cartpole"}, "method", "cannot learn CartPole"),
    ({"environment": "cartpole", "method": "dqn", "environment.slip": "0.1"}, "environment.slip", "no field"),
    ({"method.replay": "500"}, "method.replay", "no field"), ({"epochs": "5"}, "epochs", "no field"),
    ({"environment.board": "S./.."}, "environment_parameters.board", "at least one goal"),
    ({"environment.board": "S" * 500}, "environment.board", "at most 400 characters"),
    ({"environment.": "1"}, "environment.", "no field")])
def test_what_is_refused_is_named(params, field, words):
    link = from_params(params)
    assert link.config == START and link.refused is not None
    assert link.refused.field == field and words in link.refused.message
