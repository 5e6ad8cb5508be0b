"""The rules of a grid world, as arrays: where each move leads, what each cell gives, and the shortest path.

Cells are numbered row by row from the upper left. The agent moves up, right, down or left; against a wall or
the edge it stays. With probability `slip` it moves sideways instead, to either side alike. Then, with
probability `wind`, it is blown one cell up, unless its episode has just ended. An episode ends in a pit or a
goal, or is cut off after `MOST_STEPS` steps.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from core.agents.board import GOAL, PIT, SMALL, START, WALL

# The change of row and column for each action, in the order of their numbers.
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
ACTIONS = ("up", "right", "down", "left")
UP = 0
MOST_STEPS = 100


@dataclass(frozen=True, eq=False)
class GridWorld:
    """A board with its rewards, as arrays.

    Attributes:
        rows: as in `BoardLayout`.
        rewards: by letter, what entering such a cell gives beside `step`.
        step: the reward of every move, usually a little below 0.
        slip, wind: probabilities.
    """

    rows: tuple[str, ...]
    rewards: dict[str, float]
    step: float
    slip: float = 0.0
    wind: float = 0.0

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    @property
    def cells(self) -> int:
        return self.shape[0] * self.shape[1]

    @cached_property
    def letters(self) -> str:
        return "".join(self.rows)

    @property
    def start(self) -> int:
        return self.letters.index(START)

    @cached_property
    def ends(self) -> np.ndarray:
        """bool (cells,): whether an episode ends there."""
        return np.array([letter in (PIT, GOAL, SMALL) for letter in self.letters])

    @cached_property
    def gives(self) -> np.ndarray:
        """float32 (cells,): the reward of a move that ends in the cell."""
        return np.array([self.step + self.rewards.get(letter, 0.0) for letter in self.letters], np.float32)

    @cached_property
    def next(self) -> np.ndarray:
        """int32 (cells, 4): the cell to which each move leads, without slip and wind."""
        height, width = self.shape
        found = np.zeros((self.cells, len(MOVES)), np.int32)
        for cell in range(self.cells):
            for action, (down, right) in enumerate(MOVES):
                row, column = cell // width + down, cell % width + right
                inside = 0 <= row < height and 0 <= column < width
                free = inside and self.letters[row * width + column] != WALL
                found[cell, action] = row * width + column if free else cell
        return found

    @cached_property
    def transitions(self) -> np.ndarray:
        """float64 (cells, 4, cells): the probability of each next cell, slip and wind included."""
        chances = np.zeros((self.cells, len(MOVES), self.cells))
        for action in range(len(MOVES)):
            turns = ((action, 1 - self.slip), ((action + 1) % 4, self.slip / 2), ((action - 1) % 4,
                self.slip / 2))
            for taken, chance in turns:
                for cell in range(self.cells):
                    there = self.next[cell, taken]
                    gust = 0.0 if self.ends[there] else self.wind
                    chances[cell, action, there] += chance * (1 - gust)
                    chances[cell, action, self.next[there, UP]] += chance * gust
        return chances

    def shortest(self, letters: Sequence[str] = (GOAL, SMALL)) -> int | None:
        """Moves of the shortest way from the start to one of these cells; None if there is none."""
        seen, queue = {self.start: 0}, deque([self.start])
        while queue:
            cell = queue.popleft()
            if self.letters[cell] in letters:
                return seen[cell]
            for there in () if self.ends[cell] else map(int, self.next[cell]):
                if there not in seen:
                    seen[there] = seen[cell] + 1
                    queue.append(there)
        return None


# The coach asks every second, and where each step pays, it takes a fifth of a second.
@lru_cache(maxsize=16)
def best_values(grid: GridWorld, discount: float) -> np.ndarray:
    """float64 (cells, 4): the best possible Q values, by value iteration (Sutton and Barto 2018, 4.4)."""
    values, q = np.zeros(grid.cells), np.zeros((grid.cells, len(MOVES)))
    for _ in range(10_000):
        q = grid.transitions @ (grid.gives + discount * values * ~grid.ends)
        better = q.max(1)
        if np.abs(better - values).max() < 1e-9:
            break
        values = better
    return q
