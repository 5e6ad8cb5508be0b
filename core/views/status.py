"""A run in words and numbers, as plain data: what the page shows beside the curves."""

import math
from typing import Any

from core.formatting import amount, number, percent
from core.metrics.measures import MEASURES, Measure
from core.runs.evaluations import Evaluation
from core.runs.events import Progress
from core.runs.history import History
from core.runs.run import Run
from core.views.start_words import started

NONE = "–"
# A word, and a sign that distinguishes the statuses without colour.
WORDS = {"waiting": ("Waiting", "◷"), "compiling": ("Compiling", "⚙"), "training": ("Training", "▶"),
         "paused": ("Paused", "❚❚"), "stopped": ("Stopped", "■"), "finished": ("Finished", "✓"),
         "diverged": ("Diverged", "⚠"), "failed": ("Failed", "✕")}
SENTENCES = {
    "compiling": "Keras builds the network and JAX compiles it; then it learns.",
    "training": "The curves show what it has learned so far.",
    "paused": "Resume goes on, Step takes a single step or epoch.",
    "stopped": "What it has learned so far stays here.",
    "diverged": "The loss is no longer a number. Lower the learning rate.",
    "failed": "The run could not go on. Try again, or choose a smaller network."}
# While nothing is known of the start yet.
STARTING = ("Two networks are compiled and trained: first the one that this run starts from, unless that was "
            "done before, then this one.")
LONG_EPOCH_SECONDS = 1.0
# Its numbers say nothing yet, or nothing any more: the line says what to know instead.
IN_WORDS = ("waiting", "compiling", "diverged", "failed")
READY = {"status": "ready", "word": "Ready", "sign": "○", "progress": 0.0, "busy": False, "line": [],
         "sentence": "Choose what to try on the left, or just press Train."}
# What differs for the sample, which belongs to nobody.
SAMPLE = {"status": "ready", "word": "Example", "sign": "✦", "line": [], "progress": 0.0,
          "sentence": "A finished run of these settings. Press Train to watch your own."}


def status(run: Run | None, task: str = "classification") -> dict[str, Any]:
    """The status of a run as plain data: word, sign, sentence, progress from 0 to 1, and named numbers.

    `line` has the places of those few numbers that the status line shows; where it is empty, the sentence
    stands there.

    The numbers of a task always have the same names in the same order. Unknown ones are `–`, and so is what
    is no longer true, such as the time left of a paused run. Only test-set results, which take longer, may be
    from an earlier epoch than the rest; then their names say which.

    task: which numbers to name if there is no run.
    """
    if run is None:
        return {**READY, "numbers": _named({}, MEASURES[task])}
    tested, shown = tested_epoch(run), run.history.epochs
    behind = run.status != "finished" and tested is not None and shown and tested < shown[-1][0]
    word, sign = WORDS[run.status]
    if run.status == "compiling" and run.history.starting:
        word = "Starting"
    return {"status": run.status, "word": word, "sign": sign,
            "sentence": f"{sentence(run)} {started(run)}".strip(),
            "line": _line(run), "progress": float(f"{min(_done(run) / run.config.epochs, 1.0):.4g}"),
            "busy": run.status in ("waiting", "compiling"),
            "numbers": _named(_numbers(run), _measure(run), f", epoch {tested}" if behind else "")}


def rewound(run: Run, live: Run) -> dict[str, Any]:
    """What the status says otherwise at an earlier moment of a run. live: the run as it is now."""
    epochs = epochs_at(run.history, run.history.evaluation.step) if run.history.evaluation else 0.0
    at = f"{epochs:.1f}".removesuffix(".0")
    goes_on = "The run trains on. " if live.status == "training" else ""
    _, *others = status(run)["numbers"]
    last = STEP if others[VALIDATION - 1]["value"] == NONE else VALIDATION
    return {"status": "rewound", "word": "Rewound", "sign": "↶", "busy": False,
            "progress": status(live)["progress"], "line": [*WATCHED, last],
            "numbers": [{"name": "Epoch", "value": f"{at} / {run.config.epochs}"}, *others],
            "sentence": f"At epoch {at} (rewound). {goes_on}"
                        "Move the slider to its end to see the run as it is now."}


def tested_epoch(run: Run) -> int | None:
    """How many epochs were done at the last evaluation on the test set; None before the first.

    Counted as the status does it: two numbers for one step would contradict each other.
    """
    found = run.history.evaluation
    return _whole(epochs_at(run.history, found.step)) if found else None


def epochs_at(history: History, step: int) -> float:
    """How many epochs were done after `step`, as the curves have it: a start may lie within an epoch."""
    each = history.compiled.steps_per_epoch if history.compiled else 1
    return next((epoch for at, epoch, *_ in reversed(history.steps) if at <= step), step / each)


def _whole(epochs: float) -> int:
    return int(epochs + 1e-9)


def sentence(run: Run) -> str:
    """What to know about the run now: its message if it has one, else what its status means."""
    history = run.history
    message = run.message or (history.finished.message if history.finished else "")
    if message:
        return message
    if run.status == "compiling" and history.starting:
        then = " Then it pauses." if run.controls.paused else ""
        return f"Training the start: step {history.starting.done:,} of {history.starting.steps:,}.{then}"
    if run.status == "compiling" and run.config.start is not None:
        return STARTING
    if run.status == "waiting":
        return f"Number {run.place} in the queue." if run.place else "Starts as soon as there is room."
    if run.status == "finished" and history.evaluation and history.evaluation.complete:
        return _result(history.evaluation)
    return SENTENCES.get(run.status, "All epochs are done.")


def _result(evaluation: Evaluation) -> str:
    """The run's result on the whole test set, in one sentence."""
    numbers, examples = evaluation.numbers, amount(evaluation.examples, "test example")
    back = evaluation.reconstructions
    if back is not None and back.anomalous is not None and math.isfinite(back.area):
        return (f"An anomaly has a larger error than a normal example in {percent(back.area)} of all pairs "
                f"of {examples}, which it never trained on (the area under the ROC curve).")
    if back is not None:
        return (f"It gives back {examples}, which it never trained on, with an error of "
                f"{number(evaluation.metric)}; always answering the mean has {number(back.guess)}.")
    words = evaluation.guesses
    if words is not None:
        return (f"It guesses {percent(evaluation.metric)} of the words hidden in {examples}, which it never "
                f"trained on; always saying “{words.usual}” gets {percent(words.guess)}.")
    if numbers is None:
        return f"{percent(evaluation.metric)} of {examples}, which it never trained on, are right."
    first = f"R² {numbers.r2:.2f} on {examples}" if math.isfinite(numbers.r2) else f"Tried on {examples}"
    return f"{first}, which it never trained on; mean absolute error {number(numbers.mae)}."


def duration(seconds: float) -> str:
    """Seconds in words, never longer than 8 characters: `0.42 s`, `12 s`, `3:05 min`, `1:02 h`."""
    if not math.isfinite(seconds) or seconds < 0:
        return NONE
    if seconds < 9.95:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"


def seconds_left(run: Run) -> float:
    """Seconds until the last epoch, at the mean speed so far but no faster than the pace asked for.

    NaN if unknown: before the first progress, or unless the run is training.
    """
    progress = run.history.progress
    if run.status != "training" or progress is None or not progress.epoch or not progress.seconds:
        return math.nan
    an_epoch = progress.seconds / progress.epoch
    if run.controls.pace is not None:
        an_epoch = max(an_epoch, 1 / run.controls.pace)
    return max(run.config.epochs - progress.epoch, 0.0) * an_epoch


# Places in the list of numbers: epoch, loss and metric; the step; the time left; the loss on the validation
# set; the test set's metric.
WATCHED, STEP, LEFT, VALIDATION, TESTED = (0, 6, 7), 1, 2, 8, 11
TIMES = ("Epoch", "Step", "Time left", "Examples / s", "Training time", "Compile time")


def _measure(run: Run) -> Measure:
    return MEASURES[run.config.data.task]


def _tested(found: Evaluation, measure: Measure) -> str:
    return measure.write(found.metric)


def _named(values: dict[str, str], measure: Measure, late: str = "") -> list[dict[str, str]]:
    """Each name with its value. late: what the names of the test set's figures end with."""
    names = (*TIMES, "Loss", measure.name, "Val. loss", f"Val. {measure.later}",
             "Test loss", f"Test {measure.later}")
    return [{"name": name + late * (name.startswith("Test ") and name in values),
             "value": values.get(name, NONE)} for name in names]


def _line(run: Run) -> list[int]:
    """Places of the numbers to watch: what is left, in a pause the step, at the end the test result."""
    last = STEP if run.status == "paused" else LEFT if run.active else TESTED
    return [] if run.status in IN_WORDS else [*WATCHED, last]


def _done(run: Run) -> float:
    progress = run.history.progress
    return progress.epoch if progress else 0.0


def _numbers(run: Run) -> dict[str, str]:
    history, measure, values = run.history, _measure(run), {"Epoch": f"0 / {run.config.epochs}"}
    if history.compiled:
        values["Compile time"] = duration(history.compiled.seconds)
    if history.progress:
        now = history.progress
        values |= {"Epoch": f"{_whole(now.epoch)} / {run.config.epochs}", "Step": _thousands(now.step),
                   "Training time": duration(now.seconds), "Time left": duration(seconds_left(run))}
        loss, accuracy = _training(history, now, run.active)
        values |= {"Loss": _loss(loss), measure.name: measure.write(accuracy)}
        if now.seconds:
            values["Examples / s"] = _thousands(float(f"{now.examples / now.seconds:.3g}"))
    if history.epochs:
        _, _, _, loss, accuracy = history.epochs[-1]
        values |= {"Val. loss": _loss(loss), f"Val. {measure.later}": measure.write(accuracy)}
    if history.evaluation and history.evaluation.complete:
        values |= {"Test loss": _loss(history.evaluation.loss),
                   f"Test {measure.later}": _tested(history.evaluation, measure)}
    return values


def _training(history: History, now: Progress, active: bool) -> tuple[float, float]:
    """Training loss and accuracy of the last epoch, to match those of validation.

    In an epoch that takes seconds, those of the last few steps: an epoch ago would be out of date.
    """
    if history.epochs and (not active or now.seconds < now.epoch * LONG_EPOCH_SECONDS):
        return history.epochs[-1][1], history.epochs[-1][2]
    return now.loss, now.metric


def _loss(value: float) -> str:
    if not math.isfinite(value):
        return NONE
    return f"{value:.4f}" if 0.01 <= abs(value) < 100 or not value else f"{value:.3g}"


def _thousands(value: float) -> str:
    return f"{value:,.0f}"
