"""The settings of a run in words: those that differ from the defaults first."""

from contextlib import suppress
from dataclasses import dataclass

from core.comparison.columns import Cell, field_label, flat, worded
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.fields import NESTED, with_later

# The fields that every report names, in this order.
ALWAYS = ("dataset", "architecture", "activation", "optimizer", "learning_rate", "batch_size", "epochs",
          "loss")
# Fields that choose an entry which has parameters of its own.
CHOOSERS = frozenset(own.choice for own in NESTED.values() if own.choice)
# Of an architecture of the learner's own; `network` names them.
LAYERS = "architecture.layers"
# Layers that are named before "and 9 more".
MOST_LAYERS = 8


@dataclass(frozen=True)
class ChosenField:
    """One field of a config. changed: whether it differs from its default."""

    label: str
    value: str
    changed: bool


def chosen(config: RunConfig) -> list[ChosenField]:
    """The fields that differ from their defaults, then the rest of `ALWAYS`."""
    mine, usual, opened = (_cells(one) for one in (config, opening(config), RunConfig()))
    changed = [name for name, value in mine.items()
               if value != (opened if name in CHOOSERS else usual).get(name)]
    unsaid = {LAYERS} if has_activation(config) else {LAYERS, "activation"}
    return [ChosenField(field_label(name), _said(name, mine[name]), name in changed)
            for name in (*changed, *(name for name in ALWAYS if name not in changed))
            if name in mine and name not in unsaid]


def has_activation(config: RunConfig) -> bool:
    """Whether the field `activation` says anything: some layers have their own, and some networks none."""
    other = next(name for name in ("relu", "tanh") if name != config.activation)
    return config.replaced(activation=other).entries() != config.entries()


def network(config: RunConfig) -> str:
    """The hidden layers in a line: `Dense 16, Dense 16`; with activations if they have their own."""
    sizes = ("units", "filters", "pool_size", "rate", *(() if has_activation(config) else ("activation",)))
    layers = [" ".join([entry["kind"], *(str(entry[name]) for name in sizes if name in entry)])
              for entry in config.entries()]
    more = len(layers) - MOST_LAYERS
    return ", ".join(layers[:MOST_LAYERS]) + (f" and {more} more" if more > 0 else "")


def opening(config: RunConfig) -> RunConfig:
    """The same dataset, architecture and so on, with their defaults for everything else."""
    with suppress(FieldError):
        return RunConfig.from_dict({name: getattr(config, name) for name in CHOOSERS})
    return RunConfig()


def _cells(config: RunConfig) -> dict[str, Cell]:
    return flat(with_later(config.to_dict()))


def _said(name: str, cell: Cell) -> str:
    word = worded(name, cell)
    return f"{word:g}" if isinstance(word, float) else str(word)
