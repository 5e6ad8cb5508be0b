"""Runs exported scripts one after the other, in a fresh process; prints what each of them printed, as JSON.

python running.py FOLDER: each folder in it holds a script.py, which runs there.
"""

import contextlib
import io
import json
import os
import runpy
import sys
import traceback
from pathlib import Path

printed = {}
for script in sorted(Path(sys.argv[1]).resolve().glob("*/script.py")):
    os.chdir(script.parent)
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(str(script), run_name="__main__")
    except Exception:
        out.write(traceback.format_exc())
    printed[script.parent.name] = out.getvalue()
assert not [name for name in sys.modules if name == "core" or name.startswith("core.")]
print(json.dumps(printed))
