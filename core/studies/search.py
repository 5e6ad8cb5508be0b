"""`Search`: what is varied, over which range, by which method; validated, plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from core.parameters import Choice, FieldError, IntRange, Parameter, field_name, short_repr
from core.runs.config import RunConfig
from core.runs.fields import NESTED, PARAMETERS
from core.runs.start import prepared
from core.studies.objective import OF_THE_LOSS, Objective
from core.studies.space import Axis, label, searchable, with_values, written

MOST_AXES = 6
METHOD_NAMES = ("random", "grid", "latin", "halving", "hyperband", "bayesian")
OBJECTIVES = ("val_loss", "val_metric")

SEARCH_PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for parameter in (
    Choice("method", "Method", "How the values of the next trials are chosen, and how long each trial "
                               "trains.",
           METHOD_NAMES, "random"),
    IntRange("trials", "Trials", "How many configurations are tried. Too few: good ones may be missed by "
             "chance. More trials take longer; trials with the same network shape "
             "train together.", 2, 10_000, 64),
    IntRange("seed", "Search seed", "Decides which values are drawn. The trials themselves use the "
             "seed of the configuration, unless you search over the seed.", 0, 2**31 - 1, 0),
    Choice("objective", "Objective", "What makes one trial better than another: its validation loss, or its "
           "validation accuracy or error. The test set is not used: the trial that does best on it would "
           "partly owe that to luck, and its test result would no longer be an honest "
           "measure.", OBJECTIVES, "val_loss"),
    IntRange("eta", "Keep 1 of every", "After each round, the best 1 of this many trials continues; the "
             "others are dropped. Low: careful, more rounds. High: fast, but slow starters are lost.",
             2, 10, 3),
    IntRange("least_epochs", "Epochs in the first round", "How long each trial trains before the worst "
             "trials are dropped. Too few: their ranking is mostly chance.", 1, 500, 4),
)}


@dataclass(frozen=True)
class Search:
    """What is searched, and how. Creating one checks every field; raises `FieldError`.

    Attributes:
        config: what all trials have in common; its number of epochs is the most that a trial trains.
        axes: the fields in which they differ.
        trials: how many, for all methods but grid (its axes decide) and Hyperband (its epochs decide).
        eta, least_epochs: of successive halving and Hyperband.
    """

    config: RunConfig
    axes: tuple[Axis, ...]
    method: str = "random"
    trials: int = 64
    seed: int = 0
    objective: str = "val_loss"
    eta: int = 3
    least_epochs: int = 4

    def __post_init__(self) -> None:
        if not isinstance(self.config, RunConfig):
            raise FieldError("config", f"A search needs a RunConfig, got {short_repr(self.config)}.")
        for name, parameter in SEARCH_PARAMETERS.items():
            object.__setattr__(self, name, parameter.check(getattr(self, name)))
        if not self.config.validation_share:
            raise FieldError("validation_share", "Trials are compared on the validation set, but this "
                             "configuration has none. Set the validation share above 0.")
        if self.method in ("halving", "hyperband") and self.least_epochs > self.config.epochs:
            raise FieldError("least_epochs", f"The first round must be no longer than the "
                             f"{self.config.epochs} epochs of a whole trial, got {self.least_epochs}.")
        self._check_axes()

    def _check_axes(self) -> None:
        """Raises `FieldError` for axes that are wrong, alone or together."""
        if not isinstance(self.axes, tuple | list) or not all(isinstance(item, Axis) for item in self.axes):
            raise FieldError("axes", f"The axes must be a list of axes, got {short_repr(self.axes)}.")
        if not 1 <= len(self.axes) <= MOST_AXES:
            raise FieldError("axes", f"Choose 1 to {MOST_AXES} parameters to search, got {len(self.axes)}.")
        axes = tuple(axis.checked(self.config) for axis in self.axes)
        object.__setattr__(self, "axes", axes)
        names = [axis.field for axis in axes]
        for axis in axes:
            if names.count(axis.field) > 1:
                raise FieldError(axis.field, f"{self.label(axis)} is searched twice. Remove one of them.")
            if self.objective == "val_loss" and axis.field.split(".")[0] in OF_THE_LOSS:
                raise FieldError(axis.field, f"{self.label(axis)} is part of the loss, so the losses of "
                                 "such trials cannot be compared. Choose another objective: "
                                 f"{Objective.of('val_metric', self.config).label}.")
            self._check_ends(axis)
            self._check_owner(axis)

    def _check_ends(self, axis: Axis) -> None:
        """Raises `FieldError` where a value of an axis does not fit the configuration."""
        for value in axis.values or (axis.low, axis.high):
            try:
                changed = with_values(self.config, {axis.field: value})
                start = self.config.start
                if changed.start != start or (start and axis.field in prepared(start, changed)):
                    raise FieldError(axis.field, "The weights that each trial starts from decide it. Remove "
                                     "the start first.")
            except FieldError as error:
                raise FieldError(axis.field, f"{self.label(axis)} {written(axis.field, value)} cannot be "
                                 f"used here. {error.message}") from error

    def _check_owner(self, axis: Axis) -> None:
        """Raises `FieldError` for an axis that some values of another axis do not have."""
        prefix = axis.field.partition(".")[0]
        choice = NESTED[prefix].choice if prefix in NESTED else None
        other = next((candidate for candidate in self.axes if candidate.field == choice), None)
        if other is None or axis.field == choice:
            return
        own = axis.field.partition(".")[2]
        for value in other.values:
            known = {parameter.name: parameter for parameter in NESTED[prefix].table[value].parameters}
            try:
                for end in axis.values or (axis.low, axis.high):
                    known[own].check(end)
            except (KeyError, FieldError):
                raise FieldError(axis.field, f"{self.label(axis)} with this range does not exist for "
                                 f"{written(other.field, value)}, which this search tries as "
                                 f"{PARAMETERS[other.field].label.lower()}. Search only one of the "
                                 "two.") from None

    @cached_property
    def goal(self) -> Objective:
        """The objective that trials are judged by."""
        return Objective.of(self.objective, self.config)

    def label(self, axis: Axis) -> str:
        """An axis's name in the form."""
        return label(axis.field, self.config)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, from which `from_dict` makes this search again."""
        return {"config": self.config.to_dict(), "axes": [axis.to_dict() for axis in self.axes],
                **{name: getattr(self, name) for name in SEARCH_PARAMETERS}}

    @classmethod
    def from_dict(cls, values: Any) -> "Search":
        """The search described by `values`; anything left out gets its default.

        Raises `FieldError`, naming the field, for a value or a name that is refused.
        """
        known = [field.name for field in fields(cls)]
        if not isinstance(values, Mapping):
            raise FieldError("search", f"A search must be a mapping, got {short_repr(values)}.")
        for name in values:
            if name not in known:
                raise FieldError(field_name(name),
                                 f"A search has no field {short_repr(name)}; its fields are "
                                 f"{', '.join(known)}.")
        axes = values.get("axes", ())
        if not isinstance(axes, tuple | list):
            raise FieldError("axes", f"The axes must be a list, got {short_repr(axes)}.")
        given = {name: value for name, value in values.items() if name in SEARCH_PARAMETERS}
        return cls(RunConfig.from_dict(values.get("config", {})), tuple(map(Axis.from_dict, axes)), **given)


def first_choice(config: RunConfig) -> tuple[str, ...]:
    """The fields that the form proposes to search: the learning rate, and the network's size."""
    sizes = [field for field in searchable(config) if field.startswith("architecture_parameters.")]
    return ("learning_rate", *sizes[:1]) if sizes else ("learning_rate", "batch_size")


