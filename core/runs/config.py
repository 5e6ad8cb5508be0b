"""RunConfig: everything that decides how a run goes, validated, with conversion to and from plain JSON."""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from core.catalog.architectures import ARCHITECTURES, Style
from core.catalog.augmentation import amounts
from core.catalog.layers import Entry, Layer, shapes, stack
from core.catalog.losses import DEFAULT_LOSS, LOSSES
from core.catalog.targets import TARGETS
from core.datasets import DATASETS, Dataset, Preparation
from core.parameters import FieldError, check_all, field_name, short_repr
from core.runs.agreement import check_together
from core.runs.fields import LATER, NESTED, PARAMETERS, without_later
from core.runs.run_name import run_name
from core.runs.start import Start, configs, prepared, start_from

__all__ = ["PARAMETERS", "RunConfig"]


def default(name: str) -> Any:
    """The default of a field, as its parameter declares it."""
    return PARAMETERS[name].default


def _own() -> Any:
    return field(default_factory=dict)


@dataclass(frozen=True)
class RunConfig:
    """The configuration of one run. Creating one checks every field; raises `FieldError`.

    The fields are described in `core.runs.fields`. `..._parameters` hold the parameters of the chosen
    dataset, architecture, loss and so on, by name. An empty `loss` stands for the default of the dataset's
    task. `start` says which weights the run begins with, None for new ones; plain JSON becomes a `Start`.
    Data that are the start's are then prepared as for it: the fields in `start.PREPARED`, and which seed
    divides them. Of other data, only the scaling is the start's.
    """

    dataset: str = default("dataset")
    dataset_parameters: Mapping[str, Any] = _own()
    training_size: int = default("training_size")
    label_noise: float = default("label_noise")
    imbalance: float = default("imbalance")
    scaling: str = default("scaling")
    augmentation_parameters: Mapping[str, Any] = _own()
    architecture: str = default("architecture")
    architecture_parameters: Mapping[str, Any] = _own()
    activation: str = default("activation")
    initializer: str = default("initializer")
    dropout_rate: float = default("dropout_rate")
    l1: float = default("l1")
    l2: float = default("l2")
    batch_normalization: bool = default("batch_normalization")
    loss: str = ""
    loss_parameters: Mapping[str, Any] = _own()
    class_weights: str = default("class_weights")
    optimizer: str = default("optimizer")
    optimizer_parameters: Mapping[str, Any] = _own()
    learning_rate: float = default("learning_rate")
    schedule: str = default("schedule")
    schedule_parameters: Mapping[str, Any] = _own()
    clip_norm: float = default("clip_norm")
    batch_size: int = default("batch_size")
    epochs: int = default("epochs")
    patience: int = default("patience")
    seed: int = default("seed")
    validation_share: float = default("validation_share")
    start: Start | None = None
    target: str = default("target")
    normal: tuple[str, ...] = default("normal")
    input_noise: float = default("input_noise")
    masking: float = default("masking")

    def __post_init__(self) -> None:
        self._check("dataset")
        self._check_own("dataset_parameters")
        self._check("target")
        self._check_normal()
        if isinstance(self.loss, str) and not self.loss:
            object.__setattr__(self, "loss", DEFAULT_LOSS[self.data.task])
        for name in PARAMETERS:
            self._check(name)
        for name in NESTED:
            self._check_own(name)
        check_together(self)
        self.layers()
        if self.start is not None:
            self._check_start()

    def _check(self, name: str) -> None:
        object.__setattr__(self, name, PARAMETERS[name].check(getattr(self, name)))

    def _check_own(self, name: str) -> None:
        entry = NESTED[name].entry(vars(self))
        object.__setattr__(self, name, check_all(entry.parameters, getattr(self, name), entry.label, name))

    def _check_normal(self) -> None:
        self._check("normal")
        classes = DATASETS[self.dataset].made_with(self.dataset_parameters).classes
        unknown = [name for name in self.normal if name not in classes]
        if not classes or self.target == "label":  # `check_together` refuses what is not for this dataset
            return
        if unknown:
            raise FieldError("normal", f"Normal classes must be some of {', '.join(classes[:20])}, got "
                             f"{short_repr(unknown[0])}.")
        chosen = tuple(name for name in classes if name in self.normal)
        object.__setattr__(self, "normal", chosen if len(chosen) < len(classes) else ())

    def _check_start(self) -> None:
        start = self.start
        if not isinstance(start, Start):
            start = start_from(start, replace(self, start=None))
        start.check(self)
        object.__setattr__(self, "start", start)
        # Weights mean something only for inputs scaled as they were then, and nothing can be learned from
        # validating with examples that they were trained on.
        for name in prepared(start, self):
            object.__setattr__(self, name, getattr(start.config, name))
        check_together(self)

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def key(self) -> str:
        """Identifies this config: its JSON. Equal configs have the same key."""
        return json.dumps(self.to_dict(), sort_keys=True)

    @property
    def examples_key(self) -> Hashable:
        """Identifies the training and test examples of this config."""
        return self.data.key, self.preparation

    @property
    def data(self) -> Dataset:
        """The dataset, made with this config's `dataset_parameters`, for a network that learns `target`."""
        return TARGETS[self.target].of(DATASETS[self.dataset].made_with(self.dataset_parameters),
                                       self.normal)

    @property
    def output_units(self) -> int:
        """Units of the output layer: one per class or number, or a single one for two classes.

        One per channel where it gives back the input place by place, see `by_places`.
        """
        if self.by_places:
            return self.data.shape[-1]
        return LOSSES[self.loss].units(self.data.units)

    @property
    def by_places(self) -> bool:
        """Whether the output layer reads, and gives, one row for each pixel or step of the input."""
        shape = self.data.shape
        if not self.data.reconstructs or len(shape) == 1:
            return False
        return len([shape, *shapes(self.entries(), shape)][-1]) > 1

    @property
    def corrupts(self) -> bool:
        """Whether the training inputs are changed, where the target is the input."""
        return self.data.reconstructs and bool(self.input_noise or self.masking)

    @property
    def preparation(self) -> Preparation:
        """How the dataset is prepared for the run: with a start on the same data, as for that.

        Where a start, or the start's own, was on a part of the same dataset, such as other classes, the test
        set is divided off as then: it was trained on none of it. Sentences keep their vocabulary.
        """
        own = Preparation(self.seed, self.validation_share, self.training_size, self.label_noise,
                          self.imbalance, self.scaling)
        if self.start is None:
            return own
        theirs = self.start.config.preparation
        if self._same_data:
            return theirs
        own = replace(own, words=(theirs.words or theirs) if self.data.is_text else None)
        before = next((config for config in configs(self.start) if config.dataset == self.dataset), None)
        if before is None or self.data.load_test is not None:
            return own
        return replace(own, test_seed=before.preparation.divides)

    @property
    def _same_data(self) -> bool:
        return self.start is not None and self.start.config.data.key == self.data.key

    @property
    def augmentation(self) -> np.ndarray:
        """How much each training image is changed, float32 (5,): see `augmentation.amounts`."""
        return amounts(self.augmentation_parameters)

    @property
    def augments(self) -> bool:
        """Whether training images are changed at all."""
        return bool(self.augmentation.any())

    def layers(self) -> list[Layer]:
        """The hidden layers under Keras's names, to be read only. Raises `FieldError` if they do not fit."""
        return self._layers

    @cached_property
    def _layers(self) -> list[Layer]:
        # Cached, because a search asks hundreds of configs for them, several times each.
        return stack(self.entries(), self.data.shape, places=self.data.reconstructs)

    def entries(self) -> list[Entry]:
        """The same layers as rows of the layer editor. Raises `FieldError` if they do not fit."""
        style = Style(self.activation, self.dropout_rate, self.initializer, self.l1, self.l2,
                      self.batch_normalization)
        entries = ARCHITECTURES[self.architecture].entries
        return entries(self.architecture_parameters, self.data.shape, style)

    @property
    def name(self) -> str:
        """A short name for lists, such as `MLP 16-16 relu Adam 0.01`."""
        return run_name(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, from which `from_dict` makes this config again."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self) if entry.name != "start"}
        plain = {name: _plain(value) for name, value in values.items()}
        # Left out where there is none: configs stored before there were any keep their keys. So are the later
        # parameters of datasets.
        plain = {name: value for name, value in plain.items()
                 if name not in LATER or value != _plain(default(name))}
        plain["dataset_parameters"] = without_later(plain["dataset_parameters"])
        return plain if self.start is None else plain | {"start": self.start.to_dict(plain)}

    @classmethod
    def from_dict(cls, values: Any) -> "RunConfig":
        """The config that `values` describe; fields left out get their defaults.

        Raises `FieldError`, naming the field, for a value or a name that is refused.
        """
        if not isinstance(values, Mapping):
            raise FieldError("config", "A configuration must be a mapping of names to values, got "
                                       f"{short_repr(values)}.")
        known = [entry.name for entry in fields(cls)]
        for name in values:
            if name not in known:
                raise FieldError(field_name(name), f"There is no field {short_repr(name)}. The fields are "
                                 f"{', '.join(known)}.")
        return cls(**values)

    def replaced(self, **changes: Any) -> "RunConfig":
        """This config with some fields changed, checked again.

        A new dataset, optimizer and so on starts with the defaults of its own parameters. A loss that no
        longer fits the data is replaced by the default one; a start, or normal classes, that no longer fit
        the network or the data are left out.
        """
        others = [field for field, own in NESTED.items()
                  if own.choice in changes and changes[own.choice] != getattr(self, own.choice)]
        name = changes.get("dataset", self.dataset)
        target, decides = changes.get("target", self.target), {"dataset", "dataset_parameters", "target"}
        known = isinstance(name, str) and name in DATASETS and isinstance(target, str) and target in TARGETS
        if known and decides & {*changes}:
            kept = {} if "dataset_parameters" in others else self.dataset_parameters
            data = TARGETS[target].of(DATASETS[name].made_with(changes.get("dataset_parameters", kept)), ())
            if not LOSSES[self.loss].suits(data):
                changes = {"loss": "", "loss_parameters": {}} | changes
            if not data.reconstructs or not {*self.normal} <= {*data.labelled.classes}:
                changes = {"normal": ()} | changes
        changed = replace(self, **{field: {} for field in others} | {"start": None} | changes)
        return self._with_start(changed) if self.start is not None and "start" not in changes else changed

    def _with_start(self, changed: "RunConfig") -> "RunConfig":
        try:
            return replace(changed, start=self.start)
        except FieldError:
            return changed


def _plain(value: Any) -> Any:
    """A value as JSON has it: lists for tuples, all the way down."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
