"""`AgentSummary`: an agent's run as the few numbers that the coach's rules read."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.agents.board import GOAL, PIT, SMALL
from core.agents.config import AgentConfig, Numbers
from core.agents.events import LENGTH, RETURN, AgentSnapshot
from core.agents.grid import GridWorld
from core.agents.history import AgentHistory
from core.agents.returns import WINDOW
from core.agents.run import AgentRun
from core.runs.run import ENDED

# A run in progress is judged once this share of its steps is done, and so many episodes have ended.
SHARE, FEWEST = 0.5, 20


class Aim(NamedTuple):
    """The end of an episode that brings the most: the letter of its cell, the moves there, their return."""

    letter: str
    moves: int
    total: float


class AgentSummary:
    """The numbers about an agent's run that the rules read.

    Attributes:
        numbers: what acts at once, at its newest values.
        step: steps done.
        returns: of the episodes, float (n,), all agents', in the order of their ends.
        endings: the letter of the cell where each ended, in a grid world; "" where it was cut off.
        means: of each `WINDOW` returns in a row; of all, if there are fewer. Never empty if returns are not.
        errors: float (n,), the squared errors of the values that are numbers.
        explored: the highest epsilon so far; 0 for a method without it.
        aim: None in another environment, and where no end can be reached.
    """

    def __init__(self, run: AgentRun):
        history = run.history
        self.config: AgentConfig = run.config
        self.grid: GridWorld | None = run.config.grid
        self.numbers: Numbers = {**run.config.numbers, **(history.changes[-1][1] if history.changes else {})}
        self.snapshot: AgentSnapshot | None = history.snapshot
        self.over, self.finished = run.status in ENDED, run.status == "finished"
        self.diverged = run.status == "diverged"
        self.step = history.progress.step if history.progress else 0
        self.returns = history.episodes[:, RETURN].astype(float)
        rows = np.array(history.losses).reshape(-1, 3)
        self.errors = rows[np.isfinite(rows[:, 1]), 1]
        self.explored = float(np.nanmax(rows[:, 2])) if np.isfinite(rows[:, 2]).any() else 0.0
        self._lengths = history.episodes[:, LENGTH]

    @property
    def settled(self) -> bool:
        """Whether enough has happened for a verdict."""
        falls = self.config.method_parameters.get("exploration_steps", 0)
        return len(self.returns) >= FEWEST and self.step > falls and (
            self.over or self.step >= SHARE * self.config.steps)

    @cached_property
    def means(self) -> np.ndarray:
        width = min(WINDOW, len(self.returns))
        return np.convolve(self.returns, np.full(width, 1 / width), "valid") if width else self.returns

    @property
    def level(self) -> float:
        return float(self.returns[-WINDOW:].mean())

    @cached_property
    def aim(self) -> Aim | None:
        if self.grid is None:
            return None
        ways = [(letter, self.grid.shortest((letter,))) for letter in (GOAL, SMALL)]
        return max((Aim(letter, way, self.grid.rewards[letter] + way * self.grid.step)
                    for letter, way in ways if way is not None), key=lambda aim: aim.total, default=None)

    @cached_property
    def endings(self) -> tuple[str, ...]:
        return self._ended(self.returns, self._lengths)

    def _ended(self, returns: np.ndarray, lengths: np.ndarray) -> tuple[str, ...]:
        """Recognized by the reward that the steps do not account for; only the longest may have been cut off.

        A goal may give 0, as beside Sutton and Barto's cliff, where each step costs.
        """
        if self.grid is None:
            return ()
        kinds = ("", *(letter for letter in (GOAL, SMALL, PIT) if letter in self.grid.letters))
        rewards = np.array([0.0, *(self.grid.rewards[letter] for letter in kinds[1:])])
        last = returns - self.grid.step * lengths
        away = np.abs(last[:, None] - rewards)
        away[lengths < self.config.world.most_steps, 0] = np.inf
        return tuple(kinds[place] for place in away.argmin(1))

    @property
    def demonstrated(self) -> str:
        """The letter of the cell where the newest demonstration ended; "" where it did not end by itself."""
        if self.grid is None or self.snapshot is None or not self.snapshot.rollout.ended:
            return ""
        return self.grid.letters[int(self.snapshot.rollout.observations[-1, 0])]

    @property
    def by_chance(self) -> bool:
        """Whether chance decides where a move leads: then a single episode says little."""
        return self.grid is not None and (self.grid.slip > 0 or self.grid.wind > 0)

    @property
    def fails(self) -> bool:
        """Whether the agent does not do what would bring the most.

        In a grid world: neither its demonstration nor most of its last episodes end there.
        """
        solved = self.config.world.solved
        if solved is not None:
            # Exploring costs returns, so the demonstration counts as well; it is of one agent alone.
            shown = self.snapshot.rollout.total if self.snapshot and self.config.agents == 1 else 0.0
            return max(self.level, shown) < solved
        if self.aim is None or self.demonstrated == self.aim.letter:
            return False
        last = self._ended(self.returns[-WINDOW:], self._lengths[-WINDOW:])
        return last.count(self.aim.letter) < len(last) / 2


def summary(run: AgentRun) -> AgentSummary | None:
    """The summary of a run so far; None while there is nothing to look at."""
    history: AgentHistory = run.history
    return None if history.progress is None or run.status == "failed" else AgentSummary(run)
