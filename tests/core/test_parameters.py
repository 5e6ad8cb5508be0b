"""Parameters: values in range pass unchanged; all others are refused with an error that names the field."""

import math
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.architectures import ARCHITECTURES
from core.catalog.layers import LAYER_KINDS, LayerList
from core.catalog.optimizers import OPTIMIZERS
from core.datasets import DATASETS
from core.datasets.names import NameList
from core.parameters import (
    Bool,
    Choice,
    FieldError,
    FloatRange,
    IntList,
    IntRange,
    Parameter,
    Subset,
    check_all,
    field_name,
)
from core.runs.config import PARAMETERS
from core.runs.controls import PACE
from tests.strategies import ANYTHING, NASTY, Unprintable, valid

DECLARED: dict[str, Parameter] = {**PARAMETERS, "pace": PACE,
                                  "digits.classes": DATASETS["digits"].parameters[0]} | {
    f"layers.{kind}.{parameter.name}": parameter
    for kind, entry in LAYER_KINDS.items() for parameter in entry.parameters} | {
    f"{table}.{key}.{parameter.name}": parameter
    for table, entries in (("architectures", ARCHITECTURES), ("optimizers", OPTIMIZERS))
    for key, entry in entries.items() for parameter in entry.parameters}
# The code is one class for each kind; the values of a declaration are data.
KINDS = {type(one).__name__: [other for other in DECLARED.values() if type(other) is type(one)]
         for one in DECLARED.values()}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
ODD_NAMES = (None, 1, 1.5, (), "", "\ud800", "\n", "x" * 9999, 10**5000, True, Unprintable())
MOMENTUM = FloatRange("momentum", "Momentum", "", 0.0, 0.999, 0.9)
UNITS = IntRange("units", "Units", "", 1, 512, 64)
HIDDEN = IntList("hidden_units", "Hidden units", "", 1, 2048, 1, 6, (16, 16))


def lies_within(parameter: Parameter, value: Any) -> bool:
    """Whether `value` is of the parameter's own type and range, told without its `check`."""
    match parameter:
        case FloatRange():
            return type(value) is float and parameter.low <= value <= parameter.high
        case IntRange():
            return type(value) is int and value in range(parameter.low, parameter.high + 1)
        case Choice():
            return type(value) is str and value in parameter.options
        case IntList():
            return (type(value) is tuple and parameter.min_length <= len(value) <= parameter.max_length
                    and all(type(one) is int and parameter.low <= one <= parameter.high for one in value))
        case Bool():
            return type(value) is bool
        case Subset():
            return type(value) is tuple and len(value) not in range(1, parameter.least) and value == tuple(
                option for option in parameter.options if option in value) != parameter.options
        case NameList():
            return (type(value) is tuple and len(set(value)) == len(value) <= parameter.max_members
                    and all(type(one) is str and 0 < len(one) <= parameter.max_length for one in value))
        case LayerList():
            return type(value) is tuple and len(value) <= 40 and all(map(is_entry, value))
    raise AssertionError(f"No rule for {parameter}.")


def is_entry(value: Any) -> bool:
    """Whether `value` is a whole line of the layer editor."""
    own = {parameter.name: parameter for parameter in LAYER_KINDS[value["kind"]].parameters}
    return set(value) == {"kind", *own} and all(lies_within(own[name], value[name]) for name in own)


def passes_or_names_its_field(parameter: Parameter, value: Any) -> None:
    try:
        checked = parameter.check(value, "its owner", "some.field")
    except FieldError as error:
        assert error.field == "some.field"
        assert "got" in error.message and len(error.message) < 400
        error.message.encode()
    else:
        assert lies_within(parameter, checked)


@EVERY_KIND
@given(data=st.data(), value=ANYTHING)
def test_anything_is_checked_or_refused(kind: str, data: st.DataObject, value: Any):
    passes_or_names_its_field(data.draw(st.sampled_from(KINDS[kind])), value)


@EVERY_KIND
def test_what_has_broken_validations_before(kind: str):
    for parameter in KINDS[kind]:
        for value in NASTY:
            passes_or_names_its_field(parameter, value)


def test_each_declaration_and_its_default_are_sound(subtests: pytest.Subtests):
    for name, parameter in DECLARED.items():
        with subtests.test(name):
            assert parameter.check(parameter.default) == parameter.default
            assert parameter.parse(parameter.format(parameter.default)) == parameter.default
            assert parameter.label and parameter.help
            if isinstance(parameter, FloatRange | IntRange):
                assert parameter.low < parameter.high
                assert not parameter.log or parameter.low > 0, "a logarithmic scale has no zero"
            if isinstance(parameter, Choice):
                assert len(set(parameter.options)) == len(parameter.options)


@EVERY_KIND
@given(data=st.data())
def test_a_valid_value_survives_check_and_a_link(kind: str, data: st.DataObject):
    parameter = data.draw(st.sampled_from(KINDS[kind]))
    value = data.draw(valid(parameter))
    assert parameter.check(value) == value
    assert parameter.parse(parameter.format(value)) == value


@EVERY_KIND
@given(data=st.data(), text=st.text())
def test_any_text_in_a_link_is_refused_or_read(kind: str, data: st.DataObject, text: str):
    parameter = data.draw(st.sampled_from(KINDS[kind]))
    passes_or_names_its_field(parameter, parameter.parse(text))


def test_a_real_range_ends_exactly_at_its_ends(subtests: pytest.Subtests):
    for name, parameter in DECLARED.items():
        if isinstance(parameter, FloatRange):
            with subtests.test(name):
                for inside in (parameter.low, parameter.high):
                    assert parameter.check(inside) == inside
                    assert parameter.parse(parameter.format(inside)) == inside
                for outside in (math.nextafter(parameter.low, -math.inf),
                                math.nextafter(parameter.high, math.inf)):
                    with pytest.raises(FieldError):
                        parameter.check(outside)


@pytest.mark.parametrize("value", [1, 512, 3.0])
def test_whole_numbers(value: Any):
    assert UNITS.check(value) == value and type(UNITS.check(value)) is int


@pytest.mark.parametrize("value", [0, 513, 3.5, True, "3", 10**400, float("inf")])
def test_no_whole_numbers_of_the_range(value: Any):
    with pytest.raises(FieldError):
        UNITS.check(value)


def test_a_message_says_what_is_wrong_what_came_and_whose_it_is():
    with pytest.raises(FieldError) as caught:
        MOMENTUM.check(1.5, "SGD", "optimizer_parameters.momentum")
    assert str(caught.value) == "Momentum of SGD must be a number between 0 and 0.999, got 1.5."
    with pytest.raises(FieldError, match=r"one of relu, tanh, got 'relo'\."):
        Choice("activation", "Activation", "", ("relu", "tanh"), "relu").check("relo")
    with pytest.raises(FieldError, match="Each entry of hidden units must be a whole number"):
        HIDDEN.check([16, 4096])


def test_a_refusal_comes_back_whole_from_another_process():
    error = FieldError("units", "Units must be a number.")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.field, copy.message, str(copy)) == (error.field, error.message, str(error))


@given(values=ANYTHING)
def test_check_all_takes_anything(values: Any):
    try:
        checked = check_all((MOMENTUM, UNITS), values, "SGD", "parameters")
    except FieldError as error:
        assert error.field.split(".")[0] == "parameters"
        error.field.encode()
        error.message.encode()
    else:
        assert set(checked) == {"momentum", "units"}
        assert lies_within(MOMENTUM, checked["momentum"]) and lies_within(UNITS, checked["units"])


@pytest.mark.parametrize("name", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_an_odd_name_is_refused_with_a_field_that_can_be_printed(name: Any):
    with pytest.raises(FieldError, match="SGD has no parameter") as caught:
        check_all((MOMENTUM,), {"momentum": 0.5, name: 1}, "SGD", "p")
    assert caught.value.field.startswith("p.") and len(caught.value.field) < 70
    assert caught.value.field.isprintable() and caught.value.message.isprintable()


def test_check_all_fills_in_defaults_and_names_the_unknown():
    assert check_all((MOMENTUM,), {}, "SGD", "p") == {"momentum": 0.9}
    with pytest.raises(FieldError, match=r"SGD has no parameter 'beta'; it has momentum\.") as caught:
        check_all((MOMENTUM,), {"beta": 1}, "SGD", "p")
    assert caught.value.field == "p.beta"


def test_even_an_empty_name_is_one_that_can_be_shown():
    assert field_name("") == "''" and field_name("rate", "optimizer") == "optimizer.rate"
