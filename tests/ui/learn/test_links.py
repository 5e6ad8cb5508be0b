"""Each link of an idea opens a stage, and each page that it names is there."""

from collections.abc import Iterator

import pytest

from core.lessons.ideas import IDEAS
from core.lessons.links import LEARN, PAGES, STAGE, LabelledLink
from tests.conftest import ROOT
from ui.form.permalink import from_params, to_params
from ui.learn.links import FILES, ICONS


def links() -> Iterator[tuple[str, LabelledLink]]:
    """All links, and the entry that each is of."""
    for idea in IDEAS.values():
        yield from ((f"idea {idea.name}", link) for link in idea.links)


def test_a_link_to_the_stage_opens_a_configuration(subtests: pytest.Subtests):
    stages = {link.link: (entry, link) for entry, link in links() if link.page == STAGE}
    assert len(stages) > 90
    for entry, link in stages.values():
        with subtests.test(f"{entry}: {link.link}"):
            opened = from_params(link.params)
            assert opened.refused is None, opened.refused
            again = from_params(to_params(opened.config, opened.hidden, opened.locked, opened.view))
            assert again == opened


def test_a_wrong_link_would_be_found():
    for wrong in ("?activation=reul", "?units=3"):
        assert from_params(LabelledLink("x", wrong).params).refused is not None


def test_a_link_to_learn_names_an_entry(subtests: pytest.Subtests):
    known = {"idea": IDEAS}
    for entry, link in links():
        if link.page == LEARN:
            with subtests.test(f"{entry}: {link.link}"):
                assert all(value in known[name] for name, value in link.params.items())


def test_every_page_has_a_file_and_an_icon():
    assert {*FILES} == {*ICONS} == {*PAGES}
    assert all((ROOT / file).is_file() for file in FILES.values())
