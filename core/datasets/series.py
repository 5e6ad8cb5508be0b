"""Time series: predict the next values from a window of past ones."""

import csv
import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from math import ceil
from typing import Any

import numpy as np

from core.datasets.computed import FIELD, computed, data_seed
from core.datasets.dataset import Arrays, Dataset
from core.datasets.scikit import numbers
from core.datasets.split_indices import TEST_SHARE
from core.parameters import Choice, FieldError, FloatRange, IntRange, Parameter

# At least this many windows must be left for training after the test set and the gaps are taken away.
LEAST = 4
# Periods (in steps) and heights of the sines that are added together.
SINES = ((12.0, 1.0), (31.0, 0.7), (90.0, 0.5))
# Of a day's demand: when each peak is and how wide, as shares of the season, and its height. Then the height
# of the slow swell, and how many seasons it takes.
PEAKS = ((0.35, 0.05, 1.0), (0.8, 0.07, 1.4))
SWELL, SEASONS_A_SWELL = 0.4, 8.6
COMPANIES = ("GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT")
WEEKS = 105


def windows(values: np.ndarray, window: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Every window of a series and the values that follow it, in the order of time.

    values: float (steps,). Returns x (n, window, 1) and y (n, horizon), n = steps - window - horizon + 1.
    """
    both = np.lib.stride_tricks.sliding_window_view(values, window + horizon)
    return both[:, :window, None].copy(), both[:, window:].copy()


def naive(x: np.ndarray, horizon: int) -> np.ndarray:
    """The forecast to beat: the last value, repeated.

    x: (n, window, channels), in their own units; the first channel is the one that is forecast. Returns (n,
    horizon). Source: R. J. Hyndman and G. Athanasopoulos, "Forecasting: Principles and Practice", section
    5.2.
    """
    return np.repeat(x[:, -1, :1], horizon, axis=1)


def _sine(steps: int, noise: float, seed: int) -> np.ndarray:
    """A tenth of a radian per step, so that a wave takes about 63 steps."""
    return np.sin(np.arange(steps) / 10) + _random(seed, steps) * noise


def _sines(steps: int, noise: float, seed: int) -> np.ndarray:
    time = np.arange(steps)
    waves = sum(height * np.sin(2 * np.pi * time / period) for period, height in SINES)
    return waves + _random(seed, steps) * noise


def _demand(steps: int, season: int, noise: float, seed: int) -> np.ndarray:
    """The same peaks every season, on a level that swells slowly, at a period that no season fits."""
    time = np.arange(steps)
    peaks = sum(height * np.exp(-((time / season - at + 0.5) % 1 - 0.5) ** 2 / (2 * width ** 2))
                for at, width, height in PEAKS)
    swell = SWELL * np.sin(2 * np.pi * time / (SEASONS_A_SWELL * season))
    return peaks + swell + _random(seed, steps) * noise


def _random(seed: int, steps: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, steps)


@lru_cache(maxsize=1)
def _prices() -> dict[str, np.ndarray]:
    """The weekly prices of each company, float64 (105,), relative to the first.

    Read from the file in plotly's wheel: `plotly.data` would load pandas for it.
    """
    from importlib.resources import files

    packed = files("plotly").joinpath("package_data", "datasets", "stocks.csv.gz").read_bytes()
    rows = list(csv.DictReader(gzip.decompress(packed).decode("ascii").splitlines()))
    return {company: np.array([float(row[company]) for row in rows]) for company in COMPANIES}


def _price(company: str) -> np.ndarray:
    return _prices()[company]


@lru_cache(maxsize=32)
def _examples(draw: Callable[..., np.ndarray], chosen: tuple[Any, ...], window: int, horizon: int) -> Arrays:
    """x: float32 (n, window, 1), y: float32 (n, horizon)."""
    return numbers(*windows(draw(*chosen), window, horizon))


def _series(name: str, label: str, help: str, source: str, target: str, draw: Callable[..., np.ndarray],
            chosen: tuple[Parameter, ...], steps: int | None = None, season: int = 0) -> Dataset:
    """One table entry.

    draw: makes the series from the values of `chosen`; unless `steps` is given, the first is its length.
    """
    parameters = (
        IntRange("window", "Window", "How many values the network sees. Too few: it cannot tell where in "
                 "the series it is. Too many: fewer windows to learn from.", 2, 100, 10, log=True),
        IntRange("horizon", "Horizon", "How many of the following values are forecast at once. The further "
                 "ahead, the harder.", 1, 20, 1), *chosen)

    def build(values: Mapping[str, Any]) -> Dataset:
        window, horizon = values["window"], values["horizon"]
        length = values["steps"] if steps is None else steps
        return Dataset(
            name, label, help, source, examples=_count(label, length, window, horizon), shape=(window, 1),
            classes=(), features=(target,), task="forecasting", outputs=horizon, target=target,
            season=season or values.get("season", 0),
            load=partial(_examples, draw, tuple(values[parameter.name] for parameter in chosen), window,
                         horizon))

    return computed(label, parameters, build)


def _count(label: str, steps: int, window: int, horizon: int) -> int:
    """How many windows there are. Raises `FieldError` if there are too few to split them in time."""
    count = steps - window - horizon + 1
    # Windows that reach from training into validation, or into the test set, are left out.
    needed = ceil((LEAST + 2 * (horizon - 1)) / (1 - TEST_SHARE) + 1)
    if count < needed:
        raise FieldError(f"{FIELD}.window", f"{label} has {steps} values, which gives only {max(count, 0)} "
                         f"windows of {window} with {horizon} to forecast. Training, validation and test "
                         f"need {needed} windows. Lower the window or the horizon.")
    return count


_STEPS = IntRange("steps", "Values", "The number of values in the series.", 100, 5000, 1000, log=True)


def _noise(default: float) -> FloatRange:
    return FloatRange("noise", "Noise", "Standard deviation of the random number added to each value. It "
                      "cannot be forecast: on new values the mean absolute error stays at 0.8 times this or "
                      "above.",
                      0.0, 1.0, default)


SINE = _series(
    "sine", "Sine", "A wave that goes up and down forever. A small recurrent network forecasts it almost "
    "perfectly.", "Computed here.", "value", _sine, (_STEPS, _noise(0.0), data_seed()),
    season=round(20 * np.pi))

SUM_OF_SINES = _series(
    "sines", "Sum of sines", "Three waves of different lengths added together, with noise. The window must "
    "be long enough to tell them apart.", "Computed here.", "value", _sines,
    (_STEPS, _noise(0.1), data_seed()), season=round(SINES[0][0]))

DEMAND = _series(
    "demand", "Daily demand", "Two peaks a day on a level that swells slowly, such as the power that a town "
    "uses every hour. A window shorter than the season often shows nothing but a quiet hour: the network "
    "cannot tell when the next peak comes.", "Computed here.", "demand", _demand,
    (_STEPS, IntRange("season", "Season", "After how many steps the peaks come again. The seasonal naive "
                      "forecast repeats the values of one season ago.", 6, 48, 24),
     _noise(0.1), data_seed()))

STOCKS = _series(
    "stocks", "Stock prices", "Weekly stock prices of a company in 2018 and 2019. The naive forecast, that "
    "next week's price equals this week's, is hard to beat; networks usually do worse.",
    "Closing prices of 105 weeks as plotly ships them (plotly.data.stocks), MIT.",
    "price (first week = 1)", _price,
    (Choice("company", "Company", "The company whose prices are forecast, by its stock symbol.",
            COMPANIES, "GOOG"),), steps=WEEKS)
