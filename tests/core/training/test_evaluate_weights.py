"""Any weights, evaluated on the whole test set: compared with Keras, and with what a run says of its own."""

import keras
import numpy as np
import pytest

from core.cluster.payload import encode_study
from core.datasets.second_test import second_test
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import Finished
from core.runs.weight_edits import edited
from core.settings import Settings
from core.studies.events import GroupJudged
from core.studies.study import Member
from core.training.evaluate_weights import NoNumbers, evaluate_weights
from core.training.fit import fit
from core.training.model import keras_model
from core.training.studies.training import train
from core.training.studies.warm_states import Standings

# Dropout has random seeds among its weights, which do not travel.
MOONS = RunConfig(dataset="moons", epochs=3, dropout_rate=0.2, architecture_parameters={"hidden_units": [6]})


@pytest.fixture(scope="module")
def run() -> tuple[Evaluation, Finished]:
    events = list(fit(MOONS, split(MOONS.data, MOONS.preparation), ControlsMailbox(Controls()),
                      Settings(workers=1, threads=1)))
    assert isinstance(events[-1], Finished)
    return [event for event in events if isinstance(event, Evaluation)][-1], events[-1]


def test_a_runs_own_weights_give_its_own_results(run):
    own, finished = run
    for weights in (own.weights, finished.weights):
        found = evaluate_weights(MOONS, weights, step=own.step)
        assert found.loss == pytest.approx(own.loss) and found.metric == own.metric and found.complete
        np.testing.assert_array_equal(found.matrix, own.matrix)
        np.testing.assert_array_equal(found.regions.classes, own.regions.classes)


def test_edited_weights_give_what_keras_gives(run):
    own, finished = run
    changed = edited(MOONS, own.weights, [("dense_1/kernel", 3, 4.0), ("logits/bias", 0, -1.5)])
    found, data = evaluate_weights(MOONS, changed), split(MOONS.data, MOONS.preparation)
    values = iter(changed)
    model = keras_model(MOONS, [next(values) if np.issubdtype(weights.dtype, np.floating) else weights
                                for weights in finished.weights])
    logits = model.predict(data.x_test * np.float32(data.scale), verbose=0)
    losses = keras.losses.sparse_categorical_crossentropy(data.y_test, logits, from_logits=True)
    assert found.loss == pytest.approx(float(np.mean(losses)), rel=1e-5)
    assert found.metric == pytest.approx((logits.argmax(1) == data.y_test).mean())
    assert abs(found.loss - own.loss) > 0.1


def test_the_second_test_set_is_evaluated_as_keras_does(run):
    own, finished = run
    found = evaluate_weights(MOONS, own.weights, second=True)
    data = second_test(MOONS.data, MOONS.preparation)
    values = iter(own.weights)
    model = keras_model(MOONS, [next(values) if np.issubdtype(weights.dtype, np.floating) else weights
                                for weights in finished.weights])
    right = model.predict(data.x_test, verbose=0).argmax(1) == data.y_test
    assert found.metric == pytest.approx(right.mean()) and found.examples == len(right) == 2000
    members = encode_study([Member(MOONS, second_test=True)]).decode()
    events = list(train("study", members, MOONS.epochs, Settings(workers=1, threads=1), lambda: False,
                        Standings()))
    (judged,) = [event for event in events if isinstance(event, GroupJudged)]
    assert judged.test_metric[0] == pytest.approx(found.metric, abs=2e-3)


def test_weights_without_finite_answers_are_refused_in_words(run):
    with pytest.raises(NoNumbers, match="no longer numbers"):
        evaluate_weights(MOONS, [np.full_like(weights, np.nan) for weights in run[0].weights])


def test_weights_of_another_network_are_refused(run):
    with pytest.raises(ValueError, match="has the shape"):
        evaluate_weights(MOONS, [np.zeros((3, 3), np.float32), *run[0].weights[1:]])
