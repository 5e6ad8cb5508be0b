"""Take it home: the files of the shown run, and a configuration that is opened again."""

import io
import json
import zipfile

import numpy as np
import pytest

import core.export as export
from core.runs.config import RunConfig
from tests.pages.reading import address, said
from ui.form import take_home
from ui.form.permalink import to_params
from ui.session import runs

SMALL = RunConfig(epochs=3, seed=5)


def with_files(open_page, config: RunConfig):
    page = open_page(**to_params(config))
    page.at.session_state["take_home"] = True
    return page.run()


def buttons(page) -> dict[str, bool]:
    """The downloads by name, and whether each can be had."""
    return {element.key: not element.proto.disabled for element in page.at.download_button}


def test_choices_alone_are_a_script_a_notebook_and_a_configuration(open_page):
    assert buttons(with_files(open_page, SMALL)) == {
        "take_script": True, "take_notebook": True, "take_model": False, "take_weights": False,
        "take_history": False, "take_configuration": True}


def test_nothing_is_made_while_the_panel_is_closed(open_page):
    assert not open_page().at.download_button


def test_a_run_is_a_model_weights_and_a_history_as_well(open_page):
    page = with_files(open_page, SMALL).press("train").until("finished")
    assert all(buttons(page).values())
    # Written before anybody presses; until then the page says what goes on.
    page.until(lambda: "writing the model" not in said(page))
    run = page.runs[-1]
    asked = runs.service().run_service.questions.saved_model(page.at.session_state[runs.OWNER], run.id)
    assert isinstance(asked, bytes), "a press does not wait"
    made = take_home.model(runs.service().run_service, page.at.session_state[runs.OWNER], run.id)
    assert {"config.json", "model.weights.h5"} <= set(zipfile.ZipFile(io.BytesIO(made)).namelist())
    ended = run.history.finished
    weights = np.load(io.BytesIO(export.weights_npz(ended.weights, ended.paths)))
    assert list(weights)[:2] == ["dense_1/kernel", "dense_1/bias"]
    assert sum(weights[name].size for name in weights) == 4 * 16 + 16 + 16 * 16 + 16 + 16 * 3 + 3


def open_file(page, content: bytes):
    page.at.file_uploader(key="open_config").set_value(("mine.json", content, "application/json"))
    return page.run()


def test_a_saved_configuration_is_opened_again(open_page):
    saved = RunConfig(dataset="digits", architecture="cnn", learning_rate=0.003, epochs=7)
    page = open_file(with_files(open_page, SMALL), export.config_json(saved).encode())
    assert address(page) == saved
    assert page.at.selectbox(key="dataset").value == "digits"


@pytest.mark.parametrize("content, words", [
    (b"{", "not JSON"), (json.dumps({"epochs": 0}).encode(), "Epochs must be"), (b"\xff\xfe", "not a text")])
def test_a_file_with_nonsense_is_refused_in_words(open_page, content, words):
    page = open_file(with_files(open_page, SMALL), content)
    assert [words in element.value for element in page.at.error] == [True]
    assert address(page) == SMALL
