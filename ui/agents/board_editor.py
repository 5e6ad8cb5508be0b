"""The board of a grid world, which a learner draws: walls, pits, goals and the start."""

from core.agents.board import CELLS, LEAST_SIDE, MOST_SIDE, BoardLayout
from core.agents.boards import BOARDS
from ui.form.drawing import DrawnField

BOARD = DrawnField("board_editor", "board-place", 24, "rows")


def draw(parameter: BoardLayout, key: str, disabled: bool = False) -> None:
    """The board under `key`, what can be placed on it, and boards to begin with."""
    BOARD.draw(parameter, key, disabled, {
        "cells": [list(cell) for cell in CELLS.items()], "least": LEAST_SIDE, "most": MOST_SIDE,
        "boards": [[name, list(rows)] for name, rows in BOARDS.items()]})
