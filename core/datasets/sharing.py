"""Whether two datasets may have examples in common, so that one may test with what the other trains on."""

from dataclasses import replace
from typing import Any

from core.datasets.dataset import Dataset

# Without noise, these are the same whatever the data seed is.
_ONLY_NOISE_IS_DRAWN = ("moons", "circles", "spirals", "sine", "sines", "demand")
# Parameters that change nothing by which examples are divided.
_UNDIVIDED = ("noise", "feature_scale", "sampled_from", "outlier", "shift")


def may_share(one: Dataset, other: Dataset) -> bool:
    """Whether examples may be in both, and in different sets even if the same seed divides them.

    Of one dataset with two settings, such as the number of examples or the horizon of a forecast. Classes
    of images, and a target, are chosen after dividing; another data seed or company gives other examples.
    Noise moves examples, but neither their order nor their labels, so both are divided alike; so do the
    others of `_UNDIVIDED`.
    """
    if one.name != other.name or _divided(one).key == _divided(other).key:
        return False
    mine, theirs = dict(one.labelled.values), dict(other.labelled.values)
    if one.examples == other.examples and _divided_alike(mine) == _divided_alike(theirs):
        return False
    return _draw(one.name, mine) == _draw(other.name, theirs)


def _divided_alike(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _UNDIVIDED}


def _divided(data: Dataset) -> Dataset:
    """What is divided into training and test examples."""
    return data.labelled.whole or replace(data.labelled, normal=())


def _draw(name: str, values: dict[str, Any]) -> tuple[Any, ...]:
    """What two draws of a dataset differ in, if they have no example in common."""
    fixed = name in _ONLY_NOISE_IS_DRAWN and not values.get("noise")
    return values.get("company"), None if fixed else values.get("data_seed")
