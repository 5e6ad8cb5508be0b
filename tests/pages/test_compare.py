"""Compare: all runs that a browser keeps, the actions on them, and the page without any run."""

import io
import json

import pandas as pd
import pytest

from core.runs.config import RunConfig
from core.store import Unavailable, kept_of, record_of
from tests.core.store import made
from ui.compare import actions, run_list, table, views
from ui.form.permalink import from_params
from ui.session import runs

FIRST = RunConfig(learning_rate=0.1, epochs=3)
SECOND = RunConfig(learning_rate=0.001, epochs=3, optimizer="sgd")


@pytest.fixture
def compare(open_page):
    """Opens Compare in a session that keeps runs of these configurations: `compare(FIRST, SECOND)`."""
    def make(*configs: RunConfig, ticked: int = 0):
        page = open_page()
        owner = page.at.session_state[runs.OWNER]
        for number, config in enumerate(configs):
            run = made.run(f"{owner}-{number}", owner, config, tested=made.evaluation(right=28 + number % 2))
            run.ended = run.created + number
            runs.service().writer.store.keep(record_of(run))
        page.at.session_state[table.CHOSEN] = [f"{owner}-{number}" for number in range(ticked)]
        page.visit("pages/compare.py")
        return page.run()
    return make


def frame(page) -> pd.DataFrame:
    return page.at.dataframe[0].value


def chart(page, key: str) -> dict:
    """What a chart was told."""
    found = [json.loads(component.proto.json)
             for component in page.at.get("bidi_component") if component.proto.json]
    return [one["figure"] for one in found if "figure" in one][{"curves": -1}[key]]


def test_without_runs_it_says_what_to_do(compare):
    page = compare()
    assert "Nothing to compare yet" in page.at.info[0].value and not page.at.dataframe


def test_the_table_shows_what_differs_and_all_on_request(compare):
    page = compare(FIRST, SECOND)
    shown = frame(page)
    assert shown["Learning rate"].tolist() == [0.001, 0.1] and shown["Optimizer"].tolist() == ["SGD", "Adam"]
    assert shown["Test accuracy"].tolist() == pytest.approx([100 * 29 / 30, 100 * 28 / 30])
    equal = [name for name in shown if shown[name].nunique(dropna=False) < 2]
    assert set(equal) <= table.ALWAYS and "Name" in shown
    page.at.toggle(key=table.ONLY).set_value(False)
    everything = frame(page.run())
    assert {"≠ Learning rate", "Seed", "Hidden units"} <= set(everything)


def test_another_browser_sees_nothing(compare):
    assert len(frame(compare(FIRST, SECOND))) == 2
    assert not compare().at.dataframe


def test_the_newest_are_drawn_until_rows_are_ticked(compare):
    page = compare(FIRST, SECOND)
    assert len(chart(page, "curves")["traces"]) == 4
    assert any("No row is ticked" in element.value for element in page.at.caption)
    assert page.at.button(key="compare_open").disabled and page.at.button(key="compare_delete").disabled
    page = compare(FIRST, SECOND, ticked=1)
    assert len(chart(page, "curves")["traces"]) == 2


def test_by_default_only_runs_whose_losses_mean_the_same_are_drawn():
    configs = [FIRST, RunConfig(dataset="wine"), SECOND, FIRST, FIRST]
    states = ["finished", "finished", "finished", "finished", "diverged"]
    shown = []
    for number, (config, state) in enumerate(zip(configs, states, strict=True)):
        run = made.run(f"one-{number}", "one", config)
        run.status, run.ended = state, run.created + number
        shown.append(kept_of(run))
    assert [one.id for one in views.opening(shown)] == ["one-3", "one-2", "one-0"]
    assert not views.opening(shown[-1:])


def test_filters(compare):
    page = compare(FIRST, SECOND, RunConfig(dataset="wine", epochs=3))
    page.at.text_input(key="compare_text").set_value("sgd")
    assert frame(page.run())["Name"].tolist() == [SECOND.name]
    page.at.text_input(key="compare_text").set_value("nothing like it")
    assert not page.run().at.dataframe and "Clear one" in page.at.info[0].value
    page.at.text_input(key="compare_text").set_value("")
    page.at.multiselect(key="compare_dataset").set_value(["wine"])
    assert frame(page.run())["Data"].tolist() == ["Wine"]


def test_rename_tag_pin_delete_and_undo(compare):
    page = compare(FIRST, SECOND, ticked=1)
    owner = page.at.session_state[runs.OWNER]
    page.at.text_input(key=f"{actions.NAME}_{owner}-0").set_value("the first")
    page.press("compare_rename_save")
    [tags] = [element for element in page.at.text_input if element.key.startswith(actions.TAGS)]
    tags.set_value("good, slow")
    page.press("compare_tag_save").press("compare_pin")
    first = frame(page).iloc[0]
    assert (first["Name"], first["Tags"], first["Pinned"]) == ("the first", "good, slow", table.PIN)
    page.press("compare_delete")
    assert frame(page)["Name"].tolist() == [SECOND.name]
    assert page.at.button(key="compare_undo").label == "Undo: 1 deleted"
    page.press("compare_undo")
    assert set(frame(page)["Name"]) == {SECOND.name, "the first"}


def test_a_name_that_is_none_is_refused_in_words(compare):
    page = compare(FIRST, ticked=1)
    page.at.text_input(key=f"{actions.NAME}_{page.at.session_state[runs.OWNER]}-0").set_value("  ")
    assert "A name must have" in page.press("compare_rename_save").at.warning[0].value


def test_a_click_opens_the_configuration_in_the_playground(compare):
    page = compare(SECOND, ticked=1).press("compare_open")
    assert page.at.selectbox(key="dataset").value == "iris"
    link = from_params(page.at.query_params)
    assert link.refused is None and link.config == SECOND


def test_a_run_of_an_earlier_visit_stands_on_the_stage_as_it_ended(compare):
    page = compare(SECOND, SECOND, ticked=1)
    assert not page.runs
    page.press("compare_open")
    [run] = page.runs
    assert run.id.endswith("-0") and run.status == "finished" and run.history.evaluation.matrix.sum() == 30
    assert page.at.session_state[runs.SIGHT].shown is run


def test_a_learners_own_table_must_be_uploaded_again():
    config = RunConfig().to_dict() | {"dataset": "table", "dataset_parameters": {
        "digest": "0" * 16, "target": "kind", "columns": ["length"], "task": "classification"}}
    link = from_params(actions.link(config))
    assert link.refused is None and link.config.dataset_parameters["target"] == "kind"
    assert link.config.dataset_parameters["digest"] == ""


def test_two_runs_side_by_side(compare):
    page = compare(FIRST, SECOND, ticked=2)
    page.at.segmented_control(key="compare_view").set_value("Two runs")
    page.run()
    assert any("Luck in the choice of test examples can explain" in element.value
               for element in page.at.markdown)
    differs = page.at.dataframe[1].value
    assert {"Learning rate", "Optimizer"} <= set(differs["Field"])
    assert any("McNemar" in element.value for element in page.at.caption)


@pytest.mark.parametrize("view", ["Two columns", "All columns", "Two runs"])
def test_every_view_is_drawn(compare, view):
    page = compare(FIRST, SECOND)
    page.at.segmented_control(key="compare_view").set_value(view)
    page.run()
    assert view == "Two runs" or chart(page, "curves")["traces"]
    if view == "Two columns":
        [trace] = chart(page, "curves")["traces"]
        assert len(set(trace["x"])) == len(set(trace["y"])) == 2, "neither axis is constant"
        assert page.at.selectbox(key="compare_x").options[-1:] != ["learning_rate"]


def test_without_the_store_the_session_goes_on(compare, monkeypatch):
    def away(owner: str):
        raise Unavailable("The file of saved runs is damaged.")
    page = compare(FIRST)
    monkeypatch.setattr(runs.service().writer.store, "runs", away)
    page.run()
    assert "damaged" in page.at.warning[0].value and "Nothing to compare" in page.at.info[0].value


def test_a_run_that_was_trained_is_kept(open_page):
    page = open_page(epochs="3", seed="11")
    page.press("train").until("finished")
    assert runs.service().writer.flush()
    page.visit("pages/compare.py")
    shown = frame(page.run())
    assert len(shown) == 1 and shown["Test accuracy"].notna().all() and shown["Seconds"].notna().all()
    [kept] = keeping_of(page)
    assert kept.stored and kept.config["seed"] == 11
    details = runs.service().writer.store.details(page.at.session_state[runs.OWNER], [kept.id])[kept.id]
    assert details.curves.epochs.shape == (3, 5) and details.scores.matrix.sum() == kept.examples == 30
    assert (details.curves.steps[:, 4] > 0).all()


def keeping_of(page):
    return runs.service().writer.store.runs(page.at.session_state[runs.OWNER])


def test_further_results_are_columns_of_the_runs_that_have_them():
    from dataclasses import replace
    old = kept_of(made.run(config=RunConfig(dataset="ratings")))
    new = replace(old, id="s-2", results=replace(old.results, further={"hit_rate": 0.25, "ndcg": 0.125}))
    shown = {column.name: column for column in table.results([new, old])}
    assert shown["Hit rate at 10"].cells == (0.25, None) and shown["NDCG at 10"].cells == (0.125, None)
    assert "Area under ROC" not in shown
    assert table._series(shown["Hit rate at 10"]).tolist()[0] == 25.0, "in percent"


def test_csv_has_every_column_and_no_formula():
    from dataclasses import replace

    from core.store import kept_of
    one = replace(kept_of(made.run(config=FIRST)), name="=1+1", tags=("a",))
    read = pd.read_csv(io.StringIO(table.csv([one, kept_of(made.run(config=SECOND))])))
    assert read["Name"].tolist()[0] == "'=1+1" and read["learning_rate"].tolist() == [0.1, 0.001]
    assert {"Test accuracy", "optimizer", "seed", "ended (UTC)"} <= set(read)


def test_what_is_told_is_told_once(compare):
    page = compare(FIRST)
    page.at.session_state[run_list.SAID] = "It was not done."
    assert "It was not done" in page.run().at.warning[0].value
    assert not page.run().at.warning
