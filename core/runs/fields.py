"""The fields of a RunConfig: their ranges, defaults, and the datasets they apply to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.catalog.activations import ACTIVATIONS
from core.catalog.architectures import ARCHITECTURES
from core.catalog.augmentation import AUGMENTATION
from core.catalog.help import HELP
from core.catalog.initializers import INITIALIZERS
from core.catalog.losses import LOSSES
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.catalog.targets import TARGETS, has_target
from core.datasets import DATASETS, Dataset
from core.datasets.dataset import LATER_VALUES
from core.datasets.names import NameList
from core.datasets.table import MAX_NAME
from core.parameters import Bool, Choice, FloatRange, IntRange, Parameter

# As many names as a dataset has classes, and more than any has.
MOST_NORMAL = 100

PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for parameter in (
    Choice("dataset", "Dataset", HELP["dataset"], tuple(DATASETS), "iris"),
    IntRange("training_size", "Training set size", HELP["training_size"], 0, 60_000, 0),
    FloatRange("label_noise", "Label noise", HELP["label_noise"], 0.0, 1.0, 0.0),
    FloatRange("imbalance", "Class imbalance", HELP["imbalance"], 0.0, 0.99, 0.0),
    Choice("scaling", "Scaling of the inputs", HELP["scaling"], ("standard", "none"), "standard"),
    Choice("target", "Target", HELP["target"], tuple(TARGETS), "label"),
    NameList("normal", "Normal classes", HELP["normal"], MAX_NAME, MOST_NORMAL),
    FloatRange("input_noise", "Noise of the inputs", HELP["input_noise"], 0.0, 2.0, 0.0),
    FloatRange("masking", "Masked inputs", HELP["masking"], 0.0, 0.9, 0.0),
    FloatRange("validation_share", "Validation share", HELP["validation_share"], 0.0, 0.5, 0.2),
    Choice("architecture", "Architecture", HELP["architecture"], tuple(ARCHITECTURES), "mlp"),
    Choice("activation", "Activation", HELP["activation"], tuple(ACTIVATIONS), "relu"),
    Choice("initializer", "Initializer", HELP["initializer"], tuple(INITIALIZERS), "glorot_uniform"),
    FloatRange("dropout_rate", "Dropout rate", HELP["dropout_rate"], 0.0, 0.9, 0.0),
    FloatRange("l1", "L1", HELP["l1"], 0.0, 1.0, 0.0),
    FloatRange("l2", "L2", HELP["l2"], 0.0, 1.0, 0.0),
    Bool("batch_normalization", "Batch normalization", HELP["batch_normalization"]),
    Choice("loss", "Loss", HELP["loss"], tuple(LOSSES), "cross_entropy"),
    Choice("class_weights", "Class weights", HELP["class_weights"], ("none", "balanced"), "none"),
    Choice("optimizer", "Optimizer", HELP["optimizer"], tuple(OPTIMIZERS), "adam"),
    FloatRange("learning_rate", "Learning rate", HELP["learning_rate"], 1e-5, 10.0, 0.01, log=True),
    Choice("schedule", "Schedule", HELP["schedule"], tuple(SCHEDULES), "constant"),
    FloatRange("clip_norm", "Gradient clipping", HELP["clip_norm"], 0.0, 100.0, 0.0),
    IntRange("batch_size", "Batch size", HELP["batch_size"], 1, 60_000, 32, log=True),
    IntRange("epochs", "Epochs", HELP["epochs"], 1, 1000, 60, log=True),
    IntRange("patience", "Early stopping", HELP["patience"], 0, 1000, 0),
    IntRange("seed", "Seed", HELP["seed"], 0, 2**31 - 1, 0),
)}


class Augmentation(NamedTuple):
    """Holds the parameters of augmentation, as the only entry of its table."""

    parameters: tuple[Parameter, ...]
    label: str = "Augmentation"


@dataclass(frozen=True)
class Own:
    """The parameters that belong to an entry of a table, such as the momentum of SGD.

    Attributes:
        prefix: what their dotted names begin with.
        choice: the field that selects the entry; None if there is only one entry.
        table: the entries by name.
    """

    prefix: str
    choice: str | None
    table: Mapping[str, Any]

    def entry(self, values: Mapping[str, Any]) -> Any:
        """The entry that the fields in `values` select; None if there is no such entry."""
        if self.choice is None:
            return next(iter(self.table.values()))
        name = values.get(self.choice, PARAMETERS[self.choice].default)
        return self.table.get(name) if isinstance(name, str) else None


NESTED: dict[str, Own] = {
    "dataset_parameters": Own("dataset", "dataset", DATASETS),
    "augmentation_parameters": Own("augmentation", None, {"augmentation": Augmentation(AUGMENTATION)}),
    "architecture_parameters": Own("architecture", "architecture", ARCHITECTURES),
    "loss_parameters": Own("loss", "loss", LOSSES),
    "optimizer_parameters": Own("optimizer", "optimizer", OPTIMIZERS),
    "schedule_parameters": Own("schedule", "schedule", SCHEDULES),
}

# Choices whose options have labels, for forms and tables alike. Other options are shown under Keras's names.
TABLES: dict[str, Mapping[str, Any]] = {
    "initializer": INITIALIZERS, "target": TARGETS,
    **{own.choice: own.table for own in NESTED.values() if own.choice}}


def option_label(field: str, option: Any) -> str:
    """The name that forms and tables show for an option; the option itself if no table names it."""
    entry = TABLES[field].get(option) if field in TABLES and isinstance(option, str) else None
    return str(option) if entry is None else entry.label


_ONLY_CLASSES = "classes to predict; this dataset has numbers, or the target is the input"
_ONLY_INPUTS = "the input as the target"
# Fields that configs stored before there were any do not have: left out of a config at their default.
LATER = ("target", "normal", "input_noise", "masking")


def with_later(values: Mapping[str, Any]) -> dict[str, Any]:
    """A config's plain values with those that it leaves out: two configs have the same names then."""
    return {**values, **{name: PARAMETERS[name].default for name in LATER if name not in values}}


def without_later(own: Mapping[str, Any]) -> dict[str, Any]:
    """A dataset's parameters as plain values, without those that came later and change nothing."""
    return {name: value for name, value in own.items()
            if (name, tuple(value) if isinstance(value, list) else value) not in LATER_VALUES}


# Fields that make sense only for some datasets, and what these must have.
REQUIREMENTS: dict[str, tuple[str, Callable[[Dataset], bool]]] = {
    "label_noise": (_ONLY_CLASSES, lambda data: bool(data.classes)),
    "imbalance": (_ONLY_CLASSES, lambda data: bool(data.classes)),
    "class_weights": (_ONLY_CLASSES, lambda data: bool(data.classes)),
    "augmentation_parameters": ("images with something to predict",
                                lambda data: data.is_image and not data.reconstructs),
    "target": ("at least two numbers or pixels for the input, and sentences for a hidden word", has_target),
    "normal": ("the input as the target, and examples with classes",
               lambda data: data.reconstructs and data.labelled.task == "classification"),
    "input_noise": (_ONLY_INPUTS, lambda data: data.reconstructs),
    "masking": ("the input, or a hidden word, as the target", lambda data: data.original is not None),
    "scaling": ("numbers or pixels; this dataset has words", lambda data: not data.is_text),
}


def applies(field: str, dataset: Dataset) -> bool:
    """Whether `field` can be set to anything but its default for `dataset`."""
    return field not in REQUIREMENTS or REQUIREMENTS[field][1](dataset)
