"""The learning-rate schedules on offer: the rate at each step in NumPy, and as Keras code for the export.

Every schedule is proportional to its base: twice the learning rate gives twice the whole curve. So a change
during a run is a factor on the rest of the schedule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.parameters import FloatRange, IntRange, Parameter

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Length:
    """The length of a run in steps, in all and per epoch; both are at least 1."""

    steps_per_epoch: int
    steps: int


@dataclass(frozen=True)
class Schedule:
    """One schedule.

    Attributes:
        shares: the share of the base rate at each step, from the parameters' values, the steps as float64
            (n,) from 0, and the length of the run.
        expression: the same schedule as Python code that may use `keras`, `steps_per_epoch` and `steps`, from
            the values, the base rate and the length.
        definition: code that the expression needs besides, or nothing.
    """

    name: str
    label: str
    help: str
    shares: Callable[[Values, np.ndarray, Length], np.ndarray]
    expression: Callable[[Values, float, Length], str]
    parameters: tuple[Parameter, ...] = ()
    definition: str = ""

    def rate(self, values: Values, base: float, step: Any, steps_per_epoch: int, total_steps: int
             ) -> np.ndarray:
        """The learning rate at each of the steps `step` (from 0), int (n,), as float32 (n,).

        After `total_steps`, the rate stays at its last value, if the schedule has an end.
        """
        steps = np.asarray(step, dtype=float)
        shares = self.shares(values, steps, Length(steps_per_epoch, total_steps))
        return np.broadcast_to(base * shares, steps.shape).astype(np.float32)

    def keras(self, values: Values, base: float, steps_per_epoch: int, total_steps: int) -> str:
        """A Python expression for the `learning_rate` of Keras's optimizers.

        It uses the names `steps_per_epoch` and `steps`, so that the schedule in an exported script still
        lasts the whole run after somebody changes the batch size or the number of examples. `definition`,
        if there is one, must come first.
        """
        return self.expression(values, base, Length(steps_per_epoch, total_steps))


def warm_up_steps(values: Values, run: Length) -> int:
    """Steps of the warm-up: its share of the run, to the nearest step; at least one step is left over."""
    return min(round(values["warm_up"] * run.steps), run.steps - 1)


def _step(values: Values, steps: np.ndarray, run: Length) -> np.ndarray:
    return values["drop"] ** np.floor(steps / (values["every"] * run.steps_per_epoch))


def _exponential(values: Values, steps: np.ndarray, run: Length) -> np.ndarray:
    return values["decay"] ** (steps / run.steps_per_epoch)


def _falling(final: float, done: np.ndarray) -> np.ndarray:
    """Half a cosine wave from 1 to `final`; done: share of the way."""
    return final + (1 - final) * 0.5 * (1 + np.cos(np.pi * np.clip(done, 0, 1)))


def _cosine(values: Values, steps: np.ndarray, run: Length) -> np.ndarray:
    return _falling(values["final"], steps / run.steps)


def _warm_up_cosine(values: Values, steps: np.ndarray, run: Length) -> np.ndarray:
    warm = warm_up_steps(values, run)
    return np.where(steps < warm, steps / max(warm, 1),
                    _falling(values["final"], (steps - warm) / (run.steps - warm)))


def _one_cycle(values: Values, steps: np.ndarray, run: Length) -> np.ndarray:
    peak, last = values["up"] * (run.steps - 1), max(run.steps - 1, 1)
    return np.interp(steps, [0, peak, last], [1 / values["start_divisor"], 1, 1 / values["end_divisor"]])


def _written(class_name: str, **arguments: Any) -> str:
    """Python code that creates one of Keras's schedules; arguments that are strings are code already."""
    inner = ", ".join(f"{name}={value if isinstance(value, str) else repr(value)}"
                      for name, value in arguments.items())
    return f"keras.optimizers.schedules.{class_name}({inner})"


def _written_warm_up(values: Values, base: float, run: Length) -> str:
    warm = warm_up_steps(values, run)
    if not warm:
        return _written("CosineDecay", initial_learning_rate=base, decay_steps="steps",
                        alpha=values["final"])
    # A very short run keeps one step after the warm-up, as in `warm_up_steps`.
    share = f"round({values['warm_up']!r} * steps)"
    rising, falling = (share, f"steps - {share}") if warm < run.steps - 1 else ("steps - 1", "1")
    return _written("CosineDecay", initial_learning_rate=0.0, decay_steps=falling, alpha=values["final"],
                    warmup_target=base, warmup_steps=rising)


def _written_one_cycle(values: Values, base: float, run: Length) -> str:
    return (f"OneCycle(peak={base!r}, steps=steps, up={values['up']!r}, "
            f"start_divisor={values['start_divisor']!r}, end_divisor={values['end_divisor']!r})")


_ONE_CYCLE = '''\
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """From peak / start_divisor up to peak, then down to peak / end_divisor, in straight lines.

    steps: of the whole run. up: share of them that goes up. Source: Smith 2018, arXiv:1803.09820.
    """

    def __init__(self, peak, steps, up, start_divisor, end_divisor):
        super().__init__()
        self.peak, self.steps, self.up = peak, steps, up
        self.start_divisor, self.end_divisor = start_divisor, end_divisor

    def __call__(self, step):
        last = max(self.steps - 1, 1)
        top = self.up * (self.steps - 1)
        step = keras.ops.cast(step, "float32")
        risen = keras.ops.minimum(step / max(top, 1e-9), 1.0)
        fallen = keras.ops.clip((step - top) / (last - top), 0.0, 1.0)
        low, end = 1.0 / self.start_divisor, 1.0 / self.end_divisor
        share = keras.ops.where(step < top, low + (1.0 - low) * risen, 1.0 - (1.0 - end) * fallen)
        return self.peak * share

    def get_config(self):
        return {"peak": self.peak, "steps": self.steps, "up": self.up,
                "start_divisor": self.start_divisor, "end_divisor": self.end_divisor}
'''

_FINAL = FloatRange("final", "Final share", "Where the curve ends, as a share of the learning rate. 0: the "
                    "last steps hardly change anything. Near 1: the network never "
                    "settles down.", 0.0, 1.0, 0.0)

_ENTRIES = (
    Schedule("constant", "Constant", "The same rate from the first step to the last. Simple, but a rate "
             "that is fast at first keeps the loss jumping around at the end.",
             lambda values, steps, run: np.ones_like(steps), lambda values, base, run: repr(base)),
    Schedule("step", "Step", "The rate is multiplied by a factor every few epochs. The loss often falls with "
             "each drop.", _step,
             lambda values, base, run: _written(
                 "ExponentialDecay", initial_learning_rate=base, decay_rate=values["drop"], staircase=True,
                 decay_steps=f"{values['every']} * steps_per_epoch"),
             (FloatRange("drop", "Drop factor", "The factor that the rate is multiplied by at each drop: "
                         r"$\eta_t = \eta\, d^{\lfloor t/n \rfloor}$ in epoch $t$, with $n$ epochs between "
                         "drops. Too low: almost zero after a few drops. Near 1: hardly changes "
                         "anything.", 0.01, 1.0, 0.5),
              IntRange("every", "Every", "Epochs between two drops. Too few: the rate is almost zero before "
                       "the network has learned. Too many: the run ends before the first drop.",
                       1, 1000, 10, log=True))),
    Schedule("exponential", "Exponential", "The rate shrinks a little at every step, by the same share each "
             "epoch.", _exponential,
             lambda values, base, run: _written(
                 "ExponentialDecay", initial_learning_rate=base, decay_rate=values["decay"],
                 decay_steps="steps_per_epoch"),
             (FloatRange("decay", "Decay", r"The share of the rate that is left after each epoch: $\eta_t = "
                         r"\eta\, d^t$ in epoch $t$. Too low: learning stops early. Near 1: almost constant.",
                         0.5, 1.0, 0.95),)),
    Schedule("cosine", "Cosine", "Half a cosine wave from the rate down to its final share: slow at first, "
             "fast in the middle, gentle at the end. Loshchilov and Hutter, 2016.", _cosine,
             lambda values, base, run: _written("CosineDecay", initial_learning_rate=base,
                                                decay_steps="steps", alpha=values["final"]), (_FINAL,)),
    Schedule("warm_up_cosine", "Warm-up + cosine", "Rises from zero in a straight line, so that the wild "
             "first gradients do no harm, then falls like a cosine. Goyal et al., 2017.",
             _warm_up_cosine, _written_warm_up,
             (FloatRange("warm_up", "Warm-up share", "Share of the run during which the rate rises. Too "
                         "low: the first steps are as wild as without warm-up. Too high: little time is "
                         "left to settle down.",
                         0.0, 0.9, 0.1), _FINAL)),
    Schedule("one_cycle", "One-cycle", "Rises from a low rate to the learning rate, then falls to almost "
             "nothing, in straight lines. Tolerates a higher rate than the others. Smith, 2018.",
             _one_cycle, _written_one_cycle,
             (FloatRange("up", "Rising share", "Share of the run before the peak. Too low: the rate jumps "
                         "to the peak. Too high: no time to settle down.", 0.05, 0.95, 0.3),
              FloatRange("start_divisor", "Start divisor", "The first rate is the peak divided by this "
                         "number. 1: no rise. Too high: the first steps are "
                         "wasted.", 1.0, 1000.0, 25.0, log=True),
              FloatRange("end_divisor", "End divisor", "The last rate is the peak divided by this number. "
                         "1: no fall. The larger it is, the closer the run comes to a "
                         "standstill.", 1.0, 1e6, 1e4, log=True)),
             _ONE_CYCLE),
)

SCHEDULES: dict[str, Schedule] = {entry.name: entry for entry in _ENTRIES}
