"""The documents are true: links open, files exist, and no module is left out."""

import ast
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from core.datasets import DATASETS
from core.lessons import ideas

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", *(
    str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.md"))))


def targets(text: str) -> list[str]:
    """Where the links of a document lead."""
    return re.findall(r"\]\(([^()\s]+)\)", text)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_ideas_are_those_of_the_app():
    assert read("docs/learning.md") == ideas.document(), "write it again: python -m core.lessons.ideas"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_knows_where_the_app_runs(name: str):
    assert not re.search(r"\]\(https?://(localhost|127\.)", read(name))


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


def listed(docstring: str) -> set[str]:
    """The files that a folder's docstring lists: one begins each line of its last part."""
    return set(re.findall(r"^([a-z_][a-z0-9_]*\.py)  ", docstring, re.MULTILINE))


def folders() -> list[Path]:
    return sorted({path.parent for part in ("core", "ui") for path in (ROOT / part).rglob("*.py")})


@pytest.mark.parametrize("folder", folders(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_folder_says_what_it_is_for_and_lists_its_files(folder: Path):
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
    assert len(said.splitlines()[0]) > 10
    assert listed(said) == {path.name for path in folder.glob("*.py")} - {"__init__.py"}


def test_a_file_that_is_left_out_would_be_found():
    assert listed("What it is.\n\na.py   one\nb_2.py  other") == {"a.py", "b_2.py"}


def test_architecture_names_every_folder_and_is_short():
    text = read("ARCHITECTURE.md")
    assert not [path.name for path in folders() if f"{path.name}/" not in text]
    assert len(text.splitlines()) <= 120


def test_the_table_of_datasets_names_every_dataset():
    cells = re.findall(r"^\| (\*\*.+?\*\*) \|", read("README.md"), re.MULTILINE)
    # It may be the sample of it that is here.
    labels = {"CIFAR-10" if name == "cifar10" else dataset.label for name, dataset in DATASETS.items()}
    assert {name for cell in cells for name in re.findall(r"\*\*(.+?)\*\*", cell)} == labels
