"""Hypothesis strategies shared by tests: values of any kind, and valid configs."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

from core.catalog.architectures import ARCHITECTURES
from core.catalog.layers import LAYER_KINDS, LayerList
from core.catalog.losses import LOSSES, losses_of
from core.catalog.targets import TARGETS, targets_of
from core.datasets import DATASETS
from core.datasets.custom_points import PointList
from core.parameters import Bool, Choice, FieldError, FloatRange, IntList, IntRange, Parameter, Subset
from core.runs.config import RunConfig
from core.runs.fields import NESTED, PARAMETERS, applies


class Unprintable:
    """A value whose own repr is broken."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


def nested(depth: int) -> list[Any]:
    """A list in a list, `depth` times."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


# Each of these has broken a validation somewhere: by overflow, by its repr, by its hash or its length.
NASTY = (float("nan"), float("inf"), -float("inf"), -0.0, 10**400, -(10**400), 10**5000, 2**63, True, False,
         np.float32(0.5), np.float64("nan"), np.int64(3), np.bool_(True), np.str_("relu"), np.array([1, 2]),
         Decimal("NaN"), Decimal("0.5"), Fraction(1, 2), 1j, b"16-16", bytearray(b"\x10"), "x" * 100_000,
         "\ud800", "\x00", "relu\n", "٣", "1" * 5000, "nan", "", range(10**20), range(3), object(),
         Unprintable(), nested(50), nested(100_000), {1: {2: {None: []}}}, {(): 1}, {10**5000: 1},
         {"\ud800": 1}, {"a" * 1000: 1}, [None], [16, "16"], [16, float("nan")], [10**400], [[16]], int, len)

# By index, since hypothesis prints what sampled_from holds, and some of this cannot be printed.
SCALARS = (st.integers(0, len(NASTY) - 1).map(lambda index: NASTY[index]) | st.none() | st.booleans()
           | st.integers() | st.floats() | st.text() | st.binary(max_size=20)
           | st.integers(-5, 5) | st.floats(-2, 2))

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: (st.lists(inner, max_size=5) | st.tuples(inner, inner)
                            | st.dictionaries(st.text(max_size=5) | st.integers() | st.none()
                                              | st.booleans(), inner, max_size=4)), max_leaves=8)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10)


def valid(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Values that `parameter` must take, drawn from its declaration and not by its `check`."""
    match parameter:
        case FloatRange(low=low, high=high):
            return st.floats(low, high).map(lambda value: value + 0.0)
        case IntRange(low=low, high=high):
            return st.integers(low, high)
        case Choice(options=options):
            return st.sampled_from(options)
        case IntList(low=low, high=high, min_length=shortest, max_length=longest):
            return st.lists(st.integers(low, high), min_size=shortest, max_size=longest).map(tuple)
        case Bool():
            return st.booleans()
        case Subset(options=options, least=least):
            return st.lists(st.sampled_from(options), min_size=least, max_size=len(options) - 1,
                            unique=True).map(lambda chosen: tuple(
                                option for option in options if option in chosen)) | st.just(())
        case PointList(most=most, limit=limit, classes=classes):
            place = st.floats(-limit, limit)
            return st.lists(st.tuples(place, place, st.integers(0, classes - 1)),
                            max_size=min(most, 20)).map(tuple)
        case LayerList():
            return st.lists(layer_entries(), max_size=5).map(tuple)
    # The kinds that live beside a table of their own have tests of their own.
    return st.just(parameter.default)


def layer_entries(kinds: Collection[str] = LAYER_KINDS) -> st.SearchStrategy[dict[str, Any]]:
    """Lines of the layer editor with all their values, which need not fit one after another."""
    return st.sampled_from(sorted(kinds)).flatmap(lambda kind: st.fixed_dictionaries(
        {"kind": st.just(kind),
         **{parameter.name: valid(parameter) for parameter in LAYER_KINDS[kind].parameters}}))


@st.composite
def configs(draw: st.DrawFn) -> RunConfig:
    """Valid configs: every dataset, with an architecture and parameters that fit it."""
    values = {name: draw(valid(parameter)) for name, parameter in PARAMETERS.items()}
    values["dataset"] = draw(st.sampled_from([name for name in DATASETS if name != "table"]))
    values["dataset_parameters"] = _own(draw, "dataset_parameters", values)
    try:
        data = DATASETS[values["dataset"]].made_with(values["dataset_parameters"])
    except FieldError:
        # Too few points of a class, or windows too long for the series: other tests' matter.
        values["dataset_parameters"], data = {}, DATASETS[values["dataset"]]
    values["target"] = draw(st.sampled_from(targets_of(data)))
    data = TARGETS[values["target"]].of(data, ())
    if applies("normal", data):
        values["normal"] = draw(valid(Subset("normal", "", "", data.labelled.classes, 0)))
    values["loss"] = draw(st.sampled_from(losses_of(data)))
    if LOSSES[values["loss"]].pixels:
        values["scaling"] = "standard"
    fitting = [name for name, entry in ARCHITECTURES.items() if entry.unsuitable(data) is None]
    values["architecture"] = draw(st.sampled_from(fitting))
    values |= {field: _own(draw, field, values) for field in NESTED if field != "dataset_parameters"}
    values = {name: value for name, value in values.items() if applies(name, data)}
    if not values["validation_share"]:
        values["patience"] = 0
    try:
        return RunConfig(**values)
    except FieldError as error:
        # The one refusal that depends on several fields: an image that is used up before the last layer.
        if not error.field.startswith("architecture"):
            raise
    return RunConfig(**values | {"architecture": "mlp", "architecture_parameters": {}})


def _own(draw: st.DrawFn, field: str, values: dict[str, Any]) -> dict[str, Any]:
    return {parameter.name: draw(valid(parameter)) for parameter in NESTED[field].entry(values).parameters}
