"""A section of an exported script: a heading, a few sentences and the code; also a part of the notebook."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100
_STANDARD = ("collections", "csv", "hashlib", "math", "os", "re", "urllib.request", "zipfile")


@dataclass(frozen=True)
class Section:
    """A section of the script.

    Attributes:
        title, text: plain words; text may be empty.
        code: Python.
        imports: lines that the code needs.
    """

    title: str
    text: str
    code: str
    imports: frozenset[str] = frozenset()


def joined(*parts: str) -> str:
    """Pieces of code, separated by a blank line, and by two around definitions.

    Empty pieces are left out.
    """
    joint = ""
    for part in filter(None, (part.strip("\n") for part in parts)):
        apart = _defines(part, 0) or _defines(joint, -1)
        joint += ("\n\n\n" if apart else "\n\n") * bool(joint) + part
    return joint


def _defines(code: str, place: int) -> bool:
    """Whether the first block of `code`, or its last, is a function or a class."""
    return code.split("\n\n\n" if place else "\n\n")[place].startswith(("def ", "class "))


def heading(section: Section) -> str:
    """The section's title and text as comments."""
    words = textwrap.wrap(section.text, WIDTH - 2)
    return "\n".join([f"# ===== {section.title} =====", *(f"# {line}" for line in words)])


def import_lines(sections: Sequence[Section]) -> str:
    """The imports of all sections: the standard library's, then the others, each in order."""
    lines = {line for section in sections for line in section.imports}
    own = {line for line in lines if line.split()[1] in _STANDARD}
    return joined(_ordered(own), _ordered(lines - own))


def _ordered(lines: set[str]) -> str:
    """`import x` above `from x import y`, as is usual, and one line per module."""
    names: dict[str, list[str]] = {}
    for line in sorted(lines):
        module, _, name = line.removeprefix("from ").partition(" import ")
        if line.startswith("from "):
            names.setdefault(module, []).append(name)
    return "\n".join([*sorted(line for line in lines if line.startswith("import ")),
                      *(f"from {module} import {', '.join(names[module])}" for module in names)])
