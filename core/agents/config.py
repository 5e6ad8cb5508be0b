"""AgentConfig: everything that decides how an agent's run goes, validated, with conversion to plain JSON."""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from core.agents.environments import ENVIRONMENTS, Environment, grid_of
from core.agents.fields import PARAMETERS, STEERED
from core.agents.grid import GridWorld
from core.agents.methods import METHODS, AgentMethod
from core.parameters import FieldError, Parameter, check_all, field_name, short_repr

Numbers = Mapping[str, float]


def _default(name: str) -> Any:
    return PARAMETERS[name].default


@dataclass(frozen=True)
class AgentConfig:
    """The configuration of one agent's run. Creating one checks every field; raises `FieldError`.

    The fields are described in `core.agents.fields`. `..._parameters` hold those of the chosen environment
    and
    method, by name.
    """

    environment: str = _default("environment")
    environment_parameters: Mapping[str, Any] = field(default_factory=dict)
    method: str = _default("method")
    method_parameters: Mapping[str, Any] = field(default_factory=dict)
    learning_rate: float = _default("learning_rate")
    discount: float = _default("discount")
    epsilon: float = _default("epsilon")
    batch_size: int = _default("batch_size")
    steps: int = _default("steps")
    agents: int = _default("agents")
    seed: int = _default("seed")

    def __post_init__(self) -> None:
        for name, parameter in PARAMETERS.items():
            object.__setattr__(self, name, parameter.check(getattr(self, name)))
        for name, entry in (("environment_parameters", self.world), ("method_parameters", self.way)):
            checked = check_all(entry.parameters, getattr(self, name), entry.label, name)
            object.__setattr__(self, name, checked)
        if self.environment not in self.way.environments:
            fitting = ", ".join(entry.label for entry in METHODS.values() if self.environment in
                entry.environments)
            raise FieldError("method", f"{self.way.label} cannot learn {self.world.label}, whose states "
                             f"cannot be listed in a table. Choose {fitting}.")

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def world(self) -> Environment:
        return ENVIRONMENTS[self.environment]

    @property
    def way(self) -> AgentMethod:
        return METHODS[self.method]

    @property
    def parallel(self) -> int:
        """In how many copies of its environment an agent acts at the same time."""
        return self.way.parallel[self.environment]

    @cached_property
    def grid(self) -> GridWorld | None:
        """The grid world; None in another environment."""
        return grid_of(self.environment_parameters) if self.environment == "grid" else None

    @property
    def place(self) -> tuple[Any, ...]:
        """The environment with its own parameters: equal where agents act in the same world."""
        return self.environment, self.environment_parameters

    @property
    def numbers(self) -> dict[str, float]:
        """What acts at once, at its first values."""
        return {name: getattr(self, name) for name in STEERED}

    @property
    def name(self) -> str:
        return f"{self.world.label}, {self.way.label}"

    @cached_property
    def key(self) -> Hashable:
        """Equal for equal configs."""
        return json.dumps(self.to_dict(), sort_keys=True)

    def replaced(self, **changes: Any) -> "AgentConfig":
        """A config with these changes. Another environment or method begins with its own defaults."""
        for choice in ("environment", "method"):
            own = f"{choice}_parameters"
            if changes.get(choice, getattr(self, choice)) != getattr(self, choice):
                changes = {own: {}} | changes
            elif own in changes and isinstance(changes[own], Mapping):
                changes = changes | {own: {**getattr(self, own), **changes[own]}}
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)}

    @classmethod
    def from_dict(cls, values: Any) -> "AgentConfig":
        """The config with these plain values; missing ones get their defaults. Raises `FieldError`."""
        if not isinstance(values, Mapping):
            raise FieldError("config", "A config must be a mapping of names to values, got "
                             f"{short_repr(values)}.")
        known = {entry.name for entry in fields(cls)}
        for name in values:
            if name not in known:
                raise FieldError(field_name(name), f"There is no field {short_repr(name)}. The fields are "
                                 f"{', '.join(sorted(known))}.")
        return cls(**values)

    def parameters(self) -> dict[str, Parameter]:
        """Every parameter by its dotted name in a link: `epsilon`, `environment.slip`, `method.replay`."""
        return dict(PARAMETERS) | {f"{choice}.{parameter.name}": parameter
                                   for choice, entry in (("environment", self.world), ("method", self.way))
                                   for parameter in entry.parameters}

    def values(self) -> dict[str, Any]:
        """Every value by its dotted name, as in `parameters`."""
        return {name: getattr(self, f"{choice}_parameters")[own] if own else getattr(self, choice)
                for name in self.parameters() for choice, _, own in [name.partition(".")]}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    return list(value) if isinstance(value, tuple) else value
