"""`pytest` by itself runs the quick tests, in two processes and no more, compiled with less optimization."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

TESTS = """
import os, pytest
def tell():
    print("in", os.environ.get("PYTEST_XDIST_WORKER", "the main process"))
    print("unoptimized:", os.environ.get("JAX_DISABLE_MOST_OPTIMIZATIONS"))
    print("kept:", os.environ["JAX_COMPILATION_CACHE_DIR"])
def test_quick(): tell()
@pytest.mark.sweep
def test_sweep(): tell()
"""


@pytest.mark.parametrize("arguments, ran, where", [
    ([], {"test_quick"}, "gw"), (["-n", "2"], {"test_quick", "test_sweep"}, "gw"),
    (["-m", "sweep"], {"test_sweep"}, "the main process"),
    (["tests/test_some.py"], {"test_quick", "test_sweep"}, "the main process")])
def test_what_an_argument_chooses(arguments: list[str], ran: set[str], where: str, tmp_path: Path):
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "tests")
    (tmp_path / "tests" / "test_some.py").write_text(TESTS, "utf-8")
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "JAX_"))}
    done = subprocess.run([sys.executable, "-m", "pytest", "-rP", *arguments], cwd=tmp_path, env=own,
                          text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert set(re.findall(r"_ (test_\w+) _", done.stdout)) == ran
    places = re.findall(r"^in (.+)$", done.stdout, re.MULTILINE)
    assert len(places) == len(ran) and all(place.startswith(where) for place in places)
    assert "gw2" not in done.stdout
    unoptimized, kept = (set(re.findall(rf"^{name}: (.+)$", done.stdout, re.MULTILINE))
                         for name in ("unoptimized", "kept"))
    assert unoptimized == {"None" if arguments else "1"}
    assert kept == {str(tmp_path / ".pytest_cache" / "d" / "compiled")}, "one folder for all processes"
