"""Networks that read a user and an item: matrix factorization beside a plain NumPy reference."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import special_ortho_group
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import cosine_similarity

from core.catalog.layers import entry
from core.datasets import Split
from core.datasets.pairs import KnownPairs, PairShape
from core.datasets.splits import split
from core.metrics.ranked_items import ranked_items
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import Compiled, Finished, Progress
from core.runs.recommended import Wish
from core.runs.tried import Tried, check
from core.settings import from_environment
from core.training.fit import fit
from core.training.model import keras_model
from core.training.numbers import Numbers
from core.training.recommending import Recommender, item_map
from tests.core.training.whole_step import WholeSteps

USERS, ITEMS, WIDTH, L2, RATE, STEPS = 20, 30, 4, 0.01, 0.5, 10


def made_up(count: int, seed: int = 0) -> Split:
    """Random ratings; user 7 and item 3 are unknown, as if training had not seen them."""
    random = np.random.default_rng(seed)
    x = np.stack([random.integers(1, size + 1, count) for size in (USERS, ITEMS)], 1).astype(np.int32)
    x[x[:, 0] == 7, 0] = 0
    x[x[:, 1] == 3, 1] = 0
    y = random.normal(size=(count, 1)).astype(np.float32)
    return Split(x, y, 0, x, y, target_mean=np.zeros(1, np.float32), target_deviation=np.ones(1, np.float32))


def config_of(architecture: str, values: dict[str, Any], **more: Any) -> RunConfig:
    return RunConfig(dataset="ratings", dataset_parameters={"users": USERS, "titles": ITEMS, "ratings": 250},
                     architecture=architecture, architecture_parameters=values, batch_size=16,
                     optimizer="sgd", learning_rate=RATE, **more)


def numpy_steps(tables: list[np.ndarray], mean: float, batches: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Plain gradient descent on rows and biases, written by hand; changes `tables`, returns the mean.

    tables: the users' and the items' rows, then their biases. Each batch has pairs and ratings.
    """
    for pairs, ratings in batches:
        (users, items), known = pairs.T, pairs.T != 0
        row, column = (tables[place][numbers] * known[place][:, None]
                       for place, numbers in enumerate((users, items)))
        biases = [tables[2 + place][numbers, 0] * known[place]
                  for place, numbers in enumerate((users, items))]
        wrong = 2 * ((row * column).sum(1) + sum(biases) + mean - ratings) / len(ratings)
        slopes = [2 * L2 * table for table in tables]
        for place, (numbers, other) in enumerate(((users, column), (items, row))):
            np.add.at(slopes[place], numbers, wrong[:, None] * other * known[place][:, None])
            np.add.at(slopes[2 + place], numbers, (wrong * known[place])[:, None])
        mean -= RATE * wrong.sum()
        for table, slope in zip(tables, slopes, strict=True):
            table -= RATE * slope
    return mean


@pytest.fixture(scope="module")
def factorized() -> WholeSteps:
    return WholeSteps(config_of("factorization", {"width": WIDTH}, l2=L2), made_up(200))


def test_ten_steps_of_matrix_factorization_are_those_of_numpy(factorized: WholeSteps):
    config, plan, program, data = factorized.config, factorized.plan, factorized.program, factorized.split
    state = program.initial_state(config.seed, program.model)
    first = dict(zip(factorized.paths, map(np.array, state.trainable), strict=True))
    # Larger ones, as 0.05 times 0.05 would hide a wrong product.
    scaled = [value * (20 if path.startswith("embedding") else 1) for path, value in first.items()]
    tables = [value.astype(float) for path, value in zip(first, scaled, strict=True) if "embedding" in path]
    mean = 0.0
    order = plan.order(config.seed, 0)
    numbers = Numbers.of(config, plan, data.y, 0, config.learning_rate)
    after, *_ = program.run(state._replace(trainable=scaled), numbers, factorized._data, order, np.int32(0),
                            np.int32(STEPS), np.zeros(6, np.float32))
    found = dict(zip(factorized.paths, map(np.array, after.trainable), strict=True))

    chosen = [order[0, step * 16:(step + 1) * 16] for step in range(STEPS)]
    mean = numpy_steps(tables, mean, [(data.x[rows], data.y[rows, 0]) for rows in chosen])
    for table, (path, value) in zip(tables, ((path, value) for path, value in found.items()
                                             if "embedding" in path), strict=True):
        np.testing.assert_allclose(value, table, atol=1e-5, err_msg=path)
    np.testing.assert_allclose(found["logits/bias"], mean, atol=1e-5)
    assert found["logits/kernel"] == pytest.approx(1, abs=1e-6)


def test_an_unknown_user_and_item_get_the_mean_and_train_nothing(factorized: WholeSteps):
    program, data = factorized.program, factorized.split
    state = program.initial_state(3, program.model)
    strangers = np.zeros((1, 2), np.int32)
    values = [np.full_like(value, 0.7) for value in map(np.array, state.trainable)]
    state = state._replace(trainable=values)
    mean = values[factorized.paths.index("logits/bias")][0]
    assert program.look(state, strangers)[0] == pytest.approx(mean)
    known = program.look(state, np.array([[1, 1]], np.int32))[0]
    assert known != pytest.approx(mean)
    assert (data.x == 0).any()  # so that the reference above says that their rows are only penalized


@pytest.mark.parametrize("architecture, values", [
    ("factorization", {"width": WIDTH}),
    pytest.param("neural_recommender", {"width": 3, "hidden_units": (5,)}, marks=pytest.mark.sweep)])
def test_predictions_are_those_of_the_saved_model(architecture: str, values: dict[str, Any], tmp_path,
                                                  factorized: WholeSteps):
    config = config_of(architecture, values, l2=L2)
    steps = factorized if config == factorized.config else WholeSteps(config, made_up(200))
    state = steps.program.initial_state(3, steps.program.model)
    told, *_ = steps.program.look(state, steps.split.x[:50])
    keras_model(config, [*state.trainable, *state.non_trainable]).save(tmp_path / "model.keras")
    opened = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(opened(steps.split.x[:50].astype("float32")), told, atol=1e-5)


@pytest.mark.parametrize("layers, said", [
    ([entry("Dense", units=3)], "Layer 1, Dense, needs numbers that mean an amount"),
    ([], "Put MatrixFactorization or PairEmbedding first."),
    ([entry("PairEmbedding"), entry("MatrixFactorization")], "Layer 2, MatrixFactorization, needs pairs")])
def test_other_layers_refuse_pairs_in_words(layers: list[dict[str, Any]], said: str):
    with pytest.raises(FieldError, match=said):
        config_of("custom", {"layers": layers})


def test_only_pairs_can_be_looked_up():
    with pytest.raises(FieldError, match="Layer 1, PairEmbedding, needs pairs of a user and an item"):
        RunConfig(dataset="iris", architecture="custom",
                  architecture_parameters={"layers": [entry("PairEmbedding")]})
    with pytest.raises(FieldError, match="dataset has none"):
        RunConfig(dataset="iris", architecture="factorization")
    with pytest.raises(FieldError, match="Matrix factorization, Neural recommender"):
        RunConfig(dataset="ratings", architecture="rnn")


def test_the_learner_s_row_is_where_the_loss_of_training_is_lowest(factorized: WholeSteps):
    """Of the learner's ratings, with the items as they are: no step in any direction makes it lower."""
    data = replace(factorized.split, pairs=KnownPairs.of(
        factorized.split.x, np.zeros((0, 2), np.int32), PairShape(USERS, ITEMS)))
    state = factorized.program.initial_state(3, factorized.program.model)
    random = np.random.default_rng(1)
    state = state._replace(trainable=[random.normal(size=value.shape) for value in state.trainable])
    value = dict(zip(factorized.paths, state.trainable, strict=True))
    rows, biases = (value[f"embedding_{place}/embeddings"] for place in (2, 4))
    mean, items, ratings = value["logits/bias"][0], np.array([1, 2, 5]), np.array([1.0, -1.0, 0.5])

    told = Recommender(factorized.config, data, factorized.program).answer(
        state, Wish(0, 1, items, ratings))
    best = minimize(lambda own: np.square(ratings - mean - biases[items, 0] - own[4] - rows[items] @ own[:4]
                                          ).sum() + L2 * len(data.x) * np.square(own).sum(), np.zeros(5)).x
    expected = mean + biases[:, 0] + best[4] + rows @ best[:4]
    free = [item for item in range(1, ITEMS + 1) if item not in (1, 2, 3, 5)]  # nobody has rated item 3
    order = sorted(free, key=lambda item: -expected[item])[:10]
    assert told.items.tolist() == order
    np.testing.assert_allclose(told.predicted, expected[order], atol=1e-3)
    others = [item for item in range(2, ITEMS + 1) if item != 3]
    alike = cosine_similarity(rows[[1]], rows[others])[0]
    assert told.similar.tolist() == [others[place] for place in np.argsort(-alike)[:5]]


@pytest.mark.parametrize("values, said", [
    ([0], "needs a user, an item"), ([0, 0, 1], "needs a user"), ([21, 0], "whole numbers from 0 to 20"),
    ([0, 31], "item 31"), ([0, 0, 0, 5], "item 0"), ([0, 0, 1.5, 5], "item 1.5"),
    ([0, 0, 1, float("nan")], "numbers"), ([0, 0, *[1, 5] * 101], "at most 100 ratings, got 101")])
def test_a_question_about_users_and_items_is_checked(values: list[float], said: str):
    with pytest.raises(FieldError, match=said):
        check(Tried(1, np.array(values, "<f4").tobytes()), config_of("factorization", {}).data)


@pytest.mark.parametrize("stopped", [False, True])
def test_a_run_ends_with_the_places_of_what_users_like(stopped: bool):
    config, mailbox, found = config_of("factorization", {"width": WIDTH}, epochs=3), ControlsMailbox(), []
    data = split(config.data, config.preparation)
    for event in fit(config, data, mailbox, from_environment({})):
        found.append(event)
        if stopped and isinstance(event, Progress):
            mailbox.set(Controls(version=1, stopped=True))
    ended = found[-1]
    assert isinstance(ended, Finished) and ended.status == ("stopped" if stopped else "finished")
    model = keras_model(config, ended.weights or ())

    def scores(users: np.ndarray) -> np.ndarray:
        asked = np.array([[user, item] for user in users for item in range(ITEMS + 1)], np.float32)
        return model.predict(asked, verbose=0).reshape(len(users), ITEMS + 1)

    expected = ranked_items(data, scores)
    last = [event for event in found if isinstance(event, Evaluation)][-1]
    assert last.complete and len(expected.places) > 10
    np.testing.assert_array_equal(last.liked, np.stack([expected.liked[:, 0], expected.places], axis=1))
    assert config.data.floor is not None and data.target_deviation is not None
    assert isinstance(found[0], Compiled) and found[0].lowest is not None
    assert found[0].lowest.loss == pytest.approx((config.data.floor().rmse / data.target_deviation[0])**2)
    rated = model.predict(data.x_test, verbose=0)
    rmse = data.target_deviation[0] * float(np.sqrt(np.mean((rated - data.y_test)**2)))
    assert dict(last.measures) == {"rmse": pytest.approx(rmse, rel=1e-5), "hit_rate": expected.hit_rate,
                                   "ndcg": expected.ndcg}


def test_the_map_keeps_its_place_when_components_turn():
    random = np.random.default_rng(0)
    rows, known = random.normal(size=(12, 5)) * [3, 2.9, 1, 1, 1], np.arange(12) > 0
    first = item_map(rows, known)
    assert np.isnan(first[0]).all()
    expected = PCA(2).fit_transform(rows[1:])
    np.testing.assert_allclose(np.abs(first[1:]), np.abs(expected), atol=1e-5)
    turned = item_map(rows @ special_ortho_group.rvs(5, random_state=1), known, first)
    np.testing.assert_allclose(turned[1:], first[1:], atol=1e-5)
    assert np.isnan(item_map(np.full((12, 5), np.nan), known)).all()
