"""Evaluate, without a browser: each kind of data, before any run, and while one trains."""

import json

import pytest

from core.metrics.network import NetworkAnswers
from core.runs.config import RunConfig
from core.runs.presets import good_start
from tests.pages.reading import said
from ui.form.permalink import to_params
from ui.session import runs

IRIS = RunConfig(epochs=5)
SENTENCES = good_start("sentence_polarity").replaced(epochs=1, training_size=200)
CONFIGS = {
    "classes": IRIS,
    "two classes": RunConfig(dataset="breast_cancer", epochs=2),
    "images": RunConfig(dataset="digits", epochs=2),
    "regression": RunConfig(dataset="diabetes", epochs=3),
    "series": RunConfig(dataset="sine", epochs=2, dataset_parameters={"steps": 200, "horizon": 2}),
    "inputs": RunConfig(dataset="digits", target="input", architecture="autoencoder", epochs=2),
    "anomalies": good_start("sensor").replaced(epochs=2, dataset_parameters={"count": 400}),
    "sentences": SENTENCES,
    "hidden words": SENTENCES.replaced(target="hidden_word"),
    "ratings": good_start("ratings").replaced(epochs=2),
}
VIEWS = {"classes": ["matrix", "curves", "calibration", "mistakes"],
         "two classes": ["matrix", "curves", "calibration", "mistakes", "threshold"],
         "images": ["matrix", "curves", "calibration", "mistakes"],
         "regression": ["errors", "worst"], "series": ["errors", "steps_ahead", "worst"],
         "inputs": ["reconstruction", "worst_back"],
         "anomalies": ["anomalies", "reconstruction", "worst_back"],
         "sentences": ["matrix", "curves", "calibration", "mistakes", "threshold"],
         "hidden words": ["guesses"],
         "ratings": ["errors", "ranking", "by_count", "worst"]}


def opened(page):
    """The page Evaluate of an app that is open already."""
    page.visit("pages/evaluate.py")
    return page.run()


def evaluated(open_page, config: RunConfig):
    page = opened(open_page(**to_params(config)).press("train").until("finished"))
    return page.until(lambda: page.at.metric)


def figures(page) -> list[dict]:
    """The figures of the charts that are drawn."""
    found = (json.loads(component.proto.json) for component in page.at.get("bidi_component"))
    return [one["figure"] for one in found if "figure" in one]


def choose(page, key: str, value: str):
    page.at.segmented_control(key=key).set_value(value)
    return page.run()


def test_before_any_run_it_says_what_to_do(open_page):
    page = opened(open_page())
    assert "There is no run to evaluate yet" in page.at.info[0].value
    assert not page.at.metric and not page.at.error and not page.at.button


@pytest.mark.parametrize("kind", [
    pytest.param(name, marks=() if name == "classes" else pytest.mark.sweep) for name in CONFIGS])
def test_every_view_of_each_kind_of_data_is_drawn(open_page, kind):
    page = evaluated(open_page, CONFIGS[kind])
    owner = page.at.session_state[runs.OWNER]
    answers = runs.service().run_service.questions.test_answers(owner, page.runs[-1].id)
    expected = page.runs[-1].history.evaluation
    assert isinstance(answers, NetworkAnswers) and len(answers.losses) == expected.examples
    first = page.at.metric[0]
    wanted = expected.metric if kind not in ("regression", "series") else expected.numbers.mae
    assert first.value == (f"{100 * wanted:.1f} %" if first.label in ("Accuracy", "Guessed")
                           else f"{wanted:#.3g}")
    assert len(page.at.segmented_control(key="test_set_view").options) == len(VIEWS[kind]) and figures(page)
    for view in VIEWS[kind]:
        choose(page, "test_set_view", view)
        assert page.at.session_state["test_set_view"] == view and not page.at.error
        assert figures(page) or view in ("mistakes", "worst", "worst_back")


# One of each task: the methods depend on nothing else.
@pytest.mark.parametrize("kind", ["classes", *(
    pytest.param(name, marks=pytest.mark.sweep) for name in ("regression", "series", "anomalies"))])
def test_the_baselines_of_each_kind_of_data_stand_beside_the_network(open_page, kind):
    page = choose(evaluated(open_page, CONFIGS[kind]), "evaluate_section", "baselines")
    assert not page.at.table, "nothing is fitted before it is asked for"
    page.press("fit_baselines")
    page.until(lambda: page.at.table and "are done" not in said(page))
    table = page.at.table[0].value
    assert table["Method"].iloc[0] == "**This network**"
    assert len(table) == {"regression": 8, "series": 11, "anomalies": 3}.get(kind, 8)
    assert page.at.button(key="fit_baselines").disabled and page.at.button(key="stop_baselines").disabled
    (figure,) = figures(page)
    assert len(figure["traces"][0]["x"]) == len(table) - 1 and len(figure["traces"][1]["x"]) == 1
    assert any("the network" in element.value for element in page.at.markdown), "a verdict"


def test_a_cell_is_chosen_by_two_boxes(open_page):
    page = evaluated(open_page, CONFIGS["images"])
    for true, predicted in ((3, 3), (0, 1)):
        page.at.selectbox(key="cell_true").set_value(true)
        page.at.selectbox(key="cell_predicted").set_value(predicted)
        page.run()
        (frame,) = figures(page)[0]["layout"]["shapes"]
        assert (frame["x0"], frame["y0"]) == (predicted - 0.5, true - 0.5)
        count = int(page.runs[-1].history.evaluation.matrix[true, predicted])
        assert (f"**{count} example{'s' * (count > 1)} of {true} " in said(page)) == (count > 0)
        drawn = [html for html in page.at.get("html") if "evaluated-gallery" in html.proto.body]
        # The other gallery is that of the confident mistakes.
        assert len(drawn) == 1 + (count > 0)


def test_an_example_leads_to_the_stage(open_page):
    page = evaluated(open_page, CONFIGS["images"])
    lead = next(element for element in page.at.selectbox if (element.key or "").startswith("example_"))
    chosen = int(lead.options[-1].split(":")[0])
    lead.set_value(chosen - 1)
    page.run()
    page.at.button(key=lead.key.replace("example", "stage")).click()
    page.run()
    assert page.at.session_state["_stage"].view["example"] == chosen - 1
    assert page.at.button(key="train"), "the Playground is open"


def test_the_commonest_mistake_is_chosen_first(open_page):
    page = evaluated(open_page, CONFIGS["images"])
    matrix = page.runs[-1].history.evaluation.matrix.copy()
    matrix[range(10), range(10)] = 0
    chosen = tuple(page.at.selectbox(key=key).value for key in ("cell_true", "cell_predicted"))
    assert matrix[chosen] == matrix.max()


def test_the_threshold_changes_what_is_said_at_once(open_page):
    page = choose(evaluated(open_page, CONFIGS["two classes"]), "test_set_view", "threshold")
    assert page.at.selectbox(key="positive_class").value == 0, "malignant is the rarer class"
    before = {element.label: element.value for element in page.at.metric}
    page.at.slider(key="threshold").set_value(1.0)
    page.run()
    after = {element.label: element.value for element in page.at.metric}
    assert float(after["Recall"].split()[0]) < float(before["Recall"].split()[0])
    page.at.number_input(key="cost_missed").set_value(10)
    page.run()
    assert page.at.metric[-1].label == "Cost of an example"
    assert page.at.metric[-1].value != after["Cost of an example"]


def test_while_a_run_trains_it_says_so_and_evaluates_it_when_it_has_ended(open_page):
    page = open_page(**to_params(RunConfig(epochs=1000)))
    page.at.selectbox(key="pace").select("1 epoch/s")
    page.run().press("train").until("training")
    opened(page)
    for section in ("test_set", "baselines"):
        choose(page, "evaluate_section", section)
        assert "still training" in page.at.info[0].value and not page.at.metric and not page.at.table
    runs.service().run_service.stop(page.at.session_state[runs.OWNER], page.runs[-1].id)
    choose(page, "evaluate_section", "test_set")
    page.until(lambda: page.at.metric)
    assert page.at.metric[0].label == "Accuracy" and not page.at.info


def test_another_run_is_chosen(open_page):
    begun = IRIS.replaced(start={"at": "kept", "config": {"epochs": 2}})
    page = open_page(**to_params(begun)).press("train").until("finished")
    page.at.number_input(key="seed").set_value(3)
    page.run().press("train").until("finished")
    opened(page).until(lambda: page.at.metric)
    first, second = page.runs
    assert page.at.selectbox(key="evaluated_run").value == second.id
    names = page.at.selectbox(key="evaluated_run").options
    assert all("finished, started from the end of MLP 16-16" in name for name in names), "not from scratch"
    page.at.selectbox(key="evaluated_run").set_value(first.id)
    page.run().until(lambda: page.at.metric)
    assert page.at.session_state[runs.SIGHT].chosen == first.id
    assert page.at.selectbox(key="evaluated_run").value == first.id


def test_a_run_that_diverged_is_told_in_words(open_page):
    config = RunConfig(dataset="diabetes", learning_rate=10.0, optimizer="sgd", epochs=40)
    page = open_page(**to_params(config))
    opened(page.press("train").until("diverged"))
    assert "Lower the learning rate" in page.at.error[0].value and not page.at.metric


def test_the_fitting_is_stopped_and_goes_on(open_page, monkeypatch):
    page = choose(evaluated(open_page, IRIS), "evaluate_section", "baselines")
    questions = runs.service().run_service.questions
    with monkeypatch.context() as patch:
        patch.setattr(type(questions), "baseline", lambda self, owner, config, name: None)
        page.press("fit_baselines")
        assert "0 of 7 are done" in said(page)
        page.press("stop_baselines")
        assert "are done" not in said(page) and not page.at.button(key="fit_baselines").disabled
    page.press("fit_baselines").until(lambda: page.at.table and len(page.at.table[0].value) == 8)
