"""Which layers a run takes over from its start, and which of those it does not train."""

from typing import Any, NamedTuple

from core.catalog.layers import graph, layer
from core.catalog.layers.counting import counts
from core.parameters import FieldError, short_repr

# A `RunConfig`, whose module imports this one.
Config = Any

OUTPUT = "output"
ALL, NONE = "all", "none"


class Weighted(NamedTuple):
    """A layer with weights; a block counts as one.

    Attributes:
        entry: which row of the layer editor it is; the output layer comes after the last.
        kind: that row's kind, or `OUTPUT`.
        weights: how many it has; its shape follows from that and the layer before.
    """

    entry: int
    kind: str
    weights: int


def weighted(config: Config) -> list[Weighted]:
    """The layers of a network that have weights, from the input to the output layer."""
    kinds = [*(entry["kind"] for entry in config.entries()), OUTPUT]
    found = counts(config.entries(), config.data.shape, config.output_units)
    return [Weighted(place, kind, count) for place, (kind, count)
            in enumerate(zip(kinds, found, strict=True)) if count]


def taken(owner: Config) -> int:
    """How many layers with weights a run takes over from its start, counted from the input; 0 without one."""
    start = owner.start
    if start is None:
        return 0
    return most(start.config, owner) if start.layers == ALL else start.layers


def frozen(owner: Config) -> int:
    """How many of those are not trained."""
    start = owner.start
    return 0 if start is None or start.frozen == NONE else start.frozen


def frozen_entries(owner: Config) -> frozenset[int]:
    """The rows of the layer editor, see `Weighted.entry`, that are not trained."""
    count = frozen(owner)
    return frozenset(found.entry for found in weighted(owner)[:count]) if count else frozenset()


def slows(owner: Config) -> bool:
    """Whether layers that are taken over learn at a lower rate than the others."""
    return owner.start is not None and owner.start.rate_factor != 1


def rate_factors(owner: Config) -> list[float]:
    """What the learning rate of each layer with weights is multiplied by; empty if all learn alike."""
    if not slows(owner):
        return []
    found, count = weighted(owner), taken(owner)
    return [owner.start.rate_factor if place < count and layer.kind != OUTPUT else 1.0
            for place, layer in enumerate(found)]


def names_of(config: Config, count: int) -> frozenset[str]:
    """Keras's names of the first `count` layers with weights; those of a block are several."""
    entries = {found.entry for found in weighted(config)[:count]}
    nodes = graph([*config.layers(), layer("Dense", units=config.output_units, name="logits")])
    return frozenset(node.name for node in nodes if node.entry in entries)


def most(start: Config, owner: Config) -> int:
    """How many layers at most can be taken over: without the output layer if it answers something else."""
    return len(weighted(owner)) - (not _answers_alike(start, owner))


def _answers_alike(start: Config, owner: Config) -> bool:
    mine, theirs = owner.data, start.data
    return mine.key == theirs.key or (mine.task, mine.classes, mine.outputs, mine.target) == (
        theirs.task, theirs.classes, theirs.outputs, theirs.target)


def check_count(name: str, value: Any, word: str) -> int | str:
    """A whole number of layers from 1 on, or `word`. Raises `FieldError`."""
    if isinstance(value, str) and value == word:
        return word
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000:
        raise FieldError(name, f'{name} must be "{word}" or a whole number from 1 on, got '
                         f"{short_repr(value)}.")
    return value


def check_layers(start: Config, theirs: Config, owner: Config) -> None:
    """Raises `FieldError` unless `owner` can take over so many layers of `theirs`, and freeze so many.

    start: a `Start`; theirs: what it trains.
    """
    mine, given, room = weighted(owner), weighted(theirs), most(theirs, owner)
    count = room if start.layers == ALL else start.layers
    if not room:
        raise FieldError("start.layers", f"This run ({owner.name}) has only an output layer, which is new "
                         "because it answers something else than the start: there is nothing to take over. "
                         "Add layers, or remove the start.")
    if count > room:
        why = "" if room == len(mine) else " Its output layer is new, because it answers something else."
        raise FieldError("start.layers", f"This run ({owner.name}) can take over at most {room} layers with "
                         f"weights, got {count}.{why}")
    if [found[1:] for found in mine[:count]] != [found[1:] for found in given[:count]] or (
            start.layers == ALL and len(given) != len(mine)):
        which = "" if start.layers == ALL else f" in its first {count} layers with weights"
        raise FieldError("start.config", f"The start ({theirs.name}) has a network of another shape than "
                         f"this run ({owner.name}){which}. Choose the same layers and units as there.")
    if start.frozen != NONE and start.frozen > count:
        raise FieldError("start.frozen", "Only layers that are taken over can be frozen: at most "
                         f"{count}, got {start.frozen}.")
    if start.frozen == len(mine):
        raise FieldError("start.frozen", f"With all {len(mine)} layers frozen, nothing would be trained. "
                         f"Freeze at most {len(mine) - 1}.")
