"""What layers give for one example is what Keras's own layers give for it."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import time

import keras
import numpy as np
import pytest

from core.catalog.layers import entry
from core.datasets import Split, splits
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import Evaluation, ExampleMaps
from core.runs.events import Finished
from core.runs.shown_layers import ATTENTION, MOST_LAYERS, STATES, ShownLayer, shown_layers
from core.settings import Settings
from core.training.example_maps import MAPS, ExampleLooker, example_maps, shrunk
from core.training.fit import fit
from core.training.model import build_model, keras_model
from core.training.numbers import own_numbers
from core.training.plan import Plan
from core.training.program import Program, State, data_of
from core.training.program_cache import program_for

CNN = RunConfig(dataset="digits", architecture="cnn", activation="elu", batch_normalization=True,
                dropout_rate=0.2, architecture_parameters={"filters": [20], "dense_units": [30]})
RESNET = RunConfig(dataset="digits", architecture="resnet", architecture_parameters={"filters": [4, 6]})
WIDE = RunConfig(dataset="diabetes", architecture_parameters={"hidden_units": [150, 20]}, activation="tanh")
LSTM = RunConfig(dataset="sine", architecture="rnn", architecture_parameters={"units": 16})
# The first two return all their states, the last one only its last.
RECURRENT = RunConfig(dataset="sine", architecture="custom", architecture_parameters={"layers": [
    entry("SimpleRNN", units=7, return_sequences=True), entry("LayerNormalization"),
    entry("Bidirectional", units=5, cell="GRU", return_sequences=True),
    entry("Bidirectional", units=4, cell="LSTM", l2=0.1), entry("Dense", units=3)]})
GRU = RunConfig(dataset="sine", architecture="rnn", architecture_parameters={"units": 9, "cell": "GRU"},
                batch_normalization=True, dropout_rate=0.3)
TRANSFORMER = RunConfig(dataset="sine", architecture="transformer",
                        architecture_parameters={"units": 12, "num_heads": 3})
SETTINGS = Settings(workers=1, threads=1)


def looking(config: RunConfig) -> tuple[Split, Program, State, ExampleLooker]:
    """A network with its first weights, and what looks into it once that is compiled."""
    data = splits.split(config.data, config.preparation)
    program = program_for(config, Plan.of(config, data), data_of(data), SETTINGS)
    state, looker = program.initial_state(1, build_model(config)), ExampleLooker(config, data, program)
    while looker.look(state, 0) is None:
        assert not program.inside_failed
        time.sleep(0.01)
    return data, program, state, looker


def by_keras(model: keras.Model, layer: ShownLayer, x: np.ndarray) -> np.ndarray:
    """What is to be seen of a layer for one example, as Keras's own layers compute it with these weights."""
    own = model.get_layer(layer.node)
    if not layer.inside:
        return np.asarray(keras.Model(model.inputs, own.output)([x]))[0]
    read = keras.Model(model.inputs, keras.tree.flatten(own.input)[0])([x])
    if layer.inside == ATTENTION:
        return np.moveaxis(np.asarray(own(read, read, return_attention_scores=True)[1])[0], 0, -1)
    config = own.get_config()
    inner = [config[name]["config"] for name in ("layer", "backward_layer") if name in config]
    for one in inner or [config]:
        one["return_sequences"] = True
    sequences = type(own).from_config(config)
    sequences.build(read.shape)
    sequences.set_weights(own.get_weights())
    return np.asarray(sequences(read))[0]


@pytest.mark.parametrize("config", [CNN, RESNET, WIDE, LSTM, RECURRENT, GRU, TRANSFORMER],
                         ids=["cnn", "resnet", "wide", "lstm", "recurrent", "gru", "transformer"])
def test_layers_give_what_keras_own_give(config: RunConfig):
    data, program, state, looker = looking(config)
    x = data.x_test[3]
    found = program.look_inside(state, x, own_numbers(config)[0])
    model = keras_model(config, [*state.trainable, *state.non_trainable])
    shown = shown_layers(config)
    batch = x[None].astype(np.float32) * np.float32(data.scale)
    expected = [*(by_keras(model, one, batch) for one in shown), np.asarray(model([batch]))[0]]
    assert found is not None and len(found[1]) == len(shown) >= 1
    for own, keras_own, layer in zip(found[1], expected[:-1], shown, strict=True):
        assert keras_own.shape == layer.shape
        np.testing.assert_allclose(own, keras_own, rtol=1e-5, atol=1e-5)
    answers = keras.activations.softmax(expected[-1][None])[0] if config.data.classes else expected[-1]
    np.testing.assert_allclose(found[0], np.asarray(answers), rtol=1e-5, atol=1e-5)
    maps = looker.look(state, 3, resting=True)
    assert maps is not None
    for layer, values in zip(maps.layers, expected, strict=False):
        step = (layer.high - layer.low) / 255
        told = np.squeeze(layer.low + layer.levels * step)
        whole = np.moveaxis(values, -1, 0)
        # The steps of a series are one picture.
        np.testing.assert_allclose(told, whole if values.ndim == 2 else whole[layer.channels], atol=step)


def test_the_most_active_maps_are_shown_with_their_filters_and_stay():
    _, _, state, looker = looking(CNN)
    maps = looker.look(state, 5, resting=True)
    assert maps is not None and maps.filters is not None and maps.example == 5
    first = maps.layers[0]
    assert first.total == 20 and len(first.channels) == MAPS == len(maps.filters.levels)
    kernel = np.asarray(state.trainable[0])
    step = (maps.filters.high - maps.filters.low) / 255
    np.testing.assert_allclose(maps.filters.low + maps.filters.levels[2] * step,
                               kernel[..., first.channels[2]], atol=step)
    again = looker.look(state, 5)
    assert again is not None and again.layers[0].channels.tolist() == first.channels.tolist()
    last = looker.look(state, 10**6)
    assert last is not None and last.example == len(looker.split.y_test) - 1


def test_an_ended_run_answers_about_another_example():
    data, program, state, _ = looking(WIDE)
    asked = example_maps(WIDE, [*state.trainable, *state.non_trainable], 4)
    expected = ExampleLooker(WIDE, data, program).look(state, 4, resting=True)
    assert asked is not None and expected is not None and asked.example == 4 and asked.fine
    np.testing.assert_allclose(asked.answers, expected.answers, rtol=1e-5)
    for layer, same in zip(asked.layers, expected.layers, strict=True):
        np.testing.assert_array_equal(layer.levels, same.levels)


def test_large_maps_are_means_over_blocks():
    maps = np.arange(2 * 28 * 28, dtype=np.float32).reshape(2, 28, 28)
    assert shrunk(maps, 28) is maps
    small = shrunk(maps, 14)
    assert small.shape == (2, 14, 14) and small[1, 3, 5] == maps[1, 6:8, 10:12].mean()
    assert shrunk(np.zeros((1, 3, 90)), 56).shape == (1, 1, 45)


def test_deep_networks_show_as_many_layers_as_fit():
    config = RunConfig(dataset="digits", architecture="vgg", architecture_parameters={"filters": [4, 4, 4]})
    shown = shown_layers(config)
    assert len(shown) <= MOST_LAYERS and shown[0].kernel == shown[0].node == "conv2d_1"


def test_states_and_attention_are_shown_where_the_output_would_say_little():
    inside = [(layer.inside, layer.shape) for layer in shown_layers(RECURRENT)]
    assert inside == [(STATES, (10, 7)), (STATES, (10, 10)), (STATES, (10, 8)), ("", (3,))]
    assert [(layer.inside, layer.shape) for layer in shown_layers(TRANSFORMER)][1] == (ATTENTION, (10, 10, 3))


def test_a_program_that_cannot_be_compiled_costs_the_picture_alone(monkeypatch):
    def fails(self):
        raise MemoryError("no room")

    monkeypatch.setattr(Program, "_compiled_inside", fails)
    config = WIDE.replaced(epochs=2, architecture_parameters={"hidden_units": (61, 61)})
    for seed in (1, 2):  # the second finds the program that the first left
        asked = config.replaced(seed=seed)
        events = list(fit(asked, splits.split(asked.data, asked.preparation), ControlsMailbox(), SETTINGS))
        assert isinstance(events[-1], Finished) and events[-1].status == "finished"
        assert [event.maps for event in events if isinstance(event, Evaluation)][-1] is None


def test_a_paused_run_shows_the_example_that_is_chosen_next():
    config = WIDE.replaced(epochs=1)
    panel = ControlsMailbox(Controls(paused=True))
    events = fit(config, splits.split(config.data, config.preparation), panel, SETTINGS)
    shown: list[ExampleMaps | None] = []
    for event in events:
        if isinstance(event, Evaluation):
            shown.append(event.maps)
            if len(shown) == 2000 or (shown[-1] and shown[-1].example == 7):
                break
            # Until the program for it is there, each change is answered without maps.
            time.sleep(0.02)
            panel.set(panel.controls.changed(example=7 + len(shown) % 2))
    events.close()
    assert shown[-1] is not None and shown[-1].example == 7
