"""Reduces the points of a long curve without changing how it looks."""

import numpy as np


def downsample(values: np.ndarray, limit: int) -> np.ndarray:
    """Indices, in order, of at most `limit` of the values that still draw the same curve.

    values: float (n,). Kept are both ends and the smallest and the largest finite value of each bucket
    of neighbours, hence the extremes of the whole curve. A bucket's size is a power of two and buckets
    begin at the first value, so that a growing curve does not shimmer: what was kept stays kept until
    the size doubles. A bucket with no finite value keeps its first one, which is drawn as a gap.
    """
    count = len(values)
    if count <= limit:
        return np.arange(count)
    size = 2
    while 2 * -(-count // size) + 2 > limit:
        size *= 2
    buckets = -(-count // size)
    padded = np.full(buckets * size, np.nan)
    padded[:count] = values
    rows = padded.reshape(buckets, size)
    finite = np.isfinite(rows)
    starts = np.arange(buckets) * size
    lowest = starts + np.where(finite, rows, np.inf).argmin(axis=1)
    highest = starts + np.where(finite, rows, -np.inf).argmax(axis=1)
    return np.unique(np.concatenate([[0], lowest, highest, [count - 1]]))
