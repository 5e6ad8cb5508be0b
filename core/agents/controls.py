"""What a learner can change while an agent learns; sent to its worker as a whole, like
`core.runs.controls`."""

from dataclasses import dataclass, field, replace
from typing import Any

from core.agents.config import Numbers
from core.agents.fields import PARAMETERS, STEERED
from core.parameters import FieldError, FloatRange, field_name, short_repr

PACE = FloatRange("pace", "Pace", "Steps per second; none means as fast as possible.", 0.5, 10_000.0, 20.0,
    log=True)


@dataclass(frozen=True)
class AgentControls:
    """Where the controls of an agent's run stand. Creating one checks every field; raises `FieldError`.

    Attributes:
        version: grows with every change; the newest one counts.
        paused, stopped: what the learner asked for.
        steps, episodes: how many single steps and single episodes were asked for in all, while paused.
        pace: steps a second; None for as fast as possible.
        numbers: what acts at once, by the names of `STEERED`; those that are missing are as in the config.
        reached: the step that a paused run goes to first, because an earlier attempt had reached it.
        parked: the run should leave its worker, with a checkpoint to continue from.
    """

    version: int = 0
    paused: bool = False
    stopped: bool = False
    steps: int = 0
    episodes: int = 0
    pace: float | None = None
    numbers: Numbers = field(default_factory=dict)
    reached: int = 0
    parked: bool = False

    def __post_init__(self) -> None:
        for name in ("version", "steps", "episodes", "reached"):
            given = getattr(self, name)
            if not isinstance(given, int) or isinstance(given, bool) or given < 0:
                raise FieldError(name, f"{name} must be a whole number of at least 0, "
                                 f"got {short_repr(given)}.")
        for name in ("paused", "stopped", "parked"):
            if not isinstance(getattr(self, name), bool):
                raise FieldError(name, f"{name} must be true or false, "
                                 f"got {short_repr(getattr(self, name))}.")
        if self.pace is not None:
            object.__setattr__(self, "pace", PACE.check(self.pace))
        if not isinstance(self.numbers, dict):
            raise FieldError("numbers", f"numbers must be a mapping, got {short_repr(self.numbers)}.")
        strange = next((name for name in self.numbers if name not in STEERED), None)
        if strange is not None:
            raise FieldError(field_name(strange), f"Only {', '.join(STEERED)} act at once, got "
                             f"{short_repr(strange)}.")
        object.__setattr__(self, "numbers", {name: PARAMETERS[name].check(value)
                                             for name, value in self.numbers.items()})

    def changed(self, **changes: Any) -> "AgentControls":
        """The next version of these controls. `numbers` are added to those there. Raises `FieldError`."""
        for name in changes:
            if name not in self.__dataclass_fields__ or name == "version":
                raise FieldError(name, f"There is no control {short_repr(name)}.")
        if isinstance(changes.get("numbers"), dict):
            changes["numbers"] = {**self.numbers, **changes["numbers"]}
        return replace(self, version=self.version + 1, **changes)
