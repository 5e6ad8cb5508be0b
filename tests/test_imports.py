"""Imports run one way, pages -> ui -> core; only core.training has Keras, only ui and pages Streamlit.

Proved twice: by what a fresh process has loaded after importing a part, and by reading the sources.
Each check is shown a case that it must refuse.
"""

import ast
import functools
import graphlib
import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("core", "ui", "pages", "benchmarks")
ENGINE = {"keras", "jax", "jaxlib", "tensorflow", "torch"}
# What runs on workers: they alone reach the engine.
TASKS = tuple(f"core.cluster.{name}_tasks" for name in ("run", "agent", "study", "question"))


@functools.cache
def sources() -> dict[str, ast.Module]:
    """The syntax tree of every module that is shipped, by its dotted name."""
    files = [path for part in PARTS for path in sorted((ROOT / part).rglob("*.py"))]
    files += [path for path in [ROOT / "app.py", ROOT / "navigation.py"] if path.exists()]
    return {dotted(path): ast.parse(path.read_text("utf-8"), str(path)) for path in files}


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.Module) -> set[str]:
    """Dotted names that a module imports, anywhere in it; `from a import b` gives both a and a.b."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "imports are absolute here"
            names |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return names


def belongs(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def offences(trees: dict[str, ast.Module]) -> list[str]:
    """Imports that run the wrong way, as "module -> imported"."""
    found = []
    for module, tree in trees.items():
        refused = []
        if belongs(module, "core"):
            refused += ["ui", "pages", "app", "streamlit"]
            if not belongs(module, "core.training", *TASKS):
                refused += ["core.training"]
        if belongs(module, "ui"):
            refused += ["pages", "app"]
        if belongs(module, "pages"):
            refused += ["pages", "app"]
        if belongs(module, "ui", "pages", "app"):
            refused += ["core.training", *TASKS]
        if not belongs(module, "core.training", "benchmarks"):
            refused += ENGINE
        if belongs(module, "core", "ui", "pages", "app"):
            refused += ["tests", "benchmarks"]
        found += [f"{module} -> {name}" for name in sorted(imported(tree)) if belongs(name, *refused)]
    return found


def at_top(tree: ast.Module) -> ast.Module:
    """The module without the bodies of its functions: what runs when it is imported."""
    kept = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return ast.Module(kept, [])


def loaded_after(*modules: str) -> set[str]:
    """Top-level packages in `sys.modules` of a fresh process that has imported `modules`."""
    code = (f"import importlib, sys\nfor name in {modules!r}:\n    importlib.import_module(name)\n"
            "print(*{name.split('.')[0] for name in sys.modules})")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def modules(*packages: str, without: tuple[str, ...] = ()) -> list[str]:
    return [name for name in sources() if belongs(name, *packages) and not belongs(name, *without)]


def test_the_page_process_loads_neither_keras_nor_jax():
    assert not loaded_after(*modules("core", "ui", without=("core.training",))) & ENGINE


def test_core_loads_no_streamlit():
    loaded = loaded_after(*modules("core"))
    assert "streamlit" not in loaded
    assert {"keras", "jax"} <= loaded, "the check would see what core.training loads"


def test_the_check_would_see_streamlit():
    assert "streamlit" in loaded_after("streamlit", "core.runs.config")


def test_imports_run_one_way():
    trees = sources()
    assert len(modules("core")) > 20
    assert offences(trees) == []


@pytest.mark.parametrize("module, line", [
    ("core.cluster.run_service", "import streamlit as st"),
    ("core.cluster.run_service", "from core.training import fit"),
    ("core.charts.curves", "from core.training.fit import fit"), ("core.runs.run", "import ui.form.widgets"),
    ("core.cluster.run_tasks", "import keras"), ("ui.form.widgets", "from pages import home"),
    ("ui.form.widgets", "import jax.numpy"),
    ("ui.form.widgets", "from core import training"), ("pages.home", "import pages.playground"),
    ("pages.home", "from core.cluster.run_tasks import train"), ("app", "import keras"),
    ("core.runs.run", "import tests"), ("core.runs.run", "def f():\n    from ui import forms")])
def test_an_import_the_wrong_way_is_found(module: str, line: str):
    assert offences({module: ast.parse(line)})


@pytest.mark.parametrize("module, line", [
    ("core.cluster.run_tasks", "def train():\n    from core.training.fit import fit"),
    ("core.training.fit", "import keras, jax"), ("ui.form.widgets", "import streamlit, core.runs.config"),
    ("pages.home", "from ui.form import widgets"), ("app", "import streamlit")])
def test_an_import_the_right_way_is_not(module: str, line: str):
    assert offences({module: ast.parse(line)}) == []


@pytest.mark.parametrize("name", TASKS)
def test_tasks_reach_the_engine_inside_their_functions_only(name):
    tree = sources()[name]
    assert any(belongs(one, "core.training") for one in imported(tree))
    assert not any(belongs(one, "core.training") for one in imported(at_top(tree)))


def test_no_module_imports_itself_by_a_detour():
    trees = sources()
    graph = {name: {other for other in imported(tree) if other in trees and other != name}
             for name, tree in trees.items()}
    list(graphlib.TopologicalSorter(graph).static_order())
    with pytest.raises(graphlib.CycleError):
        list(graphlib.TopologicalSorter({"a": {"b"}, "b": {"a"}}).static_order())


def rooms(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Which folders of core and ui each folder imports; a file beside the folders counts as one."""
    graph: dict[str, set[str]] = {}
    for module, tree in trees.items():
        if belongs(module, "core", "ui"):
            others = {room(name) for name in imported(tree) if belongs(name, "core", "ui")}
            # `from core.runs import config` names the folder and the module: both are in the same room.
            graph.setdefault(room(module), set()).update(others - {room(module), "core", "ui"})
    return graph


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def test_folders_import_one_way():
    graph = rooms(sources())
    assert len(graph) > 20
    list(graphlib.TopologicalSorter(graph).static_order())
    assert "core.cluster" not in graph["core.training"], "what trains knows nothing of who asks for it"


def allowed(docstring: str) -> set[str]:
    """The words of a docstring's sentence "May import: ...", the names of folders among them."""
    found = re.search(r"^May import: (.+?)\.$", docstring, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"\w+", found[1])) if found else set()


def test_folders_import_only_what_their_docstrings_allow():
    trees = sources()
    graph = rooms(trees)
    folders = {name for name in graph if (ROOT / name.replace(".", "/")).is_dir()} - {"core", "ui"}
    for name in sorted(folders):
        top = name.split(".")[0]
        used = {other.split(".")[1] for other in graph[name] & folders if other.startswith(f"{top}.")}
        assert used <= allowed(ast.get_docstring(trees[name]) or ""), name
    assert allowed("A folder.\n\nMay import: runs,\ncatalog.\n\na.py  charts") == {"runs", "catalog"}


def test_folders_in_a_circle_are_found():
    trees = {"core.a.one": ast.parse("from core.b import two"),
             "core.b.two": ast.parse("import core.b.three"),
             "core.b.three": ast.parse("def f():\n    from core.a.four import g")}
    with pytest.raises(graphlib.CycleError):
        list(graphlib.TopologicalSorter(rooms(trees)).static_order())


def test_a_class_name_stands_for_one_class():
    names = [node.name for module, tree in sources().items() if belongs(module, "core", "ui", "benchmarks")
             for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert len(names) > 200
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_what_the_app_imports_is_required_by_name():
    """A package that comes along with another today may not tomorrow."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    required = {re.split(r"[<>=\[ ]", line)[0] for line in lines if line and not line.startswith("#")}
    wheels = importlib.metadata.packages_distributions()
    # Benchmarks are run by whoever develops: they may also use what the tests need.
    used = {name.split(".")[0] for module, tree in sources().items() for name in imported(tree)
            if not belongs(module, "benchmarks")}
    foreign = used - sys.stdlib_module_names - {*PARTS, "app", "navigation", "__future__"}
    missing = {name for name in foreign if not required & {wheel.lower() for wheel in wheels.get(name, [])}}
    assert not missing
