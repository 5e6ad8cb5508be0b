"""Networks that read sentences: masked layers equal Keras's own, step by step."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from core.catalog.layers import Entry, entry
from core.datasets import Split
from core.datasets.words import Vocabulary
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.tried import check, tried, tried_text
from core.settings import Settings
from core.training.example_maps import ExampleLooker
from core.training.model import build_model, keras_model
from core.training.plan import Plan
from core.training.program import Program
from core.training.steps import Steps
from core.training.trying import Answerer
from core.training.word_gradients import WordGradients
from tests.core.training.whole_step import WholeSteps

# Relative to the largest entry of the gradient.
ACCURACY = 1e-5
WORDS = ("good", "bad", "very", "not", "film", "the", "a", "dull", "fine", "plot")
SIZE, LENGTH = 9, 6


def made_up(count: int, seed: int = 0) -> Split:
    """Sentences of up to eight words, some of which are cut off or unknown; one has no word."""
    random = np.random.default_rng(seed)
    said = [" ".join(random.choice(WORDS, random.integers(0, 9))) for _ in range(count)]
    said[3] = ""
    vocabulary = Vocabulary.of(said, SIZE, LENGTH)
    y = random.integers(0, 2, count).astype(np.int32)
    x = vocabulary.encoded(said)
    return Split(x, y, 0, x, y, vocabulary=vocabulary)


def config_of(layers: list[Entry], **values: Any) -> RunConfig:
    return RunConfig(dataset="sentence_polarity", dataset_parameters={"vocabulary": 10, "length": LENGTH},
                     architecture="custom", architecture_parameters={"layers": layers}, batch_size=7,
                     optimizer="sgd", learning_rate=1.0, **values)


WIDE = entry("Embedding", width=4)
POOLED = entry("GlobalAveragePooling1D")
ATTENTION = entry("Attention", key_dim=3, units=5, num_heads=2)
STACKS: dict[str, list[Entry]] = {
    "average": [WIDE, POOLED],
    "normalized": [WIDE, entry("BatchNormalization"), entry("LayerNormalization"), POOLED],
    "attention": [entry("Embedding", width=4, positions=True), ATTENTION, POOLED],
    "two blocks": [entry("Embedding", width=4, positions=True), ATTENTION, ATTENTION, POOLED],
    "not masked": [entry("Embedding", width=4, positions=True, mask_zero=False), ATTENTION, POOLED],
    "convolution": [entry("Embedding", width=4, mask_zero=False), entry("Conv1D", filters=4),
                    entry("GlobalMaxPooling1D")],
    **{cell: [WIDE, entry(cell, units=4)] for cell in ("SimpleRNN", "LSTM", "GRU")},
    "both directions": [WIDE, entry("Bidirectional", cell="LSTM", units=3)],
    "recurrent, then pooled": [WIDE, entry("GRU", units=4, return_sequences=True), POOLED]}


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in ("average", "attention", "LSTM")
                                               else pytest.mark.sweep) for name in STACKS])
def test_a_masked_step_is_keras_s(name: str):
    steps = WholeSteps(config_of(STACKS[name]), made_up(18))
    for step in (0, 2):  # of a whole batch, and of a last one that is smaller
        wrong = {path: one for path, one in steps.difference(step).items() if not one <= ACCURACY}
        assert not wrong, step


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name == "attention" else pytest.mark.sweep)
                                  for name in STACKS])
def test_predictions_are_those_of_the_saved_model(name: str):
    config, data = config_of(STACKS[name]), made_up(18)
    steps = WholeSteps(config, data)
    program, model = steps.program, steps.program.model
    state = program.initial_state(3, model)
    told, _, _ = program.look(state, data.x)
    saved = keras_model(config, [*state.trainable, *state.non_trainable])
    logits = np.asarray(saved(data.x.astype("float32")))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(told, shares, atol=1e-5)


def program_of(name: str) -> tuple[Program, Split]:
    config, data = config_of(STACKS[name]), made_up(18)
    return WholeSteps(config, data).program, data


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name == "attention" else pytest.mark.sweep)
                                  for name in STACKS if name not in ("not masked", "convolution")])
def test_padding_says_nothing(name: str):
    program, data = program_of(name)
    state = program.initial_state(3, program.model)
    told, _, _ = program.look(state, data.x)
    # The rows of padding, of words and of places.
    for values, variable in zip(state.trainable, program.model.trainable_variables, strict=True):
        if variable.path.endswith("embeddings"):
            values[0] += 3
    np.testing.assert_allclose(program.look(state, data.x)[0], told, atol=1e-6)


@pytest.mark.parametrize("name", ["attention", pytest.param("LSTM", marks=pytest.mark.sweep)])
def test_what_is_seen_inside_is_masked(name: str):
    program, _ = program_of(name)
    state = program.initial_state(3, program.model)
    (short,) = Vocabulary(("good", "bad"), SIZE, LENGTH).encoded(["bad good"])
    numbers = np.zeros(0, np.float32)
    program.look_inside(state, short, numbers)
    assert program.inside_compiled(60)
    found = program.look_inside(state, short, numbers)
    assert found is not None
    inside = found[1][1]
    if name == "attention":  # steps that ask, steps that are looked at, heads
        np.testing.assert_allclose(inside[:2, :2].sum(1), 1, atol=1e-6)
        assert not inside[:2, 2:].any()
    else:  # the state stays as it is behind the last word
        assert np.ptp(inside[:2], 0).all() and not np.ptp(inside[1:], 0).any()


def test_each_word_is_left_out_in_turn():
    config, data = config_of(STACKS["LSTM"]), made_up(18)
    program = WholeSteps(config, data).program
    state = program.initial_state(3, program.model)
    answerer = Answerer(config, data, program, ExampleLooker(config, data, program))

    def told(text: str) -> np.ndarray:
        return program.look(state, data.vocabulary.encoded([text]))[0][0]

    _ = program.predict
    one, other, *_ = data.vocabulary.known
    found = answerer.answer(state, 5, tried_text(1, f"{one.upper()}, strange {other}!"))
    assert found.contributions is not None and found.unknown is not None
    whole = told(f"{one} strange {other}")
    np.testing.assert_allclose(found.answers, whole, atol=1e-6)
    np.testing.assert_allclose(found.contributions, [whole - told(rest) for rest in (
        f"strange {other}", f"{one} {other}", f"{one} strange")], atol=1e-6)
    assert found.unknown.tolist() == [False, True, False] and found.step == 5
    alone = answerer.answer(state, 6, tried_text(2, ""))
    assert not np.asarray(alone.contributions).any() and alone.unknown is not None and alone.unknown.all()


@pytest.mark.parametrize("name", ["average", *(pytest.param(name, marks=pytest.mark.sweep) for name in (
    "attention", "not masked", "convolution", "LSTM"))])
def test_integrated_gradients_add_up_to_what_the_words_change(name: str):
    """Completeness, and Keras's own network along the path, by finite differences."""
    config, data = config_of(STACKS[name]), made_up(18)
    state = Steps(config, Plan.of(config, data), Settings(1, 1)).initial_state(3, build_model(config))
    state.trainable[0] = 10 * np.asarray(state.trainable[0])
    one, other, *_ = data.vocabulary.known
    (x,) = data.vocabulary.encoded([f"{one} strange {other} {one}"])
    gradients = WordGradients(config)
    assert gradients.of(state, x) is None and gradients.compiled(60)
    found = gradients.of(state, x)
    assert found is not None
    added, nothing = found

    # The same sentence many times, each with rows of its own: of zeros, whole, and with one word's vector a
    # bit longer and shorter at each place of the path.
    table, step, path = np.asarray(state.trainable[0]), 0.02, ((np.arange(60) + 0.5) / 60)**2
    rows = [np.outer(np.ones(4) * share * (1 + size * (np.arange(4) == 1)), np.ones(4)) * table[x[:4]]
            for share, size in ((0, 0), (1, 0), *((at, way * step) for way in (1, -1) for at in path))]
    wide = replace(config, dataset_parameters={**config.dataset_parameters, "vocabulary": 1 + 4 * len(rows)})
    model = keras_model(wide, [np.concatenate([table[:1], *rows]), *state.trainable[1:],
                               *state.non_trainable])
    places = np.pad(1 + np.arange(4 * len(rows)).reshape(-1, 4), ((0, 0), (0, 2)))
    start, end, *along = np.asarray(keras.activations.softmax(model(places))).astype(np.float64)
    np.testing.assert_allclose(nothing, start, atol=1e-5)
    np.testing.assert_allclose(added.sum(0), end - start, atol=4e-3)
    assert np.abs(end - start).max() > 0.02, "there is something to add up"
    more, less = np.split(np.array(along), 2)
    slopes = (more - less) / (2 * step * path[:, None])
    np.testing.assert_allclose(added[1], (2 * np.sqrt(path)[:, None] * slopes).mean(0), atol=4e-3)


def test_what_cannot_be_tried_is_told():
    data = config_of([WIDE, POOLED]).data
    with pytest.raises(FieldError, match="100,001 characters; at most 10,000"):
        tried_text(1, "x" * 100_001)
    with pytest.raises(FieldError, match="does not read sentences"):
        check(tried_text(1, "good"), RunConfig().data)
    with pytest.raises(FieldError, match="whole numbers"):  # half rounds up, beyond the last word
        check(tried(1, [9.5] * LENGTH), data)
    check(tried_text(1, "good x"), data)
    for values, words in (([10] * LENGTH, "from 0 to 9"), ([1] * 3, f"needs {LENGTH} values")):
        with pytest.raises(FieldError, match=words):
            check(tried(1, values), data)
