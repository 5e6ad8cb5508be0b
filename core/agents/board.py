"""`BoardLayout`: the board of a grid world, which the learner draws, as a parameter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.parameters import FieldError, short_repr

FREE, WALL, PIT, GOAL, SMALL, START = ".", "#", "P", "G", "g", "S"
# What can be placed: the letter in a row, and its name.
CELLS = {FREE: "free", WALL: "wall", PIT: "pit", GOAL: "goal", SMALL: "small goal", START: "start"}
LEAST_SIDE, MOST_SIDE = 2, 12

Rows = tuple[str, ...]


@dataclass(frozen=True)
class BoardLayout:
    """A rectangle of cells, as rows of letters from the top down; `S..G/.#P.` in a link."""

    name: str
    label: str
    help: str
    default: Rows

    def check(self, value: Any, owner: str = "", field: str = "") -> Rows:
        """`value` as a tuple of rows. Raises `FieldError` unless it has one start and at least one goal."""
        field = field or self.name
        if not isinstance(value, list | tuple) or not all(isinstance(row, str) for row in value[:MOST_SIDE]):
            raise FieldError(field, f"{self.label} must be a list of rows such as 'S..G', got "
                             f"{short_repr(value)}.")
        height, width = len(value), len(value[0]) if value else 0
        if not (LEAST_SIDE <= height <= MOST_SIDE and LEAST_SIDE <= width <= MOST_SIDE):
            raise FieldError(field, f"{self.label} must have {LEAST_SIDE} to {MOST_SIDE} rows and columns, "
                             f"got {height} rows and {width} columns.")
        for number, row in enumerate(value, 1):
            if len(row) != width:
                raise FieldError(field, f"All rows of {self.label.lower()} must have {width} cells, row "
                                 f"{number} has {len(row)}.")
            strange = next((letter for letter in row if letter not in CELLS), None)
            if strange is not None:
                known = ", ".join(f"{letter} ({name})" for letter, name in CELLS.items())
                raise FieldError(field, f"A cell of {self.label.lower()} must be one of {known}, got "
                                 f"{short_repr(strange)} in row {number}.")
        letters = "".join(value)
        if letters.count(START) != 1:
            raise FieldError(field, f"{self.label} must have exactly one start, got {letters.count(START)}.")
        if GOAL not in letters and SMALL not in letters:
            raise FieldError(field, f"{self.label} must have at least one goal. Place one.")
        return tuple(value)

    def format(self, value: Sequence[str]) -> str:
        return "/".join(value)

    def parse(self, text: str) -> Any:
        return tuple(text.split("/"))
