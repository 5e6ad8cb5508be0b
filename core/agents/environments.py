"""The environments on offer: what an agent sees, what it can do, and what a learner can change about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.agents import grid
from core.agents.board import GOAL, PIT, SMALL, BoardLayout
from core.agents.boards import BOARDS, MAZE
from core.agents.grid import GridWorld
from core.parameters import FloatRange, Parameter

BOARD = BoardLayout("board", "Board", "Where walls, pits, goals and the start are. Choose what to place, "
                    "then click or touch a cell. An episode ends in a goal or a pit.",
                    BOARDS[MAZE])
SLIP = FloatRange("slip", "Slip", "The probability that a move goes sideways, to either side of where the "
                  "agent wanted to go. 0: it never slips.", 0.0, 0.5, 0.0)
WIND = FloatRange("wind", "Wind", "The probability that the wind blows the agent one cell up after a move. "
                  "0: no wind.", 0.0, 0.5, 0.0)
GOAL_REWARD = FloatRange("goal_reward", "Reward of the goal", "What the agent gets for reaching the goal. "
                         "The episode ends there.", -10.0, 10.0, 1.0)
SMALL_REWARD = FloatRange("small_reward", "Reward of the small goal", "What it gets for reaching a small "
                          "goal. The episode ends there, too. A short-sighted agent prefers a small goal "
                          "nearby to a goal far away.", -10.0, 10.0, 0.3)
PIT_REWARD = FloatRange("pit_reward", "Reward of a pit", "What it gets for falling into a pit, usually below "
                        "0. The episode ends there.", -10.0, 10.0, -1.0)
STEP_REWARD = FloatRange("step_reward", "Reward of a step", "What it gets for each step. A little below 0 "
                         "makes short ways better than long ones.", -1.0, 1.0, -0.02)


@dataclass(frozen=True)
class Environment:
    """One environment.

    Attributes:
        actions: the names of the actions, in the order of their numbers.
        observed: the names of the numbers that an agent sees, with their units.
        most_steps: after so many steps an episode is cut off.
        parameters: what a learner can change about it.
        solved: the mean return of 100 episodes from which on it counts as solved; None where the shortest way
            decides.
        gymnasium: its name in gymnasium; empty if it is not there.
    """

    name: str
    label: str
    help: str
    actions: tuple[str, ...]
    observed: tuple[str, ...]
    most_steps: int
    parameters: tuple[Parameter, ...] = ()
    solved: float | None = None
    gymnasium: str = ""


ENVIRONMENTS: Mapping[str, Environment] = {entry.name: entry for entry in (
    Environment("grid", "Grid world", "The agent looks for a goal on a board. It sees only which cell "
                "it is in, and at first it knows nothing.", grid.ACTIONS, ("cell",), grid.MOST_STEPS,
                (BOARD, SLIP, WIND, GOAL_REWARD, SMALL_REWARD, PIT_REWARD, STEP_REWARD)),
    Environment("cartpole", "CartPole", "A pole stands on a cart. The agent pushes the cart to the left or "
                "to the right, 50 times a second, and gets 1 for every step until the pole falls or the cart "
                "leaves the track. An episode has at most 500 steps.", ("left", "right"),
                ("position (m)", "velocity (m/s)", "angle (rad)", "angular velocity (rad/s)"), 500,
                solved=475.0, gymnasium="CartPole-v1"))}


def grid_of(values: Mapping[str, Any]) -> GridWorld:
    """The grid world with these parameters."""
    rewards = {GOAL: values["goal_reward"], SMALL: values["small_reward"], PIT: values["pit_reward"]}
    return GridWorld(tuple(values["board"]), rewards, values["step_reward"], values["slip"], values["wind"])
