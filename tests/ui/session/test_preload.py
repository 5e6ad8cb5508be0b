"""The server loads in advance exactly what its first visitor would have waited for."""

import json
import os
import subprocess
import sys

from tests.conftest import ROOT

# Names of the modules that the first page loads after all, of packages that take long.
PROGRAM = """
import json, sys
from streamlit.testing.v1 import AppTest
from ui.session import preload, runs

LONG = {"scipy", "sklearn", "pandas", "distributed", "sqlalchemy", "ui", "core"}

if sys.argv[1] == "ahead":
    preload.for_workers()
    preload.for_pages()
before = set(sys.modules)
page = AppTest.from_file("navigation.py", default_timeout=60).run()
print(json.dumps([str(page.exception), sorted(name for name in set(sys.modules) - before
                                               if name.partition(".")[0] in LONG)]))
runs.close()
"""


def loaded(way: str) -> list[str]:
    """What the first page loads; way: "ahead" after the server did."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, way], cwd=ROOT, text=True, capture_output=True,
                          env=os.environ | {"PLAYGROUND_WARM_UP": "0"})
    assert done.returncode == 0, done.stderr[-3000:]
    error, names = json.loads(done.stdout.splitlines()[-1])
    assert error == "ElementList()", error
    return names


def test_the_first_page_finds_all_that_takes_long():
    assert len(loaded("ahead")) < 20 < len(loaded("later"))
