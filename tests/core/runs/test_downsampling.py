"""Thinning: fewer points, and the same picture."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.runs.downsampling import downsample


def test_thinning_keeps_ends_and_extremes():
    values = np.sin(np.arange(5000) / 700) + np.random.default_rng(0).normal(0, 0.1, 5000)
    kept = downsample(values, 300)
    assert len(kept) <= 300 and list(kept) == sorted(set(kept))
    assert {0, 4999, int(values.argmin()), int(values.argmax())} <= set(kept.tolist())


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=1500), st.integers(8, 300))
def test_thinning_never_exceeds_its_limit_nor_loses_an_extreme(values, limit):
    array = np.array(values)
    kept = downsample(array, limit)
    assert len(kept) <= max(limit, 0)
    finite = array[np.isfinite(array)]
    if len(finite):
        drawn = array[kept][np.isfinite(array[kept])]
        assert drawn.min() == finite.min() and drawn.max() == finite.max()


def test_thinning_does_not_shimmer():
    values = np.random.default_rng(1).normal(size=1100)
    before, after = downsample(values[:1000], 300), downsample(values, 300)
    inner = [one for one in before if one < 992]  # the last bucket was not full yet
    assert set(inner) <= set(after.tolist())
