"""A made-up table of people, and choices for an uploaded table."""

from typing import Any

import numpy as np
import pandas as pd

from core.datasets.kept_tables import register
from core.datasets.table import Table, read_table

ROWS = 120


def people() -> pd.DataFrame:
    """Numbers and words with gaps, some of them where the target is missing."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({
        "age": rng.integers(18, 80, ROWS).astype(float), "colour": rng.choice(["red", "blue", "green"], ROWS),
        "height": rng.normal(170, 9, ROWS).round(1), "owns": rng.choice(["yes", "no"], ROWS),
        "price": rng.normal(1000, 300, ROWS).round(2), "kind": rng.choice(["cat", "dog", "eel"], ROWS)})
    frame.loc[3:9, "age"] = np.nan
    frame.loc[7:20, "colour"] = None
    frame.loc[0:4, ["kind", "price"]] = None
    frame.loc[2, "colour"] = "only here"
    return frame


def upload(frame: pd.DataFrame, name: str = "people.csv") -> Table:
    table = read_table(frame.to_csv(index=False).encode(), name)
    register(table)
    return table


def choose(table: Table, target: str, *columns: str, task: str = "classification") -> dict[str, Any]:
    return {"digest": table.digest, "target": target, "columns": columns, "task": task}
