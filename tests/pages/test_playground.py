"""The Playground: the address and the widgets say the same, and the buttons do what they say."""

import pytest

from core.runs.config import RunConfig
from tests.pages.reading import address, keys, unescaped
from ui.form import form_state
from ui.form.permalink import FIELDS, to_params

DIGITS_CNN = RunConfig(dataset="digits", architecture="cnn", epochs=3,
                       architecture_parameters={"filters": [4], "dense_units": [8]})


def test_it_opens_with_the_defaults_and_one_thing_to_press(open_page):
    page = open_page()
    assert page.enabled() == {"train", "step"}
    assert page.status == "ready" and page.number("Step") == "–"
    assert {"dataset", "architecture", "activation", "optimizer", "learning_rate", "batch_size", "epochs",
            "seed", "dropout_rate", "validation_share"} <= keys(page)
    assert not page.at.warning and not page.at.error
    # Not read from to_params: a default left out of the address is what must not happen.
    assert {field for field in FIELDS if not field.endswith("_parameters")} <= set(page.at.query_params)
    assert page.at.query_params["architecture.hidden_units"] == "16-16"
    assert page.at.query_params["optimizer.beta_1"] == "0.9"
    assert address(page) == RunConfig()


def test_a_page_checks_its_choices_once_and_again_when_they_change(open_page, monkeypatch):
    checked, check = [], form_state._config
    monkeypatch.setattr(form_state, "_config", lambda *values: checked.append(1) or check(*values))
    page = open_page()
    assert len(checked) == 1
    page.at.number_input(key="epochs").set_value(7)
    page.run().run()
    assert len(checked) == 2 and address(page).epochs == 7
    page.at.selectbox(key="dataset").select("table")
    page.run().run()
    assert len(checked) == 3 and "Upload a CSV file first" in page.at.info[0].value


def test_train_runs_all_epochs(open_page):
    page = open_page(**to_params(RunConfig(epochs=12)))
    page.press("train")
    assert "stop" in page.enabled() and page.status in ("waiting", "compiling", "training")
    page.until("finished")
    assert page.number("Epoch") == "12 / 12" and page.number("Step") == "36"
    [run] = page.runs
    assert [row[0] for row in run.history.epochs] == list(range(1, 13))
    training = next(part for part in page.parts["loss_curve"]["traces"] if part["name"] == "training")
    assert len(training["x"]) == len(training["y"]) == 12
    assert page.number("Test accuracy").endswith("%")
    assert page.enabled() == {"train", "step", "reset"}


def test_the_layers_are_told_by_keras(open_page):
    page = open_page(**to_params(RunConfig(epochs=1)))
    page.press("train").until("finished")
    table = page.unfold().until(lambda: page.at.table).at.table[0].value
    assert list(table["Parameters"])[-3:] == ["80", "272", "51"]  # 4*16+16, 16*16+16, 16*3+3
    assert sum(int(parameter)
               for parameter in table["Parameters"]) == page.runs[-1].history.compiled.parameters


def test_pause_resume_stop(open_page):
    page = open_page(**to_params(RunConfig(epochs=1000)))
    page.press("train").until("training")
    assert {"pause", "stop", "reset"} == page.enabled()
    page.press("pause").until("paused")
    assert {"train", "resume", "step", "stop", "reset"} == page.enabled()
    held = page.number("Step")
    assert page.run().number("Step") == held
    page.press("resume").until("training")
    page.press("stop").until("stopped")
    assert page.number("Time left") == "–"
    assert 0 < page.runs[0].history.finished.step < 3000


def test_step_takes_one_step_and_then_one_epoch(open_page):
    page = open_page(**to_params(RunConfig(epochs=1000)))
    page.at.segmented_control(key="step_unit").set_value("step")
    page.run().press("step").until("paused")
    run = page.runs[0]
    assert run.history.steps[-1][0] == 1
    page.press("step")
    page.until(lambda: len(run.history.steps) == 2)
    page.at.segmented_control(key="step_unit").set_value("epoch")
    page.run().press("step")
    page.until(lambda: page.number("Step") == "3")  # the end of the epoch it stood in
    # The step is told first, and the end of its epoch a moment later; the page is drawn before it is asked.
    page.press("step").until(lambda: (page.number("Step"), page.status, len(run.history.epochs))
                             == ("6", "paused", 2))
    assert len(page.runs) == 1


def test_reset_waits_at_step_0_with_the_same_weights(open_page):
    page = open_page(**to_params(RunConfig(epochs=5, dropout_rate=0.3)))
    page.press("train").until("finished").press("reset").until("paused")
    first, again = page.runs
    assert again.history.progress is None and page.number("Step") in ("–", "0")
    assert {"train", "resume", "step", "stop", "reset"} == page.enabled()
    page.press("train").until("finished")
    assert len(page.runs) == 2, "Train goes on with the run that waits"
    assert again.history.epochs == first.history.epochs


def test_a_learning_rate_changed_during_a_run_takes_effect_and_is_kept(open_page):
    page = open_page(**to_params(RunConfig(epochs=1000)))
    page.press("train").until("training")
    page.at.number_input(key="learning_rate").set_value(0.5)
    page.run()
    run = page.runs[0]
    page.until(lambda: run.history.learning_rates)
    step, rate = run.history.learning_rates[0]
    assert rate == pytest.approx(0.5) and 0 < step < 3000
    assert address(page).learning_rate == 0.5 and len(page.runs) == 1


def test_a_network_over_budget_is_refused_in_words(open_page):
    units = {"hidden_units": (2048, 2048, 2048)}
    page = open_page(**to_params(RunConfig(architecture_parameters=units)))
    page.press("train").until("failed")
    sentence = page.parts["status"]["sentence"]
    assert "parameters" in sentence and "5,000,000" in sentence


def test_too_many_waiting_runs_are_refused_in_words(open_page):
    page = open_page(**to_params(RunConfig(epochs=1000)))
    for seed in range(6):
        page.at.number_input(key="seed").set_value(seed)
        page.run().press("train")
    assert not page.at.error and len(page.runs) == 6
    page.at.number_input(key="seed").set_value(6)
    page.run().press("train")
    assert "4 of your runs are already waiting" in page.at.error[0].value
    assert len(page.runs) == 6
    assert not page.run().at.error, "told once"


def test_a_link_shows_its_own_run_or_none_yet(open_page):
    own, other = RunConfig(epochs=2), RunConfig(dataset="wine", epochs=3)

    def follow(config: RunConfig) -> str:
        return page.follow(**to_params(config, locked=frozenset({"dataset"}))).status

    page = open_page(**to_params(own)).press("train").until("finished")
    assert follow(other) == "ready" and len(page.parts["runs"]["chips"]) == 1
    assert address(page) == other and not page.at.info
    assert follow(own) == "finished"
    # One that is still going stays in sight, with a word about it.
    page.press("step").until("paused")
    assert follow(other) == "paused" and any("has other settings" in one.value for one in page.at.caption)
    assert page.press("train").until("finished").number("Epoch") == "3 / 3" and not page.at.info


def test_learners_do_not_see_each_other(open_page):
    one, other = open_page(), open_page()
    one.press("train")
    assert len(one.runs) == 1 and not other.run().runs
    assert other.status == "ready" and not other.parts["runs"]["chips"]


@pytest.mark.parametrize("first, second", [("wine", "breast_cancer"), ("moons", "iris")])
def test_regions_are_drawn_over_the_features_that_the_boxes_say(open_page, first, second):
    page = open_page(dataset=first, epochs="1").press("train")
    page.at.selectbox(key="dataset").select(second)
    page.run().press("train")
    run, names = page.runs[-1], page.runs[-1].config.data.features
    said = [page.at.selectbox(key=key) for key in ("feature_x", "feature_y")]
    assert run.config.dataset == second and tuple(one.value for one in said) == run.controls.features
    drawn = page.parts["predictions"]["layout"]
    assert [drawn[axis]["title"]["text"] for axis in ("xaxis", "yaxis")] == [names[one.value] for one in said]

    # What is chosen for this dataset holds for its next run, and not for another dataset's.
    said[0].select(run.controls.features[0] - 2)
    chosen = (run.controls.features[0] - 2, run.controls.features[1])
    # Train stays disabled until the run has ended, which takes it a moment or two.
    page.until(lambda: "train" in page.enabled()).press("train")
    assert page.runs[-2].controls.features == page.runs[-1].controls.features == chosen


def test_app_py_is_a_script_too(open_page):
    page = open_page("app.py", epochs="3").press("train").until("finished")
    assert address(page).epochs == 3


def test_a_run_goes_on_from_another_and_its_settings_and_link_say_so(open_page):
    page = open_page(**to_params(RunConfig(epochs=2))).press("train").until("finished")
    page.at.number_input(key="epochs").set_value(3)
    page.run().press("continue").until("finished")
    first, second = page.runs
    assert second.config.start.config == first.config and second.config.start.at == "kept"
    assert second.config.epochs == 3 and second.history.epochs[0][1] < first.history.epochs[-1][1]
    chip = page.parts["runs"]["chips"][-1]
    assert chip["differs"].startswith("continues MLP 16-16 relu Adam 0.01 from the end")
    assert "start" not in page.at.query_params, "the choices are what they were"

    page = open_page(**to_params(second.config))
    assert address(page) == second.config and "Starts from the end of MLP" in unescaped(page)
    assert page.press("start_remove").at.query_params == to_params(second.config.replaced(start=None))
    assert "Starts from" not in unescaped(page)
