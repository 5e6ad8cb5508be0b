"""Each link of an idea opens a stage, and each page that it names is there."""

from collections.abc import Iterator

import pytest

from core.lessons.articles import ARTICLES, TEACHERS
from core.lessons.links import AGENTS, LEARN, LESSON, PAGES, STAGE, LabelledLink
from core.lessons.reading import lessons
from tests.conftest import ROOT
from ui.agents import link as agents_link
from ui.form.permalink import from_params, to_params
from ui.learn.links import FILES, ICONS, label
from ui.learn.overview import SECTION, SECTIONS


def links() -> Iterator[tuple[str, LabelledLink]]:
    """All links, and the article that each is of."""
    for kind, articles in {**ARTICLES, "teachers": TEACHERS}.items():
        for article in articles.values():
            yield from ((f"{kind} {article.name}", link) for link in article.links)


def test_a_link_to_the_stage_opens_a_configuration(subtests: pytest.Subtests):
    stages = {link.link: (entry, link) for entry, link in links()
              if link.page == STAGE and LESSON not in link.params}
    assert len(stages) > 90
    for entry, link in stages.values():
        with subtests.test(f"{entry}: {link.link}"):
            opened = from_params(link.params)
            assert opened.refused is None, opened.refused
            again = from_params(to_params(opened.config, opened.hidden, opened.locked, opened.view))
            assert again == opened


def test_a_link_to_the_agents_opens_one(subtests: pytest.Subtests):
    found = {link.link: link for _, link in links() if link.page == AGENTS}
    assert len(found) > 12
    for link in found.values():
        with subtests.test(link.link):
            opened = agents_link.from_params(link.params)
            assert opened.refused is None, opened.refused
            assert agents_link.from_params(agents_link.to_params(opened.config)) == opened


def test_a_wrong_link_would_be_found():
    for wrong in ("?activation=reul", "?units=3"):
        assert from_params(LabelledLink(wrong).params).refused is not None
    for wrong in ("agents?epsilon=2", "agents?method.slip=0", "agents?environment.board=S./.."):
        assert agents_link.from_params(LabelledLink(wrong).params).refused is not None


def test_a_link_to_learn_names_something_there(subtests: pytest.Subtests):
    for entry, link in links():
        with subtests.test(f"{entry}: {link.link}"):
            if link.page == LEARN:
                (kind, name), = link.params.items()
                assert name in ({**SECTIONS} if kind == SECTION else ARTICLES[kind])
            elif LESSON in link.params:
                assert link.params[LESSON] in lessons() and link.page == STAGE
            assert link.label or kind_of_title(link)


def kind_of_title(link: LabelledLink) -> bool:
    """Whether it opens something with a title."""
    return LESSON in link.params or bool({*ARTICLES} & {*link.params})


def test_every_page_has_a_file_and_an_icon():
    assert {*FILES} == {*ICONS} == {*PAGES}
    assert all((ROOT / file).is_file() for file in FILES.values())


def test_the_stage_knows_the_lessons_that_links_name():
    for name, lesson in lessons().items():
        link = LabelledLink.to({LESSON: name})
        assert from_params(link.params).refused is None and label(link) == f"Lesson: {lesson.title}"
