"""A rule for forecasts that are worse than repeating the last season."""

import numpy as np

from core.coach.advice import Finding
from core.coach.run_summary import RunSummary
from core.datasets import Dataset
from core.formatting import number
from core.metrics.season import first_tested, season_of, values_of

# A forecast that explains more than this share of the variance needs no longer window.
GOOD = 0.9
# While the loss still falls by more than this share in a third of the run, it is too early to tell.
FALLS = 0.1
# The window that is offered, in seasons: with one and a half, half of the steps are in it twice.
SEASONS = 1.5


def short_window(seen: RunSummary) -> Finding | None:
    """A window shorter than the season, and errors larger than those of the seasonal naive forecast."""
    data = seen.data
    if data.task != "forecasting" or not seen.settled or seen.learned > GOOD:
        return None
    season, window = season_of(data), data.shape[0]
    if season <= window or seen.training.fall > FALLS * seen.training.level:
        return None
    kind, errors = ("validation", seen.val_metric) if len(seen.val_metric) else ("training", seen.metric)
    error, simple = float(errors[-1]), _seasonal_error(data, season)
    if error <= simple:
        return None
    longer = dict(data.values) | {"window": round(SEASONS * season)}
    return Finding(
        f"The mean absolute {kind} error is {number(error)}; repeating the value {season} steps before has "
        f"{number(simple)}. The window has {window} values.",
        f"The series repeats every {season} steps, and the network sees only {window} of them. It often "
        "cannot tell where in the season it is. Let it see a whole season and more.",
        {"dataset_parameters": longer}, f"Set the window to {longer['window']}")


def _seasonal_error(data: Dataset, season: int) -> float:
    """The mean absolute error of repeating the last season, over all values before the test part."""
    values = values_of(data)[:first_tested(data)].astype(np.float64)
    return float(np.abs(values[season:] - values[:-season]).mean())

