"""Axes: offered by the tables, checked, drawn from within their ranges, and the same after JSON."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.architectures import ARCHITECTURES
from core.catalog.optimizers import OPTIMIZERS
from core.datasets import DATASETS
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.studies.search import METHOD_NAMES, SEARCH_PARAMETERS, Search, first_choice
from core.studies.space import Axis, fits, searchable, suggested, value_of, with_values, written
from tests.strategies import ANYTHING, configs

DEFAULTS = [RunConfig(dataset=name) for name in DATASETS if name != "table"]
FITTING = [RunConfig(dataset=data, architecture=name, target=entry.target)
           for data in ("iris", "digits", "sine") for name, entry in ARCHITECTURES.items()
           if entry.refusal(DATASETS[data].shape) is None]


@pytest.mark.parametrize("config", [*DEFAULTS, *FITTING],
                         ids=lambda config: f"{config.dataset}-{config.architecture}")
def test_every_axis_on_offer_gives_configs_that_can_be_trained(config: RunConfig):
    fields = searchable(config)
    assert "learning_rate" in fields and "seed" in fields and len(fields) == len(set(fields))
    for field in fields:
        axis = suggested(field, config)
        for share in (0.0, 0.5, 1 - 1e-9):
            changed = with_values(config, {field: axis.at(share)})
            assert value_of(field, changed) == axis.at(share)
            assert changed.dataset == config.dataset and changed.epochs == config.epochs
        assert len(set(map(repr, axis.grid()))) >= (1 if axis.values else 2)
        assert all(fits(config, {field: value}) for value in axis.grid())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_parameter_of_every_optimizer_can_be_searched(name: str):
    config = RunConfig(optimizer=name)
    wanted = {f"optimizer_parameters.{parameter.name}" for parameter in OPTIMIZERS[name].parameters}
    assert wanted <= set(searchable(config))


def test_what_has_no_effect_is_not_offered():
    assert "activation" not in searchable(RunConfig(architecture="softmax"))
    assert "dropout_rate" not in searchable(RunConfig(architecture="softmax"))
    assert "activation" not in searchable(RunConfig(architecture="tutorial_mlp"))
    assert "dropout_rate" in searchable(RunConfig(architecture="tutorial_mlp"))
    assert not [field for field in searchable(RunConfig()) if field.startswith("augmentation")]
    for never in ("dataset", "epochs", "patience", "validation_share"):
        assert never not in searchable(RunConfig())
    assert not [field for field in searchable(RunConfig(dataset="moons")) if field.startswith("dataset_")]


def test_shares_of_an_axis():
    log = Axis("learning_rate", 1e-4, 1.0, True).checked(RunConfig())
    assert log.at(0.5) == pytest.approx(0.01) and log.at(0.0) == 1e-4 and log.at(1.0) == 1.0
    assert log.grid() == pytest.approx((1e-4, 1e-3, 1e-2, 1e-1, 1.0))
    whole = Axis("seed", 3, 5).checked(RunConfig())
    assert [whole.at(share) for share in (0, 0.33, 0.34, 0.66, 0.67, 0.999, 1.0)] == [3, 3, 4, 4, 5, 5, 5]
    assert whole.grid() == (3, 4, 5)
    names = Axis("activation", values=("relu", "tanh")).checked(RunConfig())
    assert [names.at(share) for share in (0, 0.49, 0.5, 1)] == ["relu", "relu", "tanh", "tanh"]


@given(st.floats(1e-5, 10), st.floats(1e-5, 10), st.booleans(), st.floats(0, 1))
def test_a_number_that_is_drawn_lies_in_its_range_and_has_few_digits(one, other, log, share):
    low, high = sorted((one, other))
    if low < high:
        value = Axis("learning_rate", low, high, log).checked(RunConfig()).at(share)
        assert low <= value <= high
        assert value in (low, high) or value == float(f"{value:.4g}")


def test_values_are_written():
    assert written("learning_rate", 0.012342) == "0.01234" and written("batch_normalization", True) == "on"
    assert written("architecture_parameters.hidden_units", (16, 8)) == "16-8"
    assert written("architecture_parameters.dense_units", ()) == "none"
    assert written("optimizer", "sgd_momentum") == "SGD + momentum"
    assert written("activation", "relu") == "relu"
    assert written("initializer", "he_normal") == "He normal"


def refused(field: str, **changes: Any) -> str:
    """Why a search is refused; the field must be that one."""
    config = RunConfig()
    values = {"config": config, "axes": (suggested("learning_rate", config),)} | changes
    with pytest.raises(FieldError) as error:
        Search(**values)
    assert error.value.field == field
    return error.value.message


def test_a_search_is_refused_in_words():
    config, rate = RunConfig(), suggested("learning_rate", RunConfig())
    assert "1 to 6" in refused("axes", axes=())
    assert "twice" in refused("learning_rate", axes=(rate, rate))
    assert "validation share" in refused("validation_share", config=config.replaced(validation_share=0.0))
    assert "compared" in refused("l2", axes=(suggested("l2", config),))
    assert "compared" in refused("loss", axes=(suggested("loss", config),))
    assert "first round" in refused("least_epochs", method="halving", least_epochs=61)
    assert "logarithmic" in refused("dropout_rate", axes=(Axis("dropout_rate", 0.0, 0.5, True),))
    assert "end above" in refused("learning_rate", axes=(Axis("learning_rate", 0.1, 0.1),))
    assert "between" in refused("learning_rate", axes=(Axis("learning_rate", 1e-9, 1.0),))
    assert "cannot be searched" in refused("epochs", axes=(Axis("epochs", 1, 10),))
    assert "cannot be searched" in refused("optimizer_parameters.momentum", axes=(
        Axis("optimizer_parameters.momentum", 0.0, 0.9),))
    assert "not exist for SGD" in refused("optimizer_parameters.beta_1", axes=(
        suggested("optimizer", config), suggested("optimizer_parameters.beta_1", config)))
    assert "be used here" in refused("architecture", axes=(Axis("architecture", values=("mlp", "cnn")),))
    assert "one of" in refused("method", method="magic")
    Search(config, (suggested("l2", config),), objective="val_metric")
    Search(config, (Axis("optimizer", values=("adam", "nadam")),
                    suggested("optimizer_parameters.beta_1", config)))


def test_values_that_fit_alone_and_not_together_are_left_out():
    from core.studies.methods import Searching
    from core.studies.study import StudyResults
    config = RunConfig(dataset="digits", architecture="cnn", architecture_parameters={
        "filters": [4], "kernel_size": 1, "padding": "valid", "dense_units": []})
    search = Search(config, (Axis("architecture_parameters.kernel_size", values=(1, 7)),
                             Axis("architecture_parameters.filters", values=((4,), (4, 4)))), "grid")
    members, following = Searching(search).following((), StudyResults.empty(0, config.epochs, 10))
    assert [member.values for member in members] == [(1, (4,)), (1, (4, 4)), (7, (4,))]
    assert following is not None and following.chosen == (0, 1, 2)


@st.composite
def searches(draw: st.DrawFn) -> Search:
    config = draw(configs())
    config = config.replaced(validation_share=max(config.validation_share, 0.1))
    fields = draw(st.lists(st.sampled_from(searchable(config)), min_size=1, max_size=3, unique=True))
    chosen = {field.split(".")[0] for field in fields}
    axes = tuple(suggested(field, config) for field in fields
                 if "." not in field or field.split("_")[0] not in chosen)
    values: dict[str, Any] = {name: draw(st.integers(2, 5)) for name in ("trials", "eta")}
    values |= {"seed": draw(st.integers(0, 2**31 - 1)), "method": draw(st.sampled_from(METHOD_NAMES))}
    return Search(config, axes or (suggested("seed", config),), objective="val_metric", least_epochs=1,
                  **values)


@given(searches())
def test_a_search_is_the_same_after_json(search: Search):
    assert Search.from_dict(json.loads(json.dumps(search.to_dict()))) == search


@given(st.dictionaries(st.sampled_from(["config", "axes", "x", *SEARCH_PARAMETERS]), ANYTHING) | ANYTHING)
def test_anything_is_a_search_or_a_refusal(values):
    try:
        assert isinstance(Search.from_dict(values), Search)
    except FieldError as error:
        assert error.field and error.message


@given(st.lists(st.dictionaries(st.sampled_from(["field", "low", "high", "log", "levels", "values"]),
                                ANYTHING | st.sampled_from(["learning_rate", "seed", "activation"])),
                max_size=3))
def test_forged_axes_are_refused(axes):
    try:
        search = Search.from_dict({"config": {}, "axes": axes})
    except FieldError:
        return
    for axis in search.axes:
        assert all(fits(search.config, {axis.field: axis.at(share)}) for share in (0, 0.5, 1))
        assert not (axis.log and math.log(axis.low) >= math.log(axis.high))


def test_a_first_choice_can_be_searched():
    for config in (*DEFAULTS, *FITTING):
        assert set(first_choice(config)) <= set(searchable(config))
