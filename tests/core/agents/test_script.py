"""Exported scripts: they need nothing of this project, and learn what the best way is."""

import ast
import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.agents.config import AgentConfig
from core.agents.fields import PARAMETERS
from core.agents.grid import best_values
from core.agents.presets import PRESETS
from core.agents.script import script
from core.parameters import FieldError

TINY = {"board": ("S.#", ".P.", "..G"), "slip": 0.0, "wind": 0.0}
SMALL_NET = {"hidden_units": (16,)}
WINDY = {"board": ("S.g", ".#P", "..G"), "slip": 0.3, "wind": 0.2, "goal_reward": 2.0, "small_reward": 0.7,
         "pit_reward": -3.0, "step_reward": -0.1}
TABLES = {
    "q_learning": AgentConfig(environment_parameters=TINY, learning_rate=1.0, epsilon=0.5, steps=3000),
    "sarsa": AgentConfig(method="sarsa", environment_parameters=TINY, epsilon=0.05, steps=6000,
                         method_parameters={"exploration_steps": 2000}),
    "windy": AgentConfig(environment_parameters=WINDY, learning_rate=0.05, epsilon=0.5, steps=20_000)}

NETWORKS = {
    "grid_dqn": AgentConfig(
        method="dqn", environment_parameters=TINY, learning_rate=0.01, epsilon=0.3, batch_size=32, steps=1500,
        method_parameters=SMALL_NET | {"target_every": 50, "exploration_steps": 800}),
    "grid_policy": AgentConfig(method="policy_gradient", environment_parameters=TINY, learning_rate=0.02,
                               steps=800, method_parameters=SMALL_NET),
    "pole_dqn": AgentConfig(environment="cartpole", method="dqn", learning_rate=0.001, steps=120,
                            method_parameters=SMALL_NET | {"target_every": 0, "replay": 200}),
    "pole_policy": AgentConfig(environment="cartpole", method="policy_gradient", learning_rate=0.01,
                               steps=400, method_parameters=SMALL_NET | {"baseline": False})}


def ran(folder: Path, configs: dict[str, AgentConfig]) -> dict[str, Any]:
    """What the scripts of these configs printed and learned, in one process of their own."""
    for name, config in configs.items():
        (folder / f"{name}.py").write_text(script(config), "utf-8")
    done = subprocess.run([sys.executable, "-I", str(Path(__file__).with_name("running.py")), str(folder)],
                          capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_tables_find_the_shortest_way_on_the_same_board(tmp_path: Path, subtests: pytest.Subtests):
    for name, told in ran(tmp_path, TABLES).items():
        grid = TABLES[name].grid
        with subtests.test(name):
            assert grid is not None and "100 episodes: mean return" in told["printed"][0]
            assert np.abs(np.array(told["shares"]) - grid.transitions)[~grid.ends].max() < 0.07
            assert all(gave == pytest.approx(grid.gives[int(cell)]) for cell, gave in told["gives"].items())
            if name == "windy":
                best = best_values(grid, 0.95)[grid.start]
                assert told["q"][grid.start] == pytest.approx(best, abs=0.3)
            else:
                assert f" {grid.shortest()} steps" in told["printed"][-1]
            if name == "q_learning":
                assert told["q"][grid.start] == pytest.approx(best_values(grid, 0.95)[grid.start])


def test_networks_learn_a_tiny_board_and_run_to_the_end(tmp_path: Path):
    for name, told in ran(tmp_path, NETWORKS).items():
        grid, last = NETWORKS[name].grid, told["printed"][-1]
        if grid is None:
            assert "100 episodes: mean return" in told["printed"][0]
            assert float(last.split("mean return ")[1].split()[0]) >= 8
        else:
            steps = grid.shortest() or 0
            assert f" {steps} steps, return {1 - 0.02 * steps:.2f}" in last, name


def test_every_preset_is_a_clean_script_that_uses_what_it_imports(tmp_path: Path):
    for name, preset in PRESETS.items():
        (tmp_path / f"{name}.py").write_text(script(preset.config), "utf-8")
    done = subprocess.run(["ruff", "check", "--isolated", "--line-length", "110", "--select", "E,F,W,I",
                           str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_values_at_the_top_are_those_of_the_config_and_nothing_else():
    config = TABLES["windy"].replaced(seed=7)
    written = {}
    for node in ast.parse(script(config)).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                written[node.targets[0].id] = ast.literal_eval(node.value)
    for name, value in {**config.environment_parameters, "seed": 7, **config.numbers}.items():
        assert name == "batch_size" or written[name.upper()] == value


def test_no_field_can_bring_code_into_a_script():
    code = '"); import os; ("'
    with pytest.raises(FieldError):
        AgentConfig(environment_parameters={"board": (f"S{code}G",)})
    for name in PARAMETERS:
        with pytest.raises(FieldError):
            AgentConfig.from_dict({name: code})
    # Even a value that no check has seen is written as a value.
    config = AgentConfig()
    object.__setattr__(config, "environment_parameters", {**config.environment_parameters, "board": (code,)})
    assert [node.names[0].name for node in ast.parse(script(config)).body
            if isinstance(node, ast.Import | ast.ImportFrom)] == ["numpy"]
