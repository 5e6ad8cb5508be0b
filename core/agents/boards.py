"""Boards to begin with, by name."""

from collections.abc import Mapping

from core.agents.board import Rows

MAZE, TWO_GOALS = "Maze", "Two goals"
BOARDS: Mapping[str, Rows] = {
    "Empty room": ("S......", ".......", ".......", ".......", ".......", ".......", "......G"),
    MAZE: ("S....#..", ".##..#..", ".#...P..", ".#.#....", "...#.##.", ".#.P..#.", ".#..#...", "...#..G."),
    # Sutton and Barto, Reinforcement Learning, 2018, example 6.6.
    "Cliff walk": ("............", "............", "............", "SPPPPPPPPPPG"),
    TWO_GOALS: ("..#.....", "g.S....G", "........"),
}
