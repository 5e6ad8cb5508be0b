"""A section of an exported script: a heading, a few words, and the code; a notebook has the same ones."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100


@dataclass(frozen=True)
class Section:
    """title, text: plain words, text may be empty. code: Python. imports: lines that the code needs."""

    title: str
    text: str
    code: str
    imports: frozenset[str] = frozenset()


def joined(*parts: str) -> str:
    """Pieces of code one below the other with a blank line between; empty ones are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def heading(section: Section) -> str:
    """The section's title and text as comments."""
    words = textwrap.wrap(section.text, WIDTH - 2)
    return "\n".join([f"# ===== {section.title} =====", *(f"# {line}" for line in words)])


def import_lines(sections: Sequence[Section]) -> str:
    """The imports of all sections: the standard library's, then the others, each in order."""
    lines = {line for section in sections for line in section.imports}
    own = {line for line in lines if line.split()[1] in ("math", "os")}

    def ordered(some: set[str]) -> str:
        # `import x` above `from x import y`, as is usual.
        return "\n".join(sorted(some, key=lambda line: (line.startswith("from"), line)))

    return joined(ordered(own), ordered(lines - own))
