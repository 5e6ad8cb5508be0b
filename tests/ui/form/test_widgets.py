"""Forms: every declared parameter becomes a widget that says its value and keeps its limits."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.parameters import Choice, FloatRange, IntList, IntRange, Parameter
from core.runs.fields import NESTED, PARAMETERS
from ui.form import widgets as forms
from ui.form.widgets import scale

pytestmark = pytest.mark.usefixtures("no_keras_to_clear")

OWN_PARAMETERS = [parameter for own in NESTED.values() for entry in own.table.values()
                  for parameter in entry.parameters]
# Layers, points and tables have editors of their own.
ALL = [parameter for parameter in (*PARAMETERS.values(), *OWN_PARAMETERS) if type(parameter) in forms.KINDS]
UNITS = IntList("units", "Units", "Help.", 1, 100, 1, 3, (16, 8))


def page(parameters, disabled=False, values=None):
    """A page of widgets, one a parameter, as AppTest runs it: it tells what their values are."""
    import streamlit as st

    from ui.form import widgets as forms
    for index, parameter in enumerate(parameters):
        if values is not None and "filled" not in st.session_state:
            forms.fill(parameter, f"w{index}", values[index])
    st.session_state["filled"] = True
    for index, parameter in enumerate(parameters):
        forms.draw(parameter, f"w{index}", forms.Drawn(disabled=disabled))
    st.session_state["values"] = [forms.value(parameter, f"w{index}")
                                  for index, parameter in enumerate(parameters)]


def opened(parameters: list[Parameter], **more) -> AppTest:
    at = AppTest.from_function(page, kwargs={"parameters": parameters, **more}, default_timeout=30).run()
    assert not at.exception
    return at


def test_stops_of_a_logarithmic_slider():
    assert scale(1e-5, 10.0) == [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1,
                                 0.2, 0.5, 1, 2, 5, 10]
    assert scale(3, 40) == [5, 10, 20]


@given(st.floats(1e-12, 1e6), st.floats(10, 1e6))
def test_stops_are_round_and_none_is_left_out(low, ratio):
    stops = scale(low, low * ratio)
    assert all(low <= stop <= low * ratio for stop in stops)
    assert all(f"{stop:.6e}"[:8] in ("1.000000", "2.000000", "5.000000") for stop in stops)
    assert stops[0] < 2.51 * low and stops[-1] > low * ratio / 2.51
    assert all(1.99 < after / before < 2.51 for before, after in pairwise(stops))


def test_every_parameter_is_drawn_with_its_default():
    at = opened(ALL)
    assert at.session_state["values"] == [parameter.default for parameter in ALL]


@pytest.mark.parametrize("parameter", [
    next(parameter for parameter in ALL if isinstance(parameter, FloatRange) and parameter.log),
    next(parameter
         for parameter in ALL if isinstance(parameter, FloatRange) and parameter.name == "dropout_rate"),
    next(parameter
         for parameter in ALL if isinstance(parameter, FloatRange) and parameter.name == "momentum"),
    next(parameter for parameter in ALL if isinstance(parameter, IntRange)), PARAMETERS["activation"]],
    ids=lambda one: one.name)
def test_a_widget_offers_what_its_parameter_allows(parameter):
    at = opened([parameter])
    if isinstance(parameter, Choice):
        assert tuple(at.selectbox(key="w0").options) == parameter.options
        at.selectbox(key="w0").select(parameter.options[-1]).run()
        assert at.session_state["values"] == [parameter.options[-1]]
        return
    widget = next(element for element in (*at.number_input, *at.slider) if element.key == "w0")
    assert (widget.min, widget.max) == (parameter.low, parameter.high)
    assert parameter.help == widget.help or getattr(parameter, "log", False)
    widget.set_value(parameter.high).run()
    assert at.session_state["values"] == [parameter.high]


def test_slider_and_box_of_a_logarithmic_parameter_say_the_same():
    at = opened([PARAMETERS["learning_rate"]])
    slider, box = at.select_slider(key="w0_scale"), at.number_input(key="w0")
    assert (slider.value, box.value) == (0.01, 0.01)
    slider.set_value(0.5).run()
    assert at.number_input(key="w0").value == 0.5 and at.session_state["values"] == [0.5]
    at.number_input(key="w0").set_value(0.0031).run()
    assert at.session_state["values"] == [0.0031]
    slider = at.select_slider(key="w0_scale")
    assert slider.value == 0.0031 and "0.0031" in slider.options
    slider.set_value(0.002).run()
    assert at.number_input(key="w0").value == 0.002
    assert "0.0031" not in at.select_slider(key="w0_scale").options


def filled_page(parameter):
    """As `page`, with a button that fills the widget from elsewhere, as a chosen dataset or preset does."""
    import streamlit as st

    from ui.form import widgets as forms
    st.button("Fill", on_click=forms.fill, args=(parameter, "w0", 500))
    forms.draw(parameter, "w0")
    st.session_state["values"] = [forms.value(parameter, "w0")]


def test_what_was_filled_in_is_not_undone_by_what_the_browser_said_before(monkeypatch):
    parameter = PARAMETERS["epochs"]
    at = AppTest.from_function(filled_page, kwargs={"parameter": parameter}, default_timeout=30).run()
    at.button[0].click().run()
    assert at.session_state["values"] == [500]
    # A run of the page that was under way tells the old value once more.
    at.number_input(key="w0").set_value(parameter.default).run()
    assert at.session_state["values"] == [500]
    # Somewhat later it is the learner who says so.
    monkeypatch.setattr(forms, "ECHO_SECONDS", 0.0)
    at.number_input(key="w0").set_value(parameter.default).run()
    assert at.session_state["values"] == [parameter.default]


def test_a_list_grows_and_shrinks_within_its_limits():
    at = opened([UNITS])

    def members() -> tuple:
        return tuple(box.value for box in at.number_input)

    assert members() == (16, 8)
    at.button(key="w0_add").click().run()
    assert members() == (16, 8, 8), "the last member is repeated"
    assert at.button(key="w0_add").disabled and not at.button(key="w0_remove").disabled
    at.number_input(key="w0_3").set_value(99).run()
    assert at.session_state["values"] == [(16, 8, 99)]
    at.button(key="w0_remove").click().run()
    at.button(key="w0_remove").click().run()
    assert members() == (16,) and at.session_state["values"] == [(16,)]
    assert at.button(key="w0_remove").disabled
    # A client may press a button that was drawn as disabled.
    at.button(key="w0_remove").proto.disabled = False
    at.button(key="w0_remove").click().run()
    assert at.session_state["values"] == [(16,)]


def test_a_list_may_be_empty_where_its_parameter_says_so():
    dense = next(own for own in ALL if own.name == "dense_units" and not own.default)
    at = opened([dense])
    assert at.session_state["values"] == [()] and not at.number_input
    at.button(key="w0_add").click().run()
    assert at.session_state["values"] == [(64,)]


def test_values_that_were_filled_in_are_shown():
    parameters = [PARAMETERS["activation"], PARAMETERS["learning_rate"], PARAMETERS["dropout_rate"],
                  PARAMETERS["epochs"], UNITS]
    values = ["tanh", 0.0007, 0.35, 999, (3, 2, 1)]
    at = opened(parameters, values=values)
    assert at.session_state["values"] == values
    assert at.selectbox(key="w0").value == "tanh" and at.slider(key="w2").value == 0.35
    assert [at.number_input(key=f"w4_{number}").value for number in (1, 2, 3)] == [3, 2, 1]


def test_disabled_widgets_are_all_disabled():
    at = opened([UNITS, *PARAMETERS.values()], disabled=True)
    widgets = [*at.number_input, *at.slider, *at.select_slider, *at.selectbox, *at.multiselect, *at.button]
    assert len(widgets) >= len(PARAMETERS) + 4 and all(widget.disabled for widget in widgets)
