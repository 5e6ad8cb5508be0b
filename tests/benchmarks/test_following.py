"""Following a run: the stopwatch, the small net, and updates that stay small while a run grows."""

import time
from collections.abc import Iterator

import numpy as np
import pytest

import benchmarks.growth as growth
import benchmarks.points as points
from benchmarks.stopwatch import Stopwatch
from core.catalog.architectures import layer
from core.datasets import DATASETS
from core.datasets.splits import split
from core.runs.config import PARAMETERS
from core.runs.evaluations import Evaluation
from core.runs.events import Compiled, Event, Finished, Progress

EPOCHS = 1000


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch):
    """The points among the datasets, and gone again."""
    monkeypatch.setitem(PARAMETERS, "dataset", PARAMETERS["dataset"])
    monkeypatch.setitem(DATASETS, points.CIRCLES.name, points.CIRCLES)
    points.offer()


@pytest.mark.usefixtures("offered")
def test_the_net_is_that_of_the_page():
    config = points.net_2_4_2()
    assert config.layers() == [layer("Dense", units=units, activation="tanh") for units in (4, 2)]
    data = split(config.data, config.preparation)
    assert data.x_train.shape == (250, 2) and data.x_test.shape == (250, 2)
    assert config.batch_size == 10 and len(config.data.classes) == 2


def test_the_points_lie_in_a_disc_and_a_ring():
    found = points.circles(3)
    distance = np.hypot(*found.x.T)
    assert (distance[found.y == 0] <= 2.5).all() and (distance[found.y == 1] >= 3.5).all()
    assert np.bincount(found.y).tolist() == [125, 125]


def test_the_stopwatch_stands_while_the_test_set_is_looked_at(monkeypatch: pytest.MonkeyPatch):
    """Compiling takes 1 s, each progress 10, a look 100, whoever takes an event 1000, the end 10000."""
    clock = [5.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def events() -> Iterator[Event]:
        for passes, event in ((1, Compiled(1.0, 7, 4)), (10, Progress(1, 0.25, 1.0, 0.5, 10, 8)),
                              (100, Evaluation(1, np.eye(2), 2, 1.0, 1.0, False)), (1, Compiled(1.0, 7, 4)),
                              (10000, Finished(4, "finished", seconds=20.0))):
            clock[0] += passes
            yield event

    watch = Stopwatch()
    for _ in watch.follow(events()):
        clock[0] += 1000
    assert watch.times.looking == 100 and watch.times.training == 10 + 10000 + 5 * 1000
    assert watch.times.whole == 1 + 10 + 100 + 1 + 10000 + 5 * 1000
    assert (watch.times.calls, watch.times.steps, watch.times.parameters) == (20.0, 4, 7)


@pytest.fixture(scope="module")
def long_run():
    from benchmarks.subjects import IRIS
    return growth.made_up(IRIS.replaced(epochs=EPOCHS), 20)


@pytest.mark.parametrize("epoch", growth.EPOCHS)
def test_an_update_stays_small_and_keeps_ends_and_extremes(long_run, epoch: int):
    told, _ = growth.update(long_run, epoch)
    assert growth.points(told) <= growth.MOST_POINTS
    loss = np.array([row[1] for row in long_run.history.epochs[:epoch]])
    trace = next(trace for trace in told["loss_curve"]["content"]["traces"] if trace["name"] == "training")
    x, y = np.array(trace["x"]), np.array(trace["y"])
    assert (x[0], x[-1]) == (1, epoch)
    np.testing.assert_allclose([y.min(), y.max(), y[0], y[-1]], [loss.min(), loss.max(), loss[0], loss[-1]],
                               rtol=1e-3)


def test_a_run_is_cut_at_an_epoch(long_run):
    cut = growth.at(long_run, 10)
    assert len(cut.history.epochs) == 10 and len(cut.history.steps) == 200
    assert cut.history.progress.epoch == pytest.approx(10)
    assert len(long_run.history.epochs) == EPOCHS, "the run itself stays whole"
