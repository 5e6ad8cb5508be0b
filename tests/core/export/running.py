"""Runs exported scripts one after the other, in a fresh process; prints what each of them printed, as JSON.

python running.py FOLDER: each folder in it holds a script.py, which runs there and leaves answers.npz beside
it: the steps of the training, and what the trained model and the saved file answer for some test examples.
"""

import contextlib
import io
import json
import os
import runpy
import sys
import traceback
from pathlib import Path
from typing import Any


def note(names: dict[str, Any]) -> None:
    """Writes answers.npz from the names of a script that has run."""
    import keras
    import numpy as np

    model, x = names["model"], np.asarray(names["x_test"])[:50]
    saved = keras.models.load_model("model.keras")
    np.savez("answers.npz", steps=int(model.optimizer.iterations), model=model.predict(x, verbose=0),
             saved=saved.predict(x, verbose=0))


printed = {}
for script in sorted(Path(sys.argv[1]).resolve().glob("*/script.py")):
    os.chdir(script.parent)
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            names = runpy.run_path(str(script), run_name="__main__")
        note(names)
    except Exception:
        out.write(traceback.format_exc())
    printed[script.parent.name] = out.getvalue()
assert not [name for name in sys.modules if name == "core" or name.startswith("core.")]
print(json.dumps(printed))
