"""The layer editor: layers are added, set, moved and removed; errors are shown at the layer."""

import pytest

from core.catalog.layers import LAYER_KINDS
from core.runs.config import RunConfig
from tests.pages.reading import address, said
from ui.form.permalink import to_params


def own(*entries, dataset="iris", **more) -> RunConfig:
    return RunConfig(dataset=dataset, architecture="custom", architecture_parameters={"layers": entries},
                     **more)


FLAT = {"kind": "Flatten"}


def dense(units, **values):
    return {"kind": "Dense", "units": units, **values}


def kinds(page) -> list[str]:
    return [parameter["kind"] for parameter in address(page).architecture_parameters["layers"]]


def captions(page) -> list[str]:
    return list(page.at.radio(key="layer_chosen").proto.captions)


@pytest.mark.parametrize("dataset, architecture, style", [
    ("iris", "softmax", {}), ("iris", "mlp", {"dropout_rate": 0.3, "l2": 0.01, "activation": "tanh"}),
    ("digits", "cnn", {"batch_normalization": True}), ("digits", "rnn", {"activation": "tanh"}),
    ("digits", "resnet", {}), ("digits", "transformer", {})])
def test_a_named_architecture_becomes_a_list_of_the_same_layers(open_page, dataset, architecture, style):
    before = RunConfig(dataset=dataset, architecture=architecture, **style)
    page = open_page(**to_params(before)).press("edit_layers")
    after = address(page)
    assert after.architecture == "custom"
    assert after.layers() == before.layers()
    assert "edit_layers" not in {element.key for element in page.at.button}


def test_layers_are_added_set_moved_and_removed(open_page):
    page = open_page(**to_params(own(FLAT, dense(8))))
    page.at.radio(key="layer_chosen").set_value(1)
    page.run()
    page.at.menu_button(key="layer_add").click("Dropout")
    page.run()
    assert kinds(page) == ["Flatten", "Dense", "Dropout"]
    page.at.slider(key="layer_2_Dropout_rate").set_value(0.5)
    page.run()
    assert address(page).architecture_parameters["layers"][2] == {"kind": "Dropout", "rate": 0.5}
    page.press("layer_up")
    assert kinds(page) == ["Flatten", "Dropout", "Dense"]
    assert page.at.radio(key="layer_chosen").value == 1, "the moved layer stays the chosen one"
    page.press("layer_copy")
    assert kinds(page) == ["Flatten", "Dropout", "Dropout", "Dense"]
    page.press("layer_remove").press("layer_remove")
    assert kinds(page) == ["Flatten", "Dense"]
    page.at.radio(key="layer_chosen").set_value(1)
    page.run()
    page.at.number_input(key="layer_1_Dense_units").set_value(5)
    page.at.selectbox(key="layer_1_Dense_kernel_initializer").set_value("zeros")
    page.run()
    changed = address(page).architecture_parameters["layers"][1]
    assert (changed["units"], changed["kernel_initializer"]) == (5, "zeros")


def test_every_change_can_be_undone(open_page):
    config = own(FLAT, dense(8), dense(4))
    page = open_page(**to_params(config))
    assert page.at.button(key="layer_undo").disabled
    page.press("layer_remove").press("layer_down").press("layer_copy")
    assert kinds(page) == ["Dense", "Dense", "Dense"]
    for _ in range(3):
        page.press("layer_undo")
    assert address(page) == config
    assert page.at.button(key="layer_undo").disabled


def test_only_layers_that_fit_are_offered(open_page):
    page = open_page(**to_params(own(FLAT, dense(8))))
    offered = page.at.menu_button(key="layer_add").options
    assert "Dense" in offered and "Convolution" not in offered and "LSTM" not in offered
    page = open_page(**to_params(own({"kind": "Conv2D"}, FLAT, dataset="digits")))
    offered = page.at.menu_button(key="layer_add").options
    assert "Convolution" in offered and "Max pooling" in offered and "LSTM" not in offered


def test_what_does_not_fit_is_said_at_its_layer_and_nothing_is_lost(open_page):
    page = open_page(**to_params(own({"kind": "Conv2D", "filters": 4}, FLAT, dense(8), dataset="digits")))
    assert captions(page) == ["gives 8 x 8 x 4", "gives 256", "gives 8"]
    page.press("layer_down")
    told = captions(page)
    assert told[0] == "gives 64" and told[2] == "not reached"
    assert told[1].startswith(":red[Layer 2") and "needs an image" in told[1]
    assert not page.at.error, "once is enough"
    assert ["needs an image" in element.value
            for element in page.at.info] == [True], "the page is not just empty"
    assert page.at.button(key="train").disabled
    page.press("layer_up")
    assert captions(page) == ["gives 8 x 8 x 4", "gives 256", "gives 8"]
    assert not page.at.button(key="train").disabled


def test_a_network_must_end_in_a_row(open_page):
    page = open_page(**to_params(own({"kind": "Conv2D", "filters": 4}, FLAT, dataset="digits")))
    page.at.radio(key="layer_chosen").set_value(1)
    page.run()
    page.press("layer_remove")
    assert ["needs a row of numbers" in element.value for element in page.at.error] == [True]
    assert captions(page) == ["gives 8 x 8 x 4"]


def test_another_dataset_keeps_the_list_and_says_what_does_not_fit(open_page):
    page = open_page(**to_params(own({"kind": "Conv2D", "filters": 4}, FLAT, dataset="digits")))
    page.at.selectbox(key="dataset").select("iris")
    page.run()
    assert captions(page)[0].startswith(":red[Layer 1, Conv2D")
    page.at.selectbox(key="dataset").select("digits")
    page.run()
    assert kinds(page) == ["Conv2D", "Flatten"]


def test_an_empty_list_is_a_network_without_hidden_layers(open_page):
    page = open_page(**to_params(own(dense(8)))).press("layer_remove")
    assert address(page).layers() == []
    assert "No hidden layer" in said(page)
    page.at.menu_button(key="layer_add").click("Dense")
    page.run()
    assert kinds(page) == ["Dense"]


def test_a_locked_list_is_seen_and_not_changed(open_page):
    page = open_page(**to_params(own(FLAT, dense(8)), locked=frozenset({"architecture_parameters"})))
    assert page.at.menu_button(key="layer_add").disabled
    assert all(page.at.button(key=f"layer_{name}").disabled
               for name in ("up", "down", "copy", "remove", "undo"))


@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_each_kind_draws_all_its_parameters(open_page, kind):
    series = ("Conv1D", "SimpleRNN", "LSTM", "GRU", "Bidirectional", "Attention", "GlobalAveragePooling1D",
              "GlobalMaxPooling1D")
    before = [{"kind": "Reshape"}] if kind in series else []
    dataset = {"Embedding": "sentence_polarity", "MatrixFactorization": "ratings",
               "PairEmbedding": "ratings"}.get(kind, "digits")
    page = open_page(**to_params(own(*before, {"kind": kind}, FLAT, dataset=dataset)))
    page.at.radio(key="layer_chosen").set_value(len(before))
    page.run()
    at = page.at
    drawn = {element.key for element in (*at.selectbox, *at.number_input, *at.slider, *at.toggle)}
    assert {f"layer_{len(before)}_{kind}_{own.name}" for own in LAYER_KINDS[kind].parameters} <= drawn
    assert f"{LAYER_KINDS[kind].help}" in said(page)
