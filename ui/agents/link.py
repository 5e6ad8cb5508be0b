"""AgentConfig to query parameters and back: the only code that reads and writes the address of this page.

Every field is written, defaults too, so a link keeps its meaning when a default changes. What somebody leaves
out is as in the good start of the environment and the method. Their own parameters are dotted:
`environment.slip=0.1`, `method.hidden_units=64-64`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.agents.config import AgentConfig
from core.agents.environments import ENVIRONMENTS
from core.agents.fields import PARAMETERS
from core.agents.methods import METHODS
from core.agents.presets import good_start
from core.parameters import FieldError, Parameter, field_name, short_repr
from ui.form.address import Address

# What the page opens with.
START = good_start(AgentConfig().environment, AgentConfig().method)
# Most characters of one value: room for the largest board.
LONGEST = 400
ADDRESS = Address("_agents_address")


@dataclass(frozen=True)
class AgentLink:
    """The content of an address. refused: why it was not followed; the config is then the start."""

    config: AgentConfig
    refused: FieldError | None = None


def to_params(config: AgentConfig) -> dict[str, str]:
    """The query parameters of a config; `from_params` turns them back into it."""
    now = config.values()
    return {name: parameter.format(now[name]) for name, parameter in config.parameters().items()}


def from_params(params: Mapping[str, str]) -> AgentLink:
    """The config in the query parameters. Never raises: `AgentLink.refused` says what was wrong."""
    try:
        return AgentLink(_read(params) if params else START)
    except FieldError as error:
        return AgentLink(START, error)


def _read(params: Mapping[str, str]) -> AgentConfig:
    known, found = _known(params), dict[str, Any]()
    for name, text in params.items():
        if len(text) > LONGEST:
            raise FieldError(field_name(name), f"{field_name(name)} must be at most {LONGEST} characters "
                             f"long, got {len(text)}.")
        if name not in known:
            raise FieldError(field_name(name), f"A link to Agents has no field {short_repr(name[:24])} here; "
                             f"it has {', '.join(known)}.")
        prefix, _, own = name.partition(".")
        if own:
            found.setdefault(f"{prefix}_parameters", {})[own] = known[name].parse(text)
        else:
            found[name] = known[name].parse(text)
    choice = (found.get(name, getattr(START, name)) for name in ("environment", "method"))
    return good_start(*choice).replaced(**found)


def _known(params: Mapping[str, str]) -> dict[str, Parameter]:
    """The parameters that a link with this environment and this method may have, by their dotted names."""
    known = dict(PARAMETERS)
    for choice, entries in (("environment", ENVIRONMENTS), ("method", METHODS)):
        name = PARAMETERS[choice].check(params.get(choice, PARAMETERS[choice].default))
        known |= {f"{choice}.{own.name}": own for own in entries[name].parameters}
    return known


def opened() -> AgentLink | None:
    """What the address says, if somebody opened it; None otherwise."""
    try:
        params = ADDRESS.opened()
    except FieldError as error:
        return AgentLink(START, error)
    return None if params is None else from_params(params)


def write(config: AgentConfig) -> None:
    """Write this configuration to the address."""
    ADDRESS.write(to_params(config))
