"""Runs exported scripts one after the other, in a fresh process; prints what each printed and learned.

python running.py FOLDER: a JSON object by the name of each script in it. `printed`: its lines; `shares`: of
1,000 moves in each direction from each cell, how many led to which cell, and `gives`: with what rewards.
"""

import contextlib
import io
import json
import runpy
import sys
from pathlib import Path
from typing import Any


def moves(names: dict[str, Any]) -> tuple[list[list[list[float]]], dict[int, float]]:
    """What the script's own board does."""
    world, count = names["GridWorld"](), len(names["CELLS"])
    shares, gives = [[[0.0] * count for _ in range(4)] for _ in range(count)], {}
    for cell in range(count):
        for action in range(4):
            for _ in range(1000):
                world.reset()
                world.cell = cell
                there, reward, _, _ = world.step(action)
                shares[cell][action][there] += 0.001
                gives[there] = reward
    return shares, gives


told = {}
for script in sorted(Path(sys.argv[1]).resolve().glob("*.py")):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        names = runpy.run_path(str(script), run_name="__main__")
    told[script.stem] = {"printed": out.getvalue().splitlines()}
    if "q" in names:
        told[script.stem]["q"] = names["q"].tolist()
        told[script.stem]["shares"], told[script.stem]["gives"] = moves(names)
assert not [name for name in sys.modules if name == "core" or name.startswith("core.")]
print(json.dumps(told))
