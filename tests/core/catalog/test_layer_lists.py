"""Lists of layers: whole or refused in words that say which layer, through links, and their numbers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.architectures import ARCHITECTURES, Style
from core.catalog.layers import LAYER_KINDS, MOST_LAYERS, LayerList, entry, layer, shapes, stack
from core.catalog.layers.listing import LEFT_OUT
from core.catalog.stacks import TracedFloat, numbers_of, structure_of, traced
from core.parameters import FieldError
from tests.strategies import layer_entries

LAYERS = LayerList("layers", "Layers", "", ())
EVERY_KIND = pytest.mark.parametrize("kind", LAYER_KINDS)
IMAGE = (8, 8, 1)


def refusal(entries: list[dict[str, Any]], shape: tuple[int, ...]) -> str:
    with pytest.raises(FieldError) as caught:
        stack(entries, shape)
    assert caught.value.field == "architecture_parameters.layers"
    return caught.value.message


@EVERY_KIND
def test_a_link_means_the_same_whatever_the_defaults(kind: str):
    """All that a link leaves out is read from one table, and not from what the editor begins with."""
    whole = {"kind": kind,
             **{parameter.name: parameter.default for parameter in LAYER_KINDS[kind].parameters}}
    text = LAYERS.format((whole,))
    assert LAYERS.parse(text) == (whole,)
    said = {part.partition("-")[0] for part in text.split(".")[1:]}
    assert all(name in said or LEFT_OUT[name] == value for name, value in whole.items() if name != "kind")


@given(entries=st.lists(layer_entries(), max_size=MOST_LAYERS))
def test_a_link_is_short_and_carries_no_character_that_an_address_escapes(entries: list[dict[str, Any]]):
    text = LAYERS.format(entries)
    assert LAYERS.check(LAYERS.parse(text)) == tuple(entries)
    assert all(one.isascii() and (one.isalnum() or one in "-._~") for one in text)
    assert len(text) <= 200 * MOST_LAYERS


@pytest.mark.parametrize("text, layers", [
    ("Dense.units-16.activation-tanh~Dropout.rate-0.2",
     [("Dense", 16, "tanh"), ("Dropout", 0.2)]),
    ("Conv2D.filters-4.kernel_size-3.padding-same.activation-relu.l1-1e-05~Flatten",
     [("Conv2D", 4, 3, "same", "relu", 1e-5), ("Flatten",)])])
def test_links_by_hand(text: str, layers: list[tuple[Any, ...]]):
    parsed = LAYERS.check(LAYERS.parse(text))
    for one, expected in zip(parsed, layers, strict=True):
        assert set(expected) <= set(one.values())
    assert LAYERS.format(parsed) == text


@pytest.mark.parametrize("text", ["~", "Dense.units-16.units-17", "Dense.kind-Flatten.units-3", "dense",
                                  ".", "-", "Dense.units-", "Dense.units-1e999", "Dropout.rate-nan",
                                  "Flatten~", "Dense.units-3.lambda-4", "__class__", "Dense\n.units-3"])
def test_a_broken_link_is_refused(text: str):
    with pytest.raises(FieldError) as caught:
        LAYERS.check(LAYERS.parse(text))
    assert caught.value.field == "layers"


@pytest.mark.parametrize("value, words", [
    ([{"kind": "Dense"}, {"kind": "Dense", "units": 0}],
     "Units of layer 2 (Dense) must be a whole number between 1 and 2048, got 0."),
    ([{"kind": "Dense", "rate": 1}], "Layer 1 (Dense) has no parameter 'rate'; it has units, activation"),
    ([{"kind": "Denser"}], "Layer 1 must be a kind of layer such as Dense, "),
    ([{"units": 3}], "got None."), ([None], "Layer 1 must be a mapping with a kind, got None."),
    ([{"kind": ["Dense"]}], "got ['Dense']."), ("Dense", "must be a list of layers, got 'Dense'."),
    ([{"kind": "Flatten"}] * 41, "at most 40 entries, got 41.")])
def test_a_refusal_says_which_layer(value: Any, words: str):
    with pytest.raises(FieldError) as caught:
        LAYERS.check(value)
    assert words in caught.value.message


def test_what_is_left_out_gets_its_default():
    whole = LAYERS.check([{"kind": "Dropout"}])
    assert whole == ({"kind": "Dropout", "rate": 0.2},) and LAYERS.check(list(whole)) == whole


def test_what_does_not_fit_says_which_what_it_got_and_what_to_do():
    assert refusal([entry("Flatten"), entry("Dense", units=64), entry("Conv2D")], IMAGE) == (
        "Layer 3, Conv2D, needs an image (height, width, channels), got (64,). "
        "Put it before layer 1, Flatten.")
    assert refusal([entry("LSTM")], (4,)) == (
        "Layer 1, LSTM, needs a series (steps, channels), got (4,). Put Reshape before it: it makes a "
        "series of rows.")
    assert "Switch on Return sequences in layer 1, LSTM." in refusal([entry("LSTM"), entry("GRU")], (8, 1))
    assert "Choose an image dataset" in refusal([entry("MaxPooling2D")], (4,))
    assert "layer 1, Conv2D, gives (8, 8, 32). Add Flatten" in refusal([entry("Conv2D")], IMAGE)
    assert "this dataset gives (8, 8, 1)" in refusal([], IMAGE)
    small = refusal([entry("MaxPooling2D", pool_size=4), entry("Conv2D", kernel_size=3, padding="valid")],
                    IMAGE)
    assert small.startswith("Layer 2, Conv2D, needs an image of at least 3x3 pixels, got (2, 2, 1).")
    large = refusal([entry("UpSampling2D", size=8)] * 2 + [entry("Conv2DTranspose", strides=2)], IMAGE)
    assert large.startswith("Layer 3, Conv2DTranspose, needs an image that it does not enlarge beyond "
                            "512x512 pixels, got (512, 512, 1).")


def test_shapes_by_hand():
    entries = [entry("Conv2D", filters=4, kernel_size=3, padding="valid"), entry("MaxPooling2D", pool_size=2),
               entry("Reshape"), entry("Bidirectional", cell="GRU", units=5), entry("Dense")]
    assert shapes(entries, IMAGE) == [(6, 6, 4), (3, 3, 4), (3, 12), (10,), (64,)]


def test_the_numbers_of_a_stack_are_in_its_order_and_leave_its_structure():
    """By hand: penalties of Dense and of the layer within Bidirectional, a rate, a deviation."""
    entries = [entry("Dense", units=3, l1=0.1), entry("Dropout", rate=0.3),
               entry("Bidirectional", l2=0.2, units=4), entry("GaussianNoise", stddev=0.5),
               entry("Dropout", rate=0)]
    layers = stack([entries[0], entry("Reshape"), *entries[1:]], (4,))
    assert numbers_of(layers) == [0.1, 0.0, 0.3, 0.0, 0.2, 0.5, 0.0]
    changed = stack([entry("Dense", units=3, l1=0.4), entry("Reshape"), entry("Dropout", rate=0.1),
                     entry("Bidirectional", l2=0.9, units=4), entry("GaussianNoise", stddev=0.1),
                     entries[-1]], (4,))
    structure = structure_of(layers)
    assert structure == structure_of(changed) and json.loads(json.dumps(structure)) == structure
    wider = {**changed[0], "config": {**changed[0]["config"], "units": 5}}
    for other in (changed[:-1], [wider, *changed[1:]], stack([entry("Dense", units=3, l2=0.4)], (4,))):
        assert structure_of(other) != structure
    drawn = [entry("Dense", units=3, l2=0.4, kernel_initializer="zeros"),
             entry("Reshape"), entry("Bidirectional", kernel_initializer="he_normal")]
    usual = [{**one, "kernel_initializer": "glorot_uniform"} if "kernel_initializer" in one else one
             for one in drawn]
    assert drawn != usual and structure_of(stack(drawn, (4,))) == structure_of(stack(usual, (4,)))
    places = [one["config"]["rate"] for one in traced(layers) if one["class_name"] == "Dropout"]
    assert [(type(place), place.place, float(place)) for place in places] == [(TracedFloat, 2, 0.3),
                                                                              (TracedFloat, 6, 0.0)]


def test_a_style_is_followed_by_every_hidden_layer():
    style = Style("tanh", 0.3, "he_normal", 0.01, 0.02, True)
    layers = ARCHITECTURES["mlp"].stack({"hidden_units": (5, 6)}, (4,), style)
    assert [layer["class_name"] for layer in layers] == ["Dense", "BatchNormalization", "Dropout"] * 2
    assert layers[0]["config"] == {
        "activation": "tanh", "units": 5, "kernel_initializer": "he_normal",
        "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.01, "l2": 0.02}}}
    plain = ARCHITECTURES["mlp"].stack({"hidden_units": (5,)}, (4,), Style("relu"))
    assert plain == [{"class_name": "Dense", "config": {"activation": "relu", "units": 5}}]


def test_tutorials_keep_the_activation_that_is_printed():
    layers = ARCHITECTURES["tutorial_rnn"].stack({}, (10, 1), Style("relu"))
    assert layers == [{"class_name": "SimpleRNN", "config": {"activation": "tanh", "units": 50}}]
    layers = ARCHITECTURES["tutorial_cnn"].stack({}, (28, 28, 1), Style("tanh"))
    pooling = layer("MaxPooling2D", pool_size=[2, 2])
    assert layers == [layer("Conv2D", filters=32, kernel_size=[3, 3], activation="relu"), pooling,
                      layer("Conv2D", filters=64, kernel_size=[3, 3], activation="relu"), pooling,
                      layer("Flatten"), layer("Dense", units=64, activation="relu")]
