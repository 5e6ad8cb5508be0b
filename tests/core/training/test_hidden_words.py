"""Networks that guess hidden words: against Keras and formulas by hand, and as the start of a classifier."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import csv
import io
from dataclasses import replace
from typing import Any

import jax
import keras
import numpy as np
import pytest

from core.datasets import splits
from core.datasets.hidden_words import GAP, hidden, typed, with_gap
from core.datasets.kept_tables import register
from core.datasets.splits import split
from core.datasets.table import read_table
from core.datasets.words import CHARACTERS, FIRST, PADDING, UNKNOWN
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import EpochEnd, Finished
from core.runs.guesses import GUESSES
from core.runs.history import History
from core.runs.presets import presets
from core.runs.tried import check, tried_text
from core.settings import from_environment
from core.store.moment import pack_moment, unpack_moment
from core.studies.learning import LearningCurve
from core.training.corruption import with_gaps
from core.training.fit import fit
from core.training.initial import initial_values
from core.training.losses import example_losses, example_metrics
from core.training.model import build_model
from core.training.numbers import Numbers
from core.training.plan import Plan
from core.training.trying import answer_ended

WORDS = ("good", "bad", "very", "not", "film", "the", "a", "dull", "fine", "plot", "rare", "odd")
SIZE, LENGTH, SHARE = 12, 6, 0.3


def texts() -> dict[str, Any]:
    """The parameters of a learner's own table of sentences with two classes, registered."""
    random, out = np.random.default_rng(0), io.StringIO(newline="")
    said = [[" ".join(random.choice(WORDS, random.integers(2, 9))), "yes" if row % 2 else "no"]
            for row in range(80)]
    csv.writer(out).writerows([["said", "is"], *said])
    table = read_table(out.getvalue().encode(), "said.csv")
    register(table)
    return {"digest": table.digest, "target": "is", "task": "classification", "sentence": "said",
            "vocabulary": SIZE, "length": LENGTH}


def config_of(**values: Any) -> RunConfig:
    return RunConfig.from_dict({
        "dataset": "table", "dataset_parameters": texts(), "target": "hidden_word", "masking": SHARE,
        "architecture": "embeddings", "architecture_parameters": {"width": 4}, "optimizer": "sgd",
        "learning_rate": 0.5, "batch_size": 100, "epochs": 1, "seed": 3, **values})


def pretrained(**values: Any) -> RunConfig:
    """A classifier of few labels that takes the table of words over, frozen."""
    mine = config_of()
    return config_of(target="label", masking=0.0, training_size=20, epochs=2, seed=5, start={
        "at": "kept", "layers": 1, "frozen": 1, "config": {
            "target": "hidden_word", "masking": SHARE, "training_size": 0, "epochs": 1, "seed": mine.seed,
            "loss": mine.loss}}, **values)


def events_of(config: RunConfig) -> list[Any]:
    return list(fit(config, split(config.data, config.preparation), ControlsMailbox(), from_environment({})))


@pytest.fixture(scope="module")
def trained() -> list[Any]:
    """The events of one step of SGD on all training sentences."""
    return events_of(config_of())


def the(kind: type, events: list[Any]) -> Any:
    return next(event for event in reversed(events) if isinstance(event, kind))


def test_hidden_are_known_words_and_at_least_one():
    random = np.random.default_rng(1)
    x = random.integers(UNKNOWN, SIZE, (500, LENGTH)).astype(np.int32)
    x[np.arange(LENGTH) >= random.integers(1, LENGTH + 1, (500, 1))] = PADDING
    x[0] = [UNKNOWN, UNKNOWN, *[PADDING] * (LENGTH - 2)]
    drawn = random.random(x.shape)
    for share in (0.0, 0.4):
        found = hidden(x, drawn, share)
        assert found.sum(1).min() == 1 and not found[x == PADDING].any()
        assert (x[1:][found[1:]] >= FIRST).all() or (x[1:] < FIRST).all(1).any()
        assert found.sum(1).max() == 1 or share
        gapped, words = with_gaps(x.astype(np.float32), share, jax.random.key_data(jax.random.key(0)))
        np.testing.assert_array_equal(np.where(words != PADDING, words, gapped), x)
        assert (np.asarray(gapped)[np.asarray(words) != PADDING] == GAP).all()
    # Of many words, that share is hidden.
    many = np.full((400, 50), FIRST)
    assert hidden(many, random.random(many.shape), 0.4).mean() == pytest.approx(0.4, abs=0.02)


def test_the_loss_is_kerass_over_the_hidden_words_alone():
    random = np.random.default_rng(2)
    logits = random.normal(size=(5, SIZE)).astype(np.float32)
    words = random.integers(FIRST, SIZE, (5, LENGTH)) * (random.random((5, LENGTH)) < 0.5)
    words[:, 2] = FIRST
    own = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
    for row, loss, metric in zip(range(5), example_losses("word_cross_entropy", logits, words, {}),
                                 example_metrics("guessing", logits, words), strict=True):
        told = words[row][words[row] != PADDING]
        by_hand = np.asarray(own(told, np.repeat(logits[row:row + 1], len(told), 0))).mean()
        assert float(loss) == pytest.approx(float(by_hand), rel=1e-5)
        assert float(metric) == pytest.approx((told == logits[row].argmax()).mean())


def test_a_step_is_kerass_own(trained: list[Any]):
    config = config_of()
    data = split(config.data, config.preparation)
    plan = Plan.of(config, data)
    assert plan.steps == plan.parts == 1
    model = keras.Sequential([
        keras.Input((LENGTH,)), keras.layers.Embedding(SIZE, 4, mask_zero=True),
        keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(SIZE)])
    for variable, value in zip(model.trainable_variables, initial_values(
            build_model(config).trainable_variables, config.seed), strict=True):
        variable.assign(value)
    x = data.x_train[plan.order(config.seed, 0)[0, :plan.part]].astype(np.float32)
    key = Numbers.of(config, plan, data.y, 0, config.learning_rate).key
    gapped, words = map(np.asarray, with_gaps(x, np.float32(SHARE), jax.random.fold_in(key, 0)))
    # Each hidden word as an example of its own, all words of a sentence together as heavy as one.
    rows, places = np.nonzero(words)
    weights = 1 / np.count_nonzero(words, axis=1)[rows]
    model.compile(keras.optimizers.SGD(config.learning_rate / len(x)),
                  keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum"))
    loss = model.train_on_batch(gapped[rows], words[rows, places], sample_weight=weights)
    end, finished, tested = (the(kind, trained) for kind in (EpochEnd, Finished, Evaluation))
    assert end.loss == pytest.approx(float(loss) / len(x), rel=1e-4)
    for mine, theirs in zip(finished.weights, model.trainable_variables, strict=False):
        np.testing.assert_allclose(mine, np.asarray(theirs), atol=1e-5)
    # Validation and test: one hidden word each.
    for x_told, y_told, told in ((data.x_validation, data.y_validation, (end.val_loss, end.val_metric)),
                                 (data.x_test, data.y_test, (tested.loss, tested.metric))):
        logits = np.asarray(model(x_told.astype(np.float32)))
        shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        assert told[0] == pytest.approx(-np.log(shares[np.arange(len(y_told)), y_told]).mean(), rel=1e-4)
        assert told[1] == pytest.approx((shares.argmax(1) == y_told).mean())


def test_what_is_told_of_guesses(trained: list[Any]):
    config = config_of()
    data, whole = (split(own, config.preparation) for own in (config.data, config.data.labelled))
    assert (whole.x_train == data.x_train).all()
    for left, gapped, y in ((whole.x_test, data.x_test, data.y_test),
                            (whole.x_validation, data.x_validation, data.y_validation)):
        assert ((left != gapped).sum(1) == 1).all() and (left[left != gapped] == y).all()
    tested, history = the(Evaluation, trained), History()
    told = tested.guesses
    assert told.usual == data.vocabulary.known[0] and told.guess == (data.y_test == FIRST).mean()
    assert sum(count for _, count, _, _ in told.bands) == tested.examples == len(data.y_test)
    said = splits.test_set(config.data, config.preparation).x
    for one in told.shown:
        sentence = str(said[one.index])
        words = sentence.lower().split()
        assert words[one.gap] == one.word and one.right == (one.index not in tested.wrong)
        assert len({*one.words}) == GUESSES and list(one.shares) == sorted(one.shares, reverse=True)
        assert with_gap(sentence, one.gap, "words", "_").split()[one.gap] == "_"
    for event in trained:
        history.append(event)
    packed = pack_moment(history)
    assert packed is not None and unpack_moment(packed)["evaluation"].guesses == told


def test_a_sentence_with_a_gap_is_asked_about(trained: list[Any]):
    config, finished = config_of(), the(Finished, trained)
    found = answer_ended(config, finished.weights, tried_text(1, "the _ film, Very good"))
    vocabulary = split(config.data, config.preparation).vocabulary
    assert vocabulary is not None
    assert len(found.words) == len(found.answers) == GUESSES and {*found.words} <= {*vocabulary.known, "?"}
    assert found.contributions is None and found.answers.sum() <= 1
    numbers = typed(vocabulary, "the ___ film, Very strange")[0].tolist()
    the_, film, very = (vocabulary.numbers.get(word, UNKNOWN) for word in ("the", "film", "very"))
    assert numbers == [the_, GAP, film, very, UNKNOWN, PADDING]
    assert typed(replace(vocabulary, unit=CHARACTERS), "a_")[0, :2].tolist() == [
        vocabulary.numbers.get("a", UNKNOWN), GAP]
    with pytest.raises(FieldError, match="guesses words"):
        check(tried_text(1, "a _", gradients=True), config.data)


def test_a_classifier_takes_the_words_over_with_their_numbers(trained: list[Any]):
    config, guesser = pretrained(), config_of()
    mine, theirs = (split(one.data, one.preparation) for one in (config, guesser))
    assert mine.vocabulary.known == theirs.vocabulary.known and len(mine.y) == 20
    alone = split(config.data, replace(config.preparation, words=None))
    assert alone.vocabulary.known != mine.vocabulary.known
    # The same test sentences, and none of them was trained on.
    np.testing.assert_array_equal(splits.test_set(config.data, config.preparation).x,
                                  splits.test_set(guesser.data, guesser.preparation).x)
    before, after = (the(Finished, events).weights for events in (trained, events_of(config)))
    np.testing.assert_array_equal(before[0], after[0])
    assert RunConfig.from_dict(config.to_dict()) == config


@pytest.mark.parametrize("values, field", [
    ({"dataset": "iris", "dataset_parameters": {}, "architecture": "mlp", "architecture_parameters": {}},
     "target"),
    ({"target": "input"}, "target"), ({"target": "label"}, "masking"), ({"input_noise": 0.1}, "input_noise"),
    ({"loss": "cross_entropy"}, "loss"), ({"label_noise": 0.1}, "label_noise")])
def test_what_does_not_fit_is_refused_by_its_field(values: dict[str, Any], field: str):
    with pytest.raises(FieldError) as refused:
        config_of(**values)
    assert refused.value.field == field


def test_other_sentences_are_no_start():
    own = pretrained().to_dict()
    own["start"]["config"]["dataset_parameters"] = texts() | {"vocabulary": 11}
    with pytest.raises(FieldError) as refused:
        RunConfig.from_dict(own)
    assert refused.value.field == "start.config"


def test_a_learning_curve_is_trained_both_ways():
    curve = LearningCurve(presets()["masked_words"].config)
    assert [way.label for way in curve.ways] == ["Pre-trained", "From scratch"]
    assert curve.sizes == (24, 100, 400, 1600) and curve.plan.trials == 40
