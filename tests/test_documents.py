"""What the documents say is there: links that open, files that exist, and no module that is left out."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from core.datasets import DATASETS
from ui.form.permalink import Link, from_params, to_params

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", *(
    str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").glob("*.md"))))
PAGE = "http://localhost:8501/"
# Where what a line of the house says of its file begins, and how far each folder within another is moved.
SAID_FROM, INDENT = 20, 4
NAME = re.compile(r"[a-z_][a-z0-9_]*\.(?:py|js)\b")


def targets(text: str) -> list[str]:
    """Where the links of a document lead."""
    return re.findall(r"\]\(([^()\s]+)\)", text)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def opened(address: str) -> Link:
    """What the page makes of an address."""
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs), f"a name stands twice in {address}"
    return from_params(dict(pairs))


LINKS = [target for target in targets(read("docs/learning.md")) if target.startswith(f"{PAGE}?")]


def test_the_ideas_have_links():
    assert len(set(LINKS)) > 50


@pytest.mark.parametrize("address", sorted(set(LINKS)))
def test_a_link_opens_a_configuration(address: str):
    link = opened(address)
    assert link.refused is None, link.refused
    assert from_params(to_params(link.config, link.hidden, link.locked)) == link


def test_a_wrong_link_would_be_found():
    assert opened(f"{PAGE}?activation=reul").refused is not None
    assert opened(f"{PAGE}?units=3").refused is not None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_that_a_document_links_to_are_there(name: str):
    for target in targets(read(name)):
        if "://" not in target:
            path, _, anchor = target.partition("#")
            found = (ROOT / name).parent / unquote(path) if path else ROOT / name
            assert found.exists(), f"{name} links to {target}"
            assert not anchor or anchor in anchors(found), f"{name} links to {target}"


def anchors(document: Path) -> set[str]:
    """The names of a document's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def in_house(lines: list[str]) -> set[str]:
    """The paths that lines of the house name: what lies within a folder is moved in beneath it."""
    found, folders = set(), {}
    here = ""
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if depth < SAID_FROM:
            first = line.split()[0]
            here = folders.get(depth, "")
            if first.endswith("/"):
                here += first
                folders[depth + INDENT] = here
                found.add(here.rstrip("/"))
        found |= {here + name for name in NAME.findall(line)}
    return found


def house() -> set[str]:
    return in_house(read("ARCHITECTURE.md").split("```")[1].strip("\n").splitlines())


def test_a_house_is_read_as_it_is_drawn():
    lines = ["a/        x", "    b.py  y; c.py z", f"{' ' * SAID_FROM}and d.py", "    e/    w",
             "        f.py  v", "g.py      u"]
    assert in_house(lines) == {"a", "a/b.py", "a/c.py", "a/d.py", "a/e", "a/e/f.py", "g.py"}


def test_the_house_names_files_that_are_there():
    assert not [path for path in sorted(house()) if not (ROOT / path).exists()]


def test_no_module_is_left_out_of_the_house():
    there = {str(path.relative_to(ROOT)) for part in ("core", "ui", "pages", "static")
             for end in ("py", "js") for path in (ROOT / part).rglob(f"*.{end}")
             if path.name != "__init__.py"
             and not path.match("plotly-*.min.js")}  # copied there as the app starts
    assert not sorted(there - house())


def test_the_table_of_datasets_names_every_dataset():
    cells = re.findall(r"^\| (\*\*.+?\*\*) \|", read("README.md"), re.MULTILINE)
    # It may be the sample of it that is here.
    labels = {"CIFAR-10" if name == "cifar10" else one.label for name, one in DATASETS.items()}
    assert {name for cell in cells for name in re.findall(r"\*\*(.+?)\*\*", cell)} == labels
