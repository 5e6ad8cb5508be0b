"""The sidebar of the Playground: choices, links, locked and hidden fields, and what does not fit."""

import pytest

from core.runs.config import RunConfig
from core.runs.presets import good_start
from tests.pages.reading import address, keys, said, unescaped
from ui.form.permalink import FIELDS, from_params, to_params

DIGITS_CNN = RunConfig(dataset="digits", architecture="cnn", epochs=3,
                       architecture_parameters={"filters": [4], "dense_units": [8]})


def test_the_address_follows_the_widgets(open_page):
    page = open_page()
    page.at.selectbox(key="dataset").select("wine")
    page.at.selectbox(key="optimizer").select("sgd_momentum")
    page.at.number_input(key="epochs").set_value(7)
    page.run().open("optimizer_parameters")
    page.at.number_input(key="sgd_momentum_momentum").set_value(0.5)
    page.at.button(key="mlp_hidden_units_add").click()
    page.run()
    assert address(page) == RunConfig(dataset="wine", optimizer="sgd_momentum", epochs=7,
                                      optimizer_parameters={"momentum": 0.5},
                                      architecture_parameters={"hidden_units": (16, 16, 16)})


def test_a_chosen_dataset_brings_its_good_start_but_not_for_what_was_set_by_hand(open_page):
    page = open_page(**to_params(good_start("mnist")))
    page.at.number_input(key="seed").set_value(4)
    page.at.number_input(key="batch_size").set_value(32)  # what it was already
    page.at.selectbox(key="dataset").select("moons")
    page.run()
    assert address(page) == good_start("moons").replaced(seed=4)
    assert "Set to suit Moons: validation share, architecture, learning rate, epochs." in unescaped(page)
    assert "Kept as you set it: seed." in unescaped(page)
    page.at.number_input(key="epochs").set_value(17)
    page.run()
    assert "Set to suit Moons: validation share, architecture, learning rate." in unescaped(page)
    page.at.selectbox(key="dataset").select("digits")
    page.run()
    assert address(page) == good_start("digits").replaced(seed=4, epochs=17)
    assert address(page).architecture_parameters["filters"] == (16, 32)


def test_what_a_link_sets_stays_with_another_dataset(open_page):
    config = RunConfig(learning_rate=0.2, activation="tanh", epochs=60)
    page = open_page(**to_params(config, locked=frozenset({"validation_share"})))
    assert address(page) == config and "Set to suit" not in unescaped(page)
    page.at.selectbox(key="dataset").select("fashion_mnist")
    page.run()
    assert address(page) == good_start("fashion_mnist").replaced(
        learning_rate=0.2, activation="tanh", validation_share=0.2)


def test_a_link_fills_the_widgets(open_page):
    config = DIGITS_CNN.replaced(
        activation="tanh", dropout_rate=0.25, optimizer="rmsprop", learning_rate=0.0031, batch_size=100,
        seed=11, validation_share=0.1, optimizer_parameters={"rho": 0.5, "epsilon": 1e-5})
    page = open_page(**to_params(config)).open("optimizer_parameters")
    at = page.at
    assert [at.selectbox(key=name).value for name in ("dataset", "architecture", "activation", "optimizer")
            ] == ["digits", "cnn", "tanh", "rmsprop"]
    assert at.number_input(key="learning_rate").value == 0.0031
    assert at.number_input(key="cnn_filters_1").value == 4
    assert at.number_input(key="rmsprop_rho").value == 0.5
    assert address(page) == config
    page.run()
    assert address(page) == config, "another run of the script changes nothing"


@pytest.mark.parametrize("params, words", [
    ({"epochs": "many", "seed": "5"}, "Epochs must be a whole number"),
    ({"colour": "red"}, "colour"),
    ({"architecture": "cnn"}, "needs images"),
    ({"seed": ["1", "0"]}, "seed appears in this link more than once")])
def test_a_link_with_nonsense_opens_the_defaults_and_says_why(open_page, params, words):
    page = open_page(**params)
    warning = page.at.warning[0].value
    assert "not followed" in warning and words in warning
    assert address(page) == RunConfig()
    assert page.enabled() == {"train", "step"}
    assert page.run().at.warning, "told as long as the defaults stand"
    assert from_params(page.at.query_params).refused is None, "the address says the defaults"
    page.at.number_input(key="seed").set_value(1)
    assert not page.run().at.warning and address(page) == RunConfig(seed=1)


def test_locked_fields_are_seen_and_hidden_ones_are_not_and_both_keep_their_values(open_page):
    config = RunConfig(epochs=3, seed=9, activation="tanh", optimizer="sgd_momentum", batch_size=20,
                       optimizer_parameters={"momentum": 0.7},
                       architecture_parameters={"hidden_units": (5,)})
    hidden = frozenset({"seed", "activation", "architecture_parameters"})
    locked = frozenset({"epochs", "batch_size", "optimizer_parameters", "dataset"})
    page = open_page(**to_params(config, hidden, locked)).open("optimizer_parameters")
    at = page.at
    assert not {"seed", "activation", "mlp_hidden_units_1"} & keys(page)
    assert all(at.number_input(key=key).disabled for key in ("epochs", "batch_size", "sgd_momentum_momentum"))
    assert at.selectbox(key="dataset").disabled
    assert not at.number_input(key="learning_rate").disabled and not at.selectbox(key="optimizer").disabled
    at.number_input(key="learning_rate").set_value(0.2)
    page.run()
    wanted = config.replaced(learning_rate=0.2)
    assert from_params(at.query_params).config == wanted
    assert (from_params(at.query_params).hidden, from_params(at.query_params).locked) == (hidden, locked)
    page.press("train").until("finished")
    assert page.runs[-1].config == wanted


def test_every_field_can_be_hidden(open_page):
    page = open_page(**to_params(DIGITS_CNN, hidden=frozenset(FIELDS)))
    assert keys(page) <= {"pace"}
    page.press("train").until("finished")
    assert page.runs[-1].config == DIGITS_CNN


def test_what_does_not_fit_the_dataset_is_not_offered_and_the_page_says_why(open_page):
    page = open_page().open("not_offered")
    offered = page.at.selectbox(key="architecture").options
    assert "Convolutional network" not in offered and "Multi-layer perceptron" in offered
    assert "A convolutional network needs images" in said(page)
    page.at.selectbox(key="dataset").select("digits")
    page.run()
    assert "Convolutional network" in page.at.selectbox(key="architecture").options
    assert "A convolutional network needs images" not in said(page)


@pytest.mark.parametrize("architecture, asked", [("mlp", True), ("tutorial_mlp", False), ("softmax", False)])
def test_an_activation_is_asked_for_where_it_counts(open_page, architecture, asked):
    page = open_page(architecture=architecture)
    assert ("activation" in keys(page)) == asked
    assert ("relu" in address(page).name) == asked


def test_a_table_chosen_under_a_convolutional_network_falls_back(open_page):
    page = open_page(**to_params(DIGITS_CNN))
    page.at.selectbox(key="dataset").select("iris")
    page.run()
    assert page.at.selectbox(key="architecture").value == "mlp"
    assert address(page) == RunConfig(epochs=3) and not page.at.error


def test_widgets_that_do_not_fit_together_are_refused_beside_them(open_page):
    page = open_page(**to_params(DIGITS_CNN))
    for _ in range(3):
        page.press("cnn_filters_add")
    assert any("used up in block 4" in element.value for element in page.at.error)
    assert "train" not in page.enabled()
    page.press("cnn_filters_remove")
    assert not page.at.error and "train" in page.enabled()
