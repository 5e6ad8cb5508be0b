"""The "?" help: every field has one, in a few sentences, with formulas that Markdown can read."""

import re
from typing import Any

import pytest

from core.catalog.activations import ACTIVATIONS
from core.catalog.augmentation import AUGMENTATION
from core.catalog.help import HELP
from core.catalog.losses import LOSSES
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.runs.config import PARAMETERS

ENTRIES: list[Any] = [*ACTIVATIONS.values(), *OPTIMIZERS.values(), *LOSSES.values(), *SCHEDULES.values()]
OWNED = {f"{entry.name}.{one.name}": one.help for entry in ENTRIES
         for one in getattr(entry, "parameters", ())}
TEXTS = (HELP | OWNED | {change.name: change.help for change in AUGMENTATION}
         | {entry.name: entry.help for entry in ENTRIES})


def test_a_text_is_a_few_sentences_that_markdown_reads_as_meant(subtests: pytest.Subtests):
    for name, text in TEXTS.items():
        with subtests.test(name):
            reads_as_meant(text)


def reads_as_meant(text: str) -> None:
    assert text[0].isupper() or text[0] in "`" or text.startswith(("standard", "elu"))
    assert text.endswith((".", ")")) and 30 < len(text) < 420
    assert text.count("$") % 2 == 0 and text.count("`") % 2 == 0
    plain = re.sub(r"\$[^$]*\$|`[^`]*`", "", text)
    assert not re.search(r"[\\*~<>\[\]{}]", plain), "a formula outside of its marks, or a sign of Markdown's"
    assert text.isprintable() and "  " not in text
    for formula in re.findall(r"\$([^$]*)\$", text):
        assert formula == formula.strip() and formula.count("{") == formula.count("}")


def test_every_field_has_one():
    assert set(PARAMETERS) <= set(HELP)


def test_what_always_stands_on_the_page_needs_no_formula_set_in_the_browser():
    """An entry's help is a caption; the library that sets formulas is loaded when the first is shown."""
    assert not [entry.name for entry in ENTRIES if "$" in entry.help]
