"""RunConfig: everything that decides how a run goes, validated, to and from plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from core.datasets import DATASETS, Dataset, Preparation
from core.parameters import Choice, FieldError, FloatRange, IntRange, check_all, field_name, shown
from core.tables.activations import ACTIVATIONS
from core.tables.architectures import ARCHITECTURES, Layer, Style
from core.tables.optimizers import OPTIMIZERS

PARAMETERS = {parameter.name: parameter for parameter in (
    Choice("dataset", "Dataset", "What the network learns from.", tuple(DATASETS), "iris"),
    Choice("architecture", "Architecture", "How the network is built.", tuple(ARCHITECTURES), "mlp"),
    Choice("activation", "Activation", "What each hidden unit does with its weighted sum.",
           tuple(ACTIVATIONS), "relu"),
    FloatRange("dropout_rate", "Dropout rate", "Share of hidden outputs set to zero at each step, so "
               "that no unit is relied on. Too high: too little is left to learn with.", 0.0, 0.9, 0.0),
    Choice("optimizer", "Optimizer", "How a slope becomes a step.", tuple(OPTIMIZERS), "adam"),
    FloatRange("learning_rate", "Learning rate", "The size of each step. Too low: learns slowly. Too "
               "high: jumps about, or diverges.", 1e-5, 10.0, 0.01, log=True),
    IntRange("batch_size", "Batch size", "Examples looked at before each step. Small: noisy steps, many "
             "of them. Large: smooth steps, few of them.", 1, 4096, 32, log=True),
    IntRange("epochs", "Epochs", "How often all training examples are gone through. Too few: not done "
             "learning. Too many: learns by heart.", 1, 1000, 60, log=True),
    IntRange("seed", "Seed", "Decides the split, the first weights and the order of examples: the same "
             "seed gives the same curve.", 0, 2**31 - 1, 0),
    FloatRange("validation_share", "Validation share", "Share of the training examples kept aside to "
               "watch the learning; the test set is apart from it.", 0.0, 0.5, 0.2),
)}


def default(name: str) -> Any:
    """The default of a field, as its parameter declares it."""
    return PARAMETERS[name].default


@dataclass(frozen=True)
class RunConfig:
    """One run's configuration. Making one checks every field; `FieldError` names the one refused."""

    dataset: str = default("dataset")
    architecture: str = default("architecture")
    architecture_parameters: Mapping[str, Any] = field(default_factory=dict)
    activation: str = default("activation")
    dropout_rate: float = default("dropout_rate")
    optimizer: str = default("optimizer")
    optimizer_parameters: Mapping[str, Any] = field(default_factory=dict)
    learning_rate: float = default("learning_rate")
    batch_size: int = default("batch_size")
    epochs: int = default("epochs")
    seed: int = default("seed")
    validation_share: float = default("validation_share")

    def __post_init__(self) -> None:
        for name, parameter in PARAMETERS.items():
            object.__setattr__(self, name, parameter.check(getattr(self, name)))
        for name, entry in (("architecture_parameters", ARCHITECTURES[self.architecture]),
                            ("optimizer_parameters", OPTIMIZERS[self.optimizer])):
            values = check_all(entry.parameters, getattr(self, name), entry.label, name)
            object.__setattr__(self, name, values)
        refusal = ARCHITECTURES[self.architecture].refusal(self.data.shape)
        if refusal:
            raise FieldError("architecture", refusal)
        self.layers()

    @property
    def data(self) -> Dataset:
        """The table's entry of this config's dataset."""
        return DATASETS[self.dataset]

    @property
    def preparation(self) -> Preparation:
        """What is done to the dataset before the run."""
        return Preparation(self.seed, self.validation_share)

    def layers(self) -> list[Layer]:
        """The hidden layers, in Keras's own names. Raises `FieldError` where they do not fit."""
        style = Style(self.activation, self.dropout_rate)
        stack = ARCHITECTURES[self.architecture].stack
        return stack(self.architecture_parameters, self.data.shape, style)

    @property
    def name(self) -> str:
        """A short name for lists, such as `MLP 16-16 relu Adam 0.01`."""
        parts = [ARCHITECTURES[self.architecture].short]
        for parameter in ARCHITECTURES[self.architecture].parameters:
            value = self.architecture_parameters[parameter.name]
            if value not in ((), "same", "valid") and parameter.name != "kernel_size":
                parts.append(parameter.format(value))
        if self.architecture != "softmax":
            parts.append(self.activation)
        if self.dropout_rate:
            parts.append(f"dropout {self.dropout_rate:g}")
        return " ".join([*parts, OPTIMIZERS[self.optimizer].label, f"{self.learning_rate:g}"])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` of it is this config again."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: {key: list(item) if isinstance(item, tuple) else item
                       for key, item in value.items()} if isinstance(value, Mapping) else value
                for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: Any) -> "RunConfig":
        """The config that `values` describe; what they leave out gets its default.

        Raises `FieldError`, naming the field, for a value or a name that is refused.
        """
        if not isinstance(values, Mapping):
            raise FieldError("config", f"A config must be a mapping, got {shown(values)}.")
        known = [one.name for one in fields(cls)]
        for name in values:
            if name not in known:
                raise FieldError(field_name(name), f"There is no field {shown(name)}; the fields are "
                                 f"{', '.join(known)}.")
        return cls(**values)

    def replaced(self, **changes: Any) -> "RunConfig":
        """This config with some fields changed, checked again."""
        return replace(self, **changes)
