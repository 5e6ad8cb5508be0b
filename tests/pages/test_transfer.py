"""A start on other data in the sidebar: which layers are taken over and frozen, in the page and its link."""

from core.runs.config import RunConfig
from tests.pages.reading import address, unescaped
from ui.form.permalink import to_params

SMALL = {"dataset": "digits", "architecture_parameters": {"hidden_units": [12, 8]}, "epochs": 2}
CLASSES = {"dataset_parameters": {"classes": list("01234")}}


def test_layers_are_chosen_and_frozen_and_the_link_says_so(open_page):
    config = RunConfig.from_dict(SMALL | {"start": {"at": "kept", "config": CLASSES}})
    page = open_page(**to_params(config)).open("start", "dataset_parameters")
    said = unescaped(page)
    assert "2 of 3 layers taken over" in said and "on Digits 8x8 (0, 1, 2, 3, 4)" in said
    page.at.selectbox(key="start_layers").select(1)
    page.run()
    page.at.selectbox(key="start_frozen").select(1)
    page.run()
    page.at.multiselect(key="digits_classes").set_value(["5", "7"])
    page.run()
    found = address(page)
    assert (found.start.layers, found.start.frozen) == (1, 1) and found.data.classes == ("5", "7")
    assert "1 of 3 layers taken over, 1 frozen" in unescaped(page)
    page.at.number_input(key="rate_factor").set_value(0.1)
    page.run()
    assert address(page).start.rate_factor == 0.1
    page.press("train").until("finished")
    assert page.runs[-1].config == address(page)
    assert "1 frozen" in page.parts["runs"]["chips"][-1]["differs"]
    # With the same classes as the start again, its output layer fits too.
    page.at.multiselect(key="digits_classes").set_value(list("01234"))
    page.at.selectbox(key="start_layers").select("all")
    page.run()
    assert "layers taken over" not in unescaped(page) and "1 frozen" in unescaped(page)


def test_more_layers_than_there_are_are_refused_in_words(open_page):
    config = RunConfig.from_dict(SMALL | {"start": {"at": "kept", "layers": 2, "config": CLASSES}})
    page = open_page(**to_params(config))
    page.at.selectbox(key="architecture").select("softmax")
    page.run()
    assert "has only an output layer" in unescaped(page)
