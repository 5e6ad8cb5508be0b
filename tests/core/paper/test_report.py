"""The report of a run: for every task and every status, with what a learner may have typed escaped."""

from dataclasses import replace

import numpy as np
import pytest

from core.charts import loss_curve
from core.lessons.attempt import Attempt
from core.lessons.reading import lessons
from core.paper.chosen import chosen, network
from core.paper.figures import ink, picture
from core.paper.report import Told, report
from core.paper.scales import round_numbers, scale
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, Predictions, Reconstructions
from core.runs.events import Compiled, EpochEnd, Finished, LearningRate, Progress
from core.runs.guesses import Guesses
from core.runs.run import ENDED, Run
from tests.core.known_runs import a_run, an_evaluation
from tests.core.paper.test_lessons import Read, plain

HOSTILE = '<script>alert("1")</script>'
NONE = np.zeros((0, 0), int)


def numbers(count: int = 6) -> Predictions:
    true = np.arange(count, dtype=np.float32)[:, None]
    return Predictions(np.arange(count), true, true + 0.5, 0.5, 0.5, 0.9)


def back(anomalous: np.ndarray | None = None) -> Reconstructions:
    errors, image = np.linspace(0.1, 1, 6, dtype=np.float32), np.zeros((1, 4))
    return Reconstructions(np.arange(1), image, image, errors, np.ones(4), 0.3, 0.9, 0.6, anomalous, 0.8)


GUESSED = Guesses((), ((10, 6, 2, 4), (100, 3, 1, 1), (1000, 1, 0, 0)), 0.5, "the", 0.1)
ODD = np.array([False, False, False, True, True, True])
TASKS = {
    "table": ("iris", {}, {"matrix": np.diag([10, 9, 8])}),
    "images": ("digits", {"architecture": "cnn"}, {"matrix": np.diag(np.arange(10))}),
    "sentences": ("sentence_polarity", {}, {"matrix": np.diag([4, 5])}),
    "series": ("spikes", {}, {"matrix": np.diag([4, 5])}),
    "regression": ("diabetes", {"loss": "mse"}, {"numbers": numbers()}),
    "forecast": ("sine", {"loss": "mse"}, {"numbers": numbers()}),
    "pairs": ("ratings", {"loss": "mse"}, {"numbers": numbers()}),
    "reconstruction": ("digits", {"target": "input", "loss": "mse", "architecture": "autoencoder"},
                       {"reconstructions": back()}),
    "anomalies": ("digits", {"target": "input", "loss": "mse", "architecture": "autoencoder",
                             "normal": ("0", "1")}, {"reconstructions": back(ODD)}),
    "guessing": ("sentence_polarity", {"target": "hidden_word", "loss": "word_cross_entropy"},
                 {"guesses": GUESSED}),
}


def made(name: str, status: str = "finished") -> Run:
    """A run of that task with three epochs, as a worker would have sent them."""
    dataset, changes, found = TASKS[name]
    run = Run("1", "me", RunConfig(dataset=dataset, epochs=3, **changes), 0, Controls(), status=status)
    for epoch in (1, 2, 3):
        run.history.append(Progress(epoch * 4, epoch, 1 / epoch, 0.5, epoch * 0.1, epoch * 96))
        run.history.append(EpochEnd(epoch, epoch * 4, 1 / epoch, 0.5, 2 / epoch, 0.4))
    run.history.append(Evaluation(**{"step": 12, "matrix": NONE, "examples": 6, "loss": 0.5, "metric": 0.25,
                                     "complete": True, **found}))
    return run


def test_every_task_has_a_report_with_its_curves_and_results(subtests):
    for name in TASKS:
        with subtests.test(name):
            run = made(name)
            read = Read(report(run, Told()).body)
            assert read.tags.count("svg") == 3 and read.tags.count("h1") == 1
            assert run.config.data.label in read.words and "0.5000" in read.words and "nan" not in read.words


def test_a_run_in_any_status_has_a_report(subtests):
    for status in (*ENDED, "waiting", "compiling", "training", "paused"):
        with subtests.test(status):
            run = made("table", status)
            if status in ("waiting", "compiling"):
                run = replace(run, history=type(run.history)())
            if status == "diverged":
                run.history.append(EpochEnd(4, 16, float("nan"), 0.3, float("inf"), 0.3))
                run.history.append(Finished(16, "diverged"))
            body = report(run, Told(runs=[run])).body
            assert "NaN" not in body and "nan" not in body and "inf" not in body


def test_it_says_where_figures_are_from_an_earlier_epoch_and_a_link_opens_only_the_settings():
    run = made("table")
    words = Read(report(run, Told(link="?seed=1")).body).words
    assert "To train this run again:" in words and "Test, epoch" not in words
    run.history.append(LearningRate(9, 0.5))
    assert "To open the same settings:" in Read(report(run, Told(link="?seed=1")).body).words
    run = made("table", "stopped")
    run.history.append(Compiled(1.0, 100, 4))
    run.history.append(EpochEnd(4, 16, 0.1, 0.5, 0.2, 0.4))
    words = Read(report(run, Told(link="?seed=1")).body).words
    assert "To open the same settings:" in words and "Test, epoch 3 0.5000 25.0 %" in words


def test_it_says_what_was_left_out(monkeypatch):
    run = made("images", "training")
    run.history.append(Evaluation(12, np.diag([6] + [0] * 9), 6, 0.5, 0.25, False, total=360))
    assert "the picture is of 6 of 360 test examples" in Read(report(run, Told()).body).words
    monkeypatch.setattr("core.paper.report.MOST_ROWS", 2)
    assert "1 more row not shown here" in Read(report(made("table"), Told()).body).words


def test_what_a_learner_wrote_is_text():
    run = made("table")
    attempt = Attempt(lessons()["overfitting"], runs=["1"])
    attempt.predict(sure=1)
    read = Read(report(run, Told(runs=[run], link=f"?{HOSTILE}", attempt=attempt, own_words=HOSTILE)).body)
    assert "script" not in read.tags and HOSTILE in read.words
    matrix = picture({"about": HOSTILE, "traces": [], "layout": {
        "xaxis": {"title": {"text": HOSTILE}, "type": "category", "categoryarray": [HOSTILE, "b"]},
        "yaxis": {"title": {"text": HOSTILE}}}}, 300, 200)
    assert "<script" not in matrix


def test_a_prediction_is_judged_by_the_run_of_the_lesson():
    lesson = lessons()["steps"]
    right = next(place for place, option in enumerate(lesson.prediction.options) if option.right)
    for option, said in ((right, "Right: 8,000 steps"), (1 - right if right < 2 else 0, "Not right.")):
        attempt = Attempt(lesson)
        attempt.predict(option=option, sure=2)
        attempt.runs.append("1")
        run = made("table")
        words = Read(report(run, Told(runs=[run], attempt=attempt)).body).words
        assert plain(lesson.prediction.options[option].text) in plain(words)
        assert said in words and "(certain)" in words


def test_choices_that_differ_come_first():
    found = chosen(RunConfig(learning_rate=0.5, architecture_parameters={"hidden_units": [3]}))
    assert [(one.label, one.value) for one in found if one.changed] == [
        ("Hidden units", "3"), ("Learning rate", "0.5")]
    assert [one.changed for one in found] == sorted((one.changed for one in found), reverse=True)
    # A dataset of one's own choice is one difference; its own parameters are as they open.
    assert [one.label for one in chosen(RunConfig(dataset="moons")) if one.changed] == ["Dataset"]


def test_an_activation_is_named_where_it_is_used():
    layers = [{"kind": "Dense", "units": 4, "activation": "tanh"}, {"kind": "Dense", "units": 3}]
    own = RunConfig(architecture="custom", architecture_parameters={"layers": layers})
    for config, said, line in ((RunConfig(), True, "Dense 16, Dense 16"),
                               (RunConfig(architecture="softmax"), False, ""),
                               (own, False, "Dense 4 tanh, Dense 3 relu")):
        assert ("Activation" in [one.label for one in chosen(config)]) == said
        assert network(config) == line


def test_a_value_is_where_the_axis_says():
    across = scale({"range": [0, 10]}, [], 50.0, 250.0)
    assert across.at(5) == pytest.approx(150.0) and across.ticks()[1] == (pytest.approx(90.0), "2")
    assert round_numbers(0, 1) == [0, 0.2, 0.4, 0.6, 0.8, 1.0] and round_numbers(-3e-5, 7e-5)[0] == -2e-5
    assert ink("@text/0.5") == "#888888" and ink("@#0077BB/1") == "#0077bb" and ink("#0077BB") == "#0077BB"


def test_the_curve_goes_through_the_points():
    run = a_run(2)
    drawn = picture(loss_curve(run), 340, 200)
    # Losses 1 and 0.5, validation 2 and 1, on axes from 0: half of the height is half of the loss.
    y = scale(loss_curve(run)["layout"]["yaxis"], [2.0], 166.0, 20.0, 0.04)
    x = scale({"range": [0, 5]}, [], 54.0, 330.0)
    for a, b in ((1, 1.0), (2, 0.5), (1, 2.0)):
        assert f"{x.at(a):.1f} {y.at(b):.1f}" in drawn.replace("L", "M")
    assert drawn.count("stroke-dasharray") == 2, "the validation line, and its name above"


def test_a_matrix_shows_all_its_counts():
    run = made("table")
    run.history.append(an_evaluation(3))
    words = Read(report(run, Told()).body).words.split()
    assert all(str(count) in words for count in range(9))
