"""Finds what our sources use of other packages although its name marks it as private."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Documented, although their names begin with an underscore: namedtuple's, and SQLAlchemy's Row._mapping.
PUBLIC = {"_replace", "_asdict", "_fields", "_mapping"}
# Modules of which every piece that we import needs a row in the table of test_private_apis.py.
INSIDE = re.compile(
    r"streamlit\.(runtime|web|proto|config|elements|delta_generator)\b|keras\.src\b|\w+(\.\w+)*\._[a-z]"
    r"|jax\.(extend|interpreters|core)\b|distributed\.(worker|scheduler|nanny|core|comm|protocol|cli)\w*\.")
# What a script or a style sheet takes from others: Plotly's private names, and Streamlit's elements.
FOREIGN = {".js": r"(?<![\w$\"'`])(?<!document\.)_[A-Za-z]\w*", ".css": r"(?<![\w-])st[A-Z][\w-]*"}

Nodes = Mapping[str, Sequence[ast.AST]]  # of each file
Uses = Iterator[tuple[str, str]]


def sources() -> Nodes:
    """The syntax nodes of each source file that is shipped."""
    files = [path for part in ("core", "ui", "pages") for path in sorted((ROOT / part).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): list(ast.walk(ast.parse(path.read_text("utf-8"))))
            for path in (*files, ROOT / "app.py", ROOT / "navigation.py")}


def imports(files: Nodes) -> Uses:
    """(file, dotted name) of each import from inside of a package."""
    for file, nodes in files.items():
        for node in nodes:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            start = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            names = [f"{start}{name.name}" for name in node.names]
            yield from ((file, name) for name in names if INSIDE.match(name))


def attributes(files: Nodes) -> Uses:
    """(file, name) of each attribute with an underscore that no source of ours defines.

    What a class asks of `super()` is foreign unless another class of ours has it too.
    """
    own = Counter(name for nodes in files.values() for name in _defined(nodes))
    for file, nodes in files.items():
        for node in nodes:
            if not isinstance(node, ast.Attribute) or not re.match("_[^_]", node.attr) or node.attr in PUBLIC:
                continue
            base = ast.unparse(node.value)
            if base not in ("self", "cls") and own[node.attr] < (2 if base == "super()" else 1):
                yield file, node.attr


def _defined(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                yield name


def in_browser(folder: Path = ROOT / "static") -> Uses:
    """(file, name) of what the scripts and style sheets in `folder` take from others."""
    for path in sorted(folder.iterdir()):
        if path.suffix in FOREIGN and not path.name.startswith("plotly-"):
            text = re.sub(r"(?m)^\s*//.*$|(?s:/\*.*?\*/)", "", path.read_text("utf-8"))
            for name in sorted(set(re.findall(FOREIGN[path.suffix], text))):
                yield f"{folder.name}/{path.name}", name
