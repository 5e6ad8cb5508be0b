"""What a learner can change while an agent learns; sent to its worker as a whole, like
`core.runs.controls`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from core.agents.config import Numbers
from core.agents.fields import PARAMETERS, STEERED
from core.parameters import FieldError, FloatRange, field_name, short_repr
from core.runs.controls import BaseControls

PACE = FloatRange("pace", "Pace", "Steps per second; none means as fast as possible.", 0.5, 10_000.0, 20.0,
                  log=True)


@dataclass(frozen=True)
class AgentControls(BaseControls):
    """Where the controls of an agent's run stand. Creating one checks every field; raises `FieldError`.

    Attributes:
        pace: steps a second; None for as fast as possible.
        episodes: how many single episodes were asked for in all, while paused.
        numbers: what acts at once, by the names of `STEERED`; those that are missing are as in the config.
    """

    episodes: int = 0
    numbers: Numbers = field(default_factory=dict)
    counts = (*BaseControls.counts, "episodes")
    paces = PACE

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.numbers, dict):
            raise FieldError("numbers", f"numbers must be a mapping, got {short_repr(self.numbers)}.")
        strange = next((name for name in self.numbers if name not in STEERED), None)
        if strange is not None:
            raise FieldError(field_name(strange), f"Only {', '.join(STEERED)} act at once, got "
                             f"{short_repr(strange)}.")
        object.__setattr__(self, "numbers", {name: PARAMETERS[name].check(value)
                                             for name, value in self.numbers.items()})

    def changed(self, **changes: Any) -> Self:
        """The next version of these controls. `numbers` are added to those there. Raises `FieldError`."""
        if isinstance(changes.get("numbers"), dict):
            changes["numbers"] = {**self.numbers, **changes["numbers"]}
        return super().changed(**changes)

    @property
    def asked(self) -> bool:
        return bool(self.steps or self.episodes)

    def wish(self, made: Sequence[tuple[int, Numbers]]) -> Numbers | None:
        """As in `BaseControls`. The numbers stay here once they act, so they are compared with the last."""
        last = made[-1][1] if made else {}
        return None if all(last.get(name) == value for name, value in self.numbers.items()) else self.numbers

    def again(self, taken: tuple[int, int] | None, reached: int) -> Self:
        steps, episodes = taken or (self.steps, self.episodes)
        return self.changed(steps=max(0, self.steps - steps), episodes=max(0, self.episodes - episodes),
                            reached=reached)
