"""Turns the rows of the layer editor into layers with Keras's names, and follows their shapes."""

from collections.abc import Iterator, Sequence

from core.catalog.layers.kinds import LAYER_KINDS, RETURN_SEQUENCES, LayerKind
from core.catalog.layers.layer import Entry, Layer, Misfit, Shape, Values
from core.datasets.pairs import PairShape
from core.datasets.words import TextShape
from core.parameters import FieldError

FIELD = "architecture_parameters.layers"
# Those that look up users and items.
PAIR_KINDS = ("MatrixFactorization", "PairEmbedding")


def shapes(entries: Sequence[Entry], shape: Shape, field: str = FIELD) -> list[Shape]:
    """The output shape of each entry for an example of `shape`.

    Raises `FieldError` for `field` at the first entry that does not fit, naming it, what it got, and what it
    needs.
    """
    return [gives for _, _, _, gives in walk(entries, shape, field)]


def stack(entries: Sequence[Entry], shape: Shape, field: str = FIELD, places: bool = False) -> list[Layer]:
    """The layers of these entries, ending in one row of numbers for the output layer.

    Raises `FieldError` for `field` if an entry does not fit, or if the result is not a row.
    places: whether it may also be one row for each pixel, or each step, of the input.
    """
    layers, last = [], shape
    for kind, values, reads, gives in walk(entries, shape, field):
        layers.append(kind.keras(values, reads))
        last = gives
    if isinstance(last, TextShape):
        raise FieldError(field, "The output layer cannot read words. Put Embedding first, then, for "
                         "example, a global average pooling.")
    if isinstance(last, PairShape):
        raise FieldError(field, "The output layer cannot read the numbers of users and items. Put "
                         "MatrixFactorization or PairEmbedding first.")
    if len(last) != 1 and not (places and last[:-1] == shape[:-1]):
        where = f"layer {len(entries)}, {entries[-1]['kind']}, gives" if entries else "this dataset gives"
        needs = f"a row of numbers, or {_shown((*shape[:-1], 'any'))}" if places else "a row of numbers"
        raise FieldError(field, f"The output layer needs {needs}, and {where} {_shown(last)}. Add "
                         "Flatten or a global average pooling at the end.")
    return layers


def walk(entries: Sequence[Entry], shape: Shape,
         field: str = FIELD) -> Iterator[tuple[LayerKind, Values, Shape, Shape]]:
    """Each entry's kind, its values, its input shape and its output shape. Raises as `shapes` does."""
    seen = [shape]
    for number, entry in enumerate(entries, 1):
        kind = LAYER_KINDS[entry["kind"]]
        values = {own.name: entry.get(own.name, own.default) for own in kind.parameters}
        try:
            gives = kind.shape(values, _numbers(kind, seen[-1]))
        except Misfit as misfit:
            advice = misfit.advice or _advice(misfit.rank, seen, entries)
            raise FieldError(field, f"Layer {number}, {kind.name}, {misfit.needs}, got {_shown(seen[-1])}. "
                             f"{advice}") from misfit
        yield kind, values, seen[-1], gives
        seen.append(gives)


def _numbers(kind: LayerKind, shape: Shape) -> Shape:
    """`shape`, if this kind of layer can read it.

    Raises `Misfit` for words, users and items that are not looked up yet.
    """
    if isinstance(shape, TextShape) and kind.name != "Embedding":
        raise Misfit("needs numbers, and words are only places in a list", "Put Embedding first.")
    if isinstance(shape, PairShape) and kind.name not in PAIR_KINDS:
        raise Misfit("needs numbers that mean an amount, and those of users and items are only places in a "
                     "list", "Put MatrixFactorization or PairEmbedding first.")
    return shape


def _advice(rank: int | None, seen: list[Shape], entries: Sequence[Entry]) -> str:
    """Where a layer that needs `rank` dimensions could go. seen: the input shape, and all after it."""
    for place in reversed(range(len(seen) - 1)):
        if len(seen[place]) == rank:
            kind = LAYER_KINDS[entries[place]["kind"]]
            if RETURN_SEQUENCES in kind.parameters:
                return f"Switch on Return sequences in layer {place + 1}, {kind.name}."
            return f"Put it before layer {place + 1}, {kind.name}."
    if rank == 2:
        return "Put Reshape before it: it makes a series of rows."
    return "Choose an image dataset, or another layer."


def _shown(shape: Sequence[int | str]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
