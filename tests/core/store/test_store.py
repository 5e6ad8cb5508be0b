"""The store: runs come back unchanged, only to their own browser, and within limits."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.datasets import kept_tables, table
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.store import Store, kept_of, record_of
from core.store.packing import curves_of
from core.store.record import LONGEST_NAME
from tests.core.store import made
from tests.core.store.made import OTHER, OWNER
from tests.strategies import configs


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "runs.sqlite3"


@pytest.fixture
def store(path: Path) -> Store:
    return Store(path, most=20)


def keep(store: Store, *names: str, owner: str = OWNER) -> None:
    for number, name in enumerate(names):
        one = made.record(name, owner)
        store.keep(replace(one, kept=replace(one.kept, ended=1000.0 + number)))


def ids(store: Store, owner: str = OWNER) -> list[str]:
    return [run.id for run in store.runs(owner) if run.deleted is None]


@given(config=configs(), status=st.sampled_from(["finished", "stopped", "diverged", "failed"]),
       message=st.text(), loss=st.floats())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_a_run_comes_back_as_it_was(tmp_path_factory, config, status, message, loss):
    store = Store(tmp_path_factory.mktemp("store") / "runs.sqlite3")
    run = made.run(config=config, status=status, message=message)
    run.history.epochs[-1] = (*run.history.epochs[-1][:3], loss, loss)
    run.history.append(replace(made.evaluation(), measures=(("hit_rate", 0.25), ("ndcg", loss))))
    store.keep(record_of(run))
    [kept] = store.runs(OWNER)
    assert kept == replace(kept_of(run), stored=True)
    assert RunConfig.from_dict(kept.config) == config
    assert kept.results.val_loss == (loss if abs(loss) < float("inf") else None)
    assert kept.results.further == {"hit_rate": 0.25} | ({"ndcg": loss} if abs(loss) < float("inf") else {})
    details = store.details(OWNER, [run.id])[run.id]
    assert details.curves.steps.shape == curves_of(run.history).steps.shape
    assert details.scores.matrix.tolist() == run.history.evaluation.matrix.tolist()
    store.close()


def test_an_empty_store_has_no_runs(store: Store):
    assert store.runs(OWNER) == [] and store.details(OWNER, ["s-1"]) == {}


def test_a_run_is_written_once(store: Store):
    keep(store, "s-1", "s-1")
    assert ids(store) == ["s-1"]


def test_the_newest_comes_first(store: Store):
    keep(store, "s-1", "s-2", "s-3")
    assert ids(store) == ["s-3", "s-2", "s-1"]


def test_another_key_sees_nothing_and_forged_ids_do_nothing(store: Store):
    keep(store, "s-1")
    assert store.runs(OTHER) == [] and store.details(OTHER, ["s-1"]) == {}
    before = store.runs(OWNER)
    for text in ("s-1", "s-2", "' OR 1=1 --", "%"):
        assert not store.rename(OTHER, text, "mine")
        assert store.tag(OTHER, [text], ["mine"]) == store.pin(OTHER, [text], True) == 0
        assert store.delete(OTHER, [text]) == store.restore(OTHER, [text]) == 0
    assert store.runs(OWNER) == before
    assert store.runs("") == store.runs(OWNER[:-1]) == []


def test_the_key_itself_is_not_in_the_file(store: Store, path: Path):
    keep(store, "s-1")
    store.close()
    assert all(OWNER.encode() not in one.read_bytes() for one in path.parent.iterdir())
    assert path.stat().st_mode & 0o077 == 0


def test_rename_tag_and_pin(store: Store):
    keep(store, "s-1", "s-2")
    assert store.rename(OWNER, "s-1", "  the best\n")
    assert store.tag(OWNER, ["s-1", "s-2"], ["a", "b", "a"]) == 2
    assert store.pin(OWNER, ["s-1"], True) == 1
    second, first = store.runs(OWNER)
    assert (first.name, first.tags, first.pinned) == ("the best", ("a", "b"), True)
    assert (second.tags, second.pinned) == (("a", "b"), False)
    assert store.pin(OWNER, ["s-1"], False) == 1 and not store.runs(OWNER)[1].pinned


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_is_none_is_refused(store: Store, name: str):
    with pytest.raises(FieldError) as caught:
        store.rename(OWNER, "s-1", name)
    assert caught.value.field == "name"


@pytest.mark.parametrize("tags", [[""], ["x" * 31], [str(index) for index in range(11)]])
def test_tags_that_are_none_are_refused(store: Store, tags: list[str]):
    with pytest.raises(FieldError) as caught:
        store.tag(OWNER, ["s-1"], tags)
    assert caught.value.field == "tags"


def test_a_deletion_is_taken_back(store: Store, monkeypatch: pytest.MonkeyPatch):
    keep(store, "s-1", "s-2", "s-3")
    assert store.delete(OWNER, ["s-1", "s-2"]) == 2 and ids(store) == ["s-3"]
    store.forget()
    assert store.restore(OWNER, ["s-1"]) == 1 and ids(store) == ["s-3", "s-1"]
    assert store.details(OWNER, ["s-1"])
    monkeypatch.setattr("core.store.store.UNDO_SECONDS", -1.0)
    store.forget()
    assert [run.id for run in store.runs(OWNER)] == ["s-3", "s-1"] and not store.details(OWNER, ["s-2"])


def test_the_oldest_make_room_but_not_the_pinned(path: Path):
    store = Store(path, most=4)
    keep(store, "s-1", "s-2", "s-3", "s-4")
    keep(store, "other", owner=OTHER)
    store.pin(OWNER, ["s-1"], True)
    store.delete(OWNER, ["s-3"])
    late = made.record("s-5")
    store.keep(late)
    assert ids(store) == ["s-5", "s-4", "s-2", "s-1"]
    store.keep(made.record("s-6"))
    assert ids(store) == ["s-6", "s-5", "s-4", "s-1"] and set(store.details(OWNER, ["s-2", "s-1"])) == {"s-1"}
    assert ids(store, OTHER) == ["other"]


def keep_at(store: Store, number: int, owner: str = OWNER) -> None:
    """A run that ended so many seconds after the beginning of time."""
    one = made.record(f"s-{number}", owner)
    store.keep(replace(one, kept=replace(one.kept, ended=float(number))))


def test_the_oldest_of_all_browsers_make_room(path: Path):
    store = Store(path, most_in_all=4)
    for number, owner in enumerate((OWNER, OWNER, OTHER, OTHER), 1):
        keep_at(store, number, owner)
    store.pin(OWNER, ["s-1"], True)
    keep_at(store, 5, OTHER)
    assert (ids(store), ids(store, OTHER)) == (["s-1"], ["s-5", "s-4", "s-3"])


def test_all_browsers_together_have_so_many_bytes(path: Path, monkeypatch: pytest.MonkeyPatch):
    def size() -> int:
        columns = ("length(config) + length(curves) + coalesce(length(scores), 0) "
                   "+ coalesce(length(moment), 0)")
        with sqlite3.connect(path) as connection:
            [(total,)] = connection.execute(f"SELECT sum({columns}) FROM runs JOIN details ON id = run")
        return total

    for number, owner in enumerate((OTHER, OTHER, OWNER, OWNER), 1):
        keep_at(Store(path), number, owner)
    most = size() * 3 // 4 + 50
    store = Store(path, most_bytes=most)
    store.forget()
    assert ids(store) == ["s-4", "s-3"] and ids(store, OTHER) == ["s-2"] and 0 < size() <= most
    monkeypatch.setattr("core.store.store.ADDED_UP_EVERY", 2)
    keep_at(store, 5)
    assert size() > most, "added up now and then alone"
    keep_at(store, 6)
    assert ids(store) == ["s-6", "s-5", "s-4"] and size() <= most


def test_half_of_the_runs_can_be_pinned(path: Path):
    store = Store(path, most=4)
    keep(store, "s-1", "s-2", "s-3")
    assert store.pin(OWNER, ["s-1", "s-2"], True) == store.pin(OWNER, ["s-2"], True) + 1
    with pytest.raises(FieldError, match="Unpin another"):
        store.pin(OWNER, ["s-3"], True)


def test_runs_go_to_the_same_browser_under_a_new_name(store: Store):
    keep(store, "s-1")
    store.adopt(OWNER, OTHER)
    assert ids(store) == [] and ids(store, OTHER) == ["s-1"]


def test_damaged_curves_are_left_out_and_the_others_are_not(store: Store, path: Path):
    keep(store, "s-1", "s-2")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE details SET curves = x'00ff' WHERE run = 's-1'")
    assert set(store.details(OWNER, ["s-1", "s-2"])) == {"s-2"}


def test_a_table_of_a_learner_leaves_its_columns_names_and_no_content(store: Store, path: Path):
    text = "length,secret kind\n" + "\n".join(f"{number}.25,{'rosy'if number % 2 else 'blueish'}"
                                              for number in range(40))
    read = table.read_table(text.encode(), "mine.csv")
    kept_tables.register(read)
    config = RunConfig(dataset="table", dataset_parameters={
        "digest": read.digest, "target": "secret kind", "columns": ["length"], "task": "classification"})
    store.keep(record_of(made.run(config=config)))
    [kept] = store.runs(OWNER)
    assert kept.config["dataset_parameters"]["digest"] == read.digest
    with sqlite3.connect(path) as connection:
        everything = json.dumps([[str(cell) for cell in row] for name in ("runs", "details")
                                 for row in connection.execute(f"SELECT * FROM {name}")])
    assert "secret kind" in everything and "rosy" not in everything and "blueish" not in everything


@pytest.mark.parametrize("one, other, same", [
    (RunConfig(), RunConfig(learning_rate=0.5, epochs=3, training_size=50), True),
    (RunConfig(), RunConfig(seed=1), False),
    (RunConfig(dataset="mnist"), RunConfig(dataset="mnist", seed=1), True),
    (RunConfig(dataset="mnist"), RunConfig(dataset="mnist", imbalance=0.5, seed=1), True),
    (RunConfig(), RunConfig(dataset="wine"), False), (RunConfig(), RunConfig(imbalance=0.5), True)])
def test_runs_of_the_same_test_set_are_known(one: RunConfig, other: RunConfig, same: bool):
    from core.store.record import tested_with
    assert (tested_with(one) == tested_with(other)) is same
