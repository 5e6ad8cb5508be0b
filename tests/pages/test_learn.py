"""Learn: the address says what is shown, and a copied link opens the stage."""

import pytest

from core.store import LessonProgress
from tests.pages.reading import address, said
from ui.session import runs


@pytest.fixture
def learn(open_page):
    page = open_page()

    def opened(**params: str):
        page.visit("pages/learn.py")
        page.at.query_params.clear()
        page.at.query_params.update(params)
        return page.run()

    return opened


def test_an_address_opens_one_article_and_show_all_the_rest(learn):
    page = learn(term="epoch")
    assert "One pass through all training examples." in said(page) and "size of each step" not in said(page)
    page.press("term_all")
    assert page.at.query_params == {} and page.at.session_state["learn_section"] == "words"


def test_a_search_goes_through_all_groups(learn):
    page = learn(section="ideas")
    page.at.text_input(key="idea_typed").input("sigmoid layers").run()
    page.run()
    assert "Vanishing gradients" in said(page) and "Neuron" not in said(page)


def test_the_card_of_softmax_says_what_the_formula_says(learn):
    page = learn(idea="softmax_by_hand")
    assert "70.5 %" in " ".join(str(one.proto.text) for one in page.at.get("progress"))


def test_progress_is_deleted_by_two_presses_and_comes_back(learn):
    page = learn(section="progress")
    owner = page.at.session_state[runs.OWNER]
    runs.service().progress.note(owner, LessonProgress("depth", "Worse", True, passed=1.0))
    page.run()
    page.press("progress_delete_all")
    assert not runs.service().progress.of(owner) and "passed **0 of" in said(page)
    page.press("progress_undo")
    assert runs.service().progress.of(owner)["depth"].passed == 1.0 and "passed **1 of" in said(page)


def test_a_copied_link_to_the_stage_opens_it(learn):
    # Streamlit writes it as `?dataset=...`, which the browser completes to an address of this page.
    page = learn(dataset="xor", epochs="7")
    assert page.at.selectbox(key="dataset").value == "xor" and address(page).epochs == 7
