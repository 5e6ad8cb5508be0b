"""Links: a configuration comes back unchanged, and invalid values are refused with the field's name."""

import json
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.parameters import FieldError, field_name
from core.runs.config import RunConfig
from core.runs.fields import NESTED, PARAMETERS
from core.runs.presets import presets
from tests.strategies import configs
from ui.form import address, permalink, view
from ui.form.permalink import FIELDS, LONGEST, TOO_LONG, Link, from_params, to_params, unlinkable

FIELD_SETS = st.frozensets(st.sampled_from(FIELDS))
# Written out, not read from the table: what a link may be made of is a promise to links that exist.
NAMES = st.sampled_from([
    "dataset", "architecture", "architecture.hidden_units", "architecture.filters", "architecture.cell",
    "activation", "dropout_rate", "optimizer", "optimizer.momentum", "optimizer.epsilon", "learning_rate",
    "batch_size", "epochs", "seed", "validation_share", "hide", "lock", "architecture.",
    "architecture_parameters", "config", ".", ""]) | st.text(max_size=12)
TEXTS = (st.sampled_from([
    "iris", "mnist", "cnn", "rnn", "relu", "sgd", "sgd_momentum", "adam", "16-16", "16--16", "-16",
    "8-8-8-8-8", "LSTM", "1e-3", "nan", "-inf", "1e400", "0x10", "1_0", "٣", "9" * LONGEST, "True", "None",
    "seed,epochs", ",,", "{}", "0.5", "1", "16", "1.0", " 1", "-0.0", "on\x00e"]) | st.text(max_size=20)
         | st.integers().map(str) | st.floats().map(repr))


@given(configs(), FIELD_SETS, FIELD_SETS)
def test_a_link_comes_back_as_it_was(config, hidden, locked):
    params = to_params(config, hidden, locked)
    assert all(isinstance(text, str) and len(text) <= LONGEST for text in params.values())
    assert from_params(params) == Link(config, hidden, locked)


def test_a_link_holds_a_start_that_learned_something_else():
    config = presets()["unlabelled"].config
    found = from_params(to_params(config)).config
    assert found == config and found.start.config.data.reconstructs and found.start.frozen == 1


def test_a_link_says_how_the_stage_is_looked_at():
    seen = {"auto": True, "card": "network", "projector": True, "example": 7}
    assert from_params(to_params(RunConfig(), seen=seen)).view == seen
    assert to_params(RunConfig(), seen=view.defaults()) == to_params(RunConfig())
    refused = from_params(to_params(RunConfig()) | {"card": "sidebar"}).refused
    assert refused is not None and "network, loss_curve" in refused.message


@given(configs())
def test_a_link_leaves_nothing_to_a_default(config):
    names = set(to_params(config))
    assert names >= {field for field in FIELDS if not field.endswith("_parameters")}
    own = {f"{NESTED[field].prefix}.{name}" for field in NESTED for name in getattr(config, field)}
    assert {name for name in names if "." in name} == own


def test_a_link_is_readable():
    config = RunConfig(architecture_parameters={"hidden_units": [8, 4]})
    params = to_params(config, locked=frozenset({"seed", "epochs"}))
    assert params["architecture.hidden_units"] == "8-4"
    assert params["learning_rate"] == "0.01"
    assert params["lock"] == "epochs,seed" and "hide" not in params


@given(st.dictionaries(NAMES, TEXTS, max_size=6))
def test_no_link_raises_and_what_is_refused_is_named(params):
    link = from_params(params)
    if link.refused is None:
        assert from_params(to_params(link.config, link.hidden, link.locked)) == link
        for name in ("dataset", "activation"):
            assert getattr(link.config, name) == params.get(name, PARAMETERS[name].default)
    else:
        assert link == Link(RunConfig(), refused=link.refused)
        assert isinstance(link.refused, FieldError) and link.refused.message
        field = link.refused.field
        assert field.split(".")[0] in (*FIELDS, "hide", "lock") or field in map(field_name, params)
        assert link.refused.message.isprintable()


@pytest.mark.parametrize("params, field, words", [
    ({"learning_rates": "0.1"}, "learning_rates", "no field"),
    ({"loss_parameters": "0.1"}, "loss_parameters", "loss, loss.*, class_weights"),
    ({"learning_rate": "fast"}, "learning_rate", "between 1e-05 and 10"),
    ({"learning_rate": "nan"}, "learning_rate", "got nan"),
    ({"learning_rate": "1e400"}, "learning_rate", "got inf"),
    ({"batch_size": "32.5"}, "batch_size", "whole number"),
    ({"batch_size": "0"}, "batch_size", "between 1 and 60000"),
    ({"epochs": ""}, "epochs", "got ''"),
    ({"epochs": "9" * 150}, "epochs", "whole number"),
    ({"seed": "1" * 9000}, "seed", "at most 8000 characters"),
    ({"x" * 5000: "1"}, "x" * 40, "no field"),
    ({"\u202eepochs": "1"}, r"'\u202eepochs'", r"no field '\u202eepochs'"),
    ({"\u2066seed": "1" * 9000}, r"'\u2066seed'", r"'\u2066seed' must be at most"),
    ({"dataset": "imagenet"}, "dataset", "must be one of iris, wine"),
    ({"dataset": "iris", "architecture": "cnn"}, "architecture", "needs images"),
    ({"architecture": "mlp", "architecture.hidden_units": "16-x"},
     "architecture_parameters.hidden_units", "list of whole numbers"),
    ({"architecture": "mlp", "architecture.hidden_units": "-".join(["4"] * 7)},
     "architecture_parameters.hidden_units", "1 to 6"),
    ({"architecture": "softmax", "architecture.hidden_units": "16"},
     "architecture_parameters.hidden_units", "no parameter"),
    ({"optimizer": "adam", "optimizer.momentum": "0.9"}, "optimizer_parameters.momentum", "no parameter"),
    ({"optimizer": "sgd_momentum", "optimizer.momentum": "1.5"}, "optimizer_parameters.momentum", "0.999"),
    ({"dataset": "digits", "architecture": "cnn", "architecture.filters": "8-8-8-8-8"},
     "architecture_parameters.filters", "used up in block 4"),
    ({"hide": "seed,everything"}, "hide", "everything"),
    ({"lock": "hide"}, "lock", "must list fields")])
def test_nonsense_opens_the_defaults_and_says_which_field(params, field, words):
    link = from_params({"seed": "7"} | params)
    assert link.config == RunConfig() and not link.hidden and not link.locked
    assert link.refused.field == field and words in link.refused.message
    assert len(link.refused.message) < 500


def test_a_link_of_an_earlier_version_opens_all_that_it_says():
    """old_link.json: an address and what it meant, both written before modules and classes were renamed."""
    old = json.loads(Path(__file__).with_name("old_link.json").read_text("utf-8"))
    link = from_params(dict(parse_qsl(urlsplit(old["address"]).query, strict_parsing=True)))
    assert link.refused is None
    now = link.config.to_dict()
    assert {name: now[name] for name in old["config"]} == old["config"]
    assert (sorted(link.hidden), sorted(link.locked)) == (old["hidden"], old["locked"])
    assert len(old["config"]) > 20 and sum(value != RunConfig().to_dict()[name]
                                           for name, value in old["config"].items()) > 15


STARTED = RunConfig.from_dict({"epochs": 20, "start": {
    "config": {"epochs": 60, "optimizer": "sgd", "start": {"config": {"seed": 3}, "at": "kept"}}, "at": 160,
    "edits": [["dense_1/kernel", 5, 0.25]]}})


def test_a_link_says_what_a_run_starts_from():
    params = to_params(STARTED)
    assert from_params(params) == Link(STARTED) and not unlinkable(STARTED, params)
    assert params["start"] == (
        '{"config":{"optimizer":"sgd","optimizer_parameters":{},"epochs":60,'
        '"start":{"config":{"seed":3},"at":"kept"}},"at":160,"edits":[["dense_1/kernel",5,0.25]]}')
    assert "start" not in to_params(RunConfig())


@pytest.mark.parametrize("text", ["", "5", "{", "[" * 7000, "9" * 7000, '{"at":-1}', '{"at":1,"config":[]}',
                                  '{"at":1,"config":{"dataset":"wine"}}', '{"at":NaN}'])
def test_nonsense_in_a_links_start_is_refused_by_name(text):
    refused = from_params({"start": text}).refused
    assert refused is not None and refused.field.split(".")[0] == "start"


def test_a_start_that_does_not_fit_in_a_link_is_not_offered():
    many = RunConfig.from_dict({"start": {"at": 8, "edits": [
        ["dense_1/kernel", place % 64, place / 7] for place in range(200)]}})
    assert unlinkable(many, to_params(many)) == TOO_LONG


def stage():
    """A page as AppTest runs it: it notes what it took for opened, and writes that or another dataset."""
    import streamlit as st

    from core.runs.config import RunConfig
    from ui.form import permalink
    link = permalink.opened()
    st.session_state["opened"] = link and link.config.dataset
    permalink.write(link.config if link else RunConfig(dataset="moons"), frozenset(), frozenset())


def test_only_what_a_learner_opens_is_followed_not_an_address_that_arrives_late(monkeypatch, subtests):
    """A run that was on its way before we wrote the address carries the one from then."""
    early, at = {"dataset": "xor", "epochs": "7"}, AppTest.from_function(stage)

    def follows() -> str | None:
        at.query_params.clear()
        at.query_params.update(early)
        at.run()
        assert not at.exception
        return at.session_state["opened"]

    with subtests.test("a new session"):
        assert follows() == "xor"
    with subtests.test("late"):
        assert follows() is None and from_params(at.query_params).config.dataset == "moons"
    with subtests.test("Back"), monkeypatch.context() as patch:
        patch.setattr(address, "get_script_run_ctx", lambda: SimpleNamespace(is_history_navigation=True))
        assert follows() == "xor"
    with subtests.test("late again"):
        assert follows() is None
    with subtests.test("from another page"):
        at.session_state[permalink.ADDRESS.away] = True
        assert follows() == "xor"
