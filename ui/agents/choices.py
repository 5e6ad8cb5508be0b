"""The learner's choices on the Agents page: where they are kept, and the AgentConfig that they add up to."""

from typing import Any

import streamlit as st

from core.agents.config import AgentConfig
from core.agents.environments import ENVIRONMENTS
from core.agents.fields import PARAMETERS, STEERED
from core.agents.methods import METHODS, AgentMethod
from core.agents.presets import good_start
from core.parameters import FieldError, Parameter, accepted
from ui.agents import link
from ui.form import widgets

LINK_REFUSED = "_agents_link_refused"
CHOICES = {"environment": ENVIRONMENTS, "method": METHODS}


def key(name: str) -> str:
    """The key of a field's widget: the Playground has widgets of the same names."""
    return f"agents_{name}"


def own_key(choice: str, name: str) -> str:
    """The key of an own parameter of the chosen environment or method: every entry keeps its values."""
    return f"agents_{value(choice)}_{name}"


def value(name: str) -> Any:
    """The value of a field's widget; its default before it was first filled."""
    return widgets.value(PARAMETERS[name], key(name))


def own_parameters(choice: str) -> tuple[Parameter, ...]:
    """The own parameters of the chosen environment or method."""
    entry = CHOICES[choice].get(value(choice))
    return entry.parameters if entry else ()


def method() -> AgentMethod:
    """The chosen method."""
    return METHODS[value("method")]


def fitting() -> tuple[str, ...]:
    """The methods that can learn the chosen environment."""
    return tuple(name for name, entry in METHODS.items() if value("environment") in entry.environments)


def config() -> AgentConfig:
    """The config from the widgets. Raises `FieldError` for invalid values.

    What the chosen method does not use keeps its default, whatever the widgets remember.
    """
    unused = set(STEERED) - set(method().steered)
    values = {name: value(name) for name in PARAMETERS if name not in unused}
    for choice in CHOICES:
        values[f"{choice}_parameters"] = {own.name: widgets.value(own, own_key(choice, own.name))
                                          for own in own_parameters(choice)}
    return AgentConfig.from_dict(values)


def config_or_none() -> AgentConfig | None:
    """The same; None for what is refused, which the sidebar shows."""
    return accepted(config)[0]


def refusal() -> str:
    """Why the choices do not fit together; empty if they do."""
    return accepted(config)[1]


def load(wanted: AgentConfig) -> None:
    """Make all widgets show `wanted`."""
    for name, parameter in PARAMETERS.items():
        widgets.fill(parameter, key(name), getattr(wanted, name))
    for choice in CHOICES:
        for own in own_parameters(choice):
            widgets.fill(own, own_key(choice, own.name), getattr(wanted, f"{choice}_parameters")[own.name])


def follow_environment() -> None:
    """Fill in the good start of the environment just chosen, with a method that can learn it."""
    methods = fitting()
    way = value("method") if value("method") in methods else methods[0]
    _begin(good_start(value("environment"), way))


def start() -> AgentConfig:
    """The good start of the environment and the method chosen now."""
    return good_start(value("environment"), value("method"))


def follow_method() -> None:
    """Fill in the good start of the method just chosen, in the world as it is."""
    world = {own.name: widgets.value(own, own_key("environment", own.name))
             for own in own_parameters("environment")}
    try:
        _begin(start().replaced(environment_parameters=world))
    except FieldError:  # the board is not finished
        _begin(start())


def _begin(start: AgentConfig) -> None:
    """Fill in a start; how many agents learn, and with which seed, does not depend on what they learn."""
    load(start.replaced(agents=value("agents"), seed=value("seed")))


def follow_address() -> AgentConfig | None:
    """Adopt the config in the address, if the page was just opened.

    Returns that config; None if there was none or it was refused.
    """
    opened = link.opened()
    if opened is None:
        return None
    load(opened.config)
    st.session_state[LINK_REFUSED] = opened.refused and opened.refused.message
    return opened.config if st.query_params and not opened.refused else None


def link_refusal() -> str | None:
    """Why the link was refused, for as long as the start it opened is unchanged."""
    if config_or_none() != link.START:
        st.session_state.pop(LINK_REFUSED, None)
    return st.session_state.get(LINK_REFUSED)


def forget_link_refusal() -> None:
    """Say no more about the link."""
    st.session_state.pop(LINK_REFUSED, None)
