"""A run in words and numbers: what stands beside the curves, as plain data."""

import math
from collections.abc import Collection, Sequence
from typing import Any

from core.charts.numbers import percent
from core.evaluation import metrics
from core.palette import RUN_COLORS
from core.results import Evaluation, History, Progress
from core.run import Run

NONE = "–"
# word, and a sign that tells the statuses apart without their colours
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
LONG_EPOCH_SECONDS = 1.0
READY = {"status": "ready", "word": "Ready", "sign": "○", "progress": 0.0, "busy": False,
         "sentence": "Choose what to try on the left, or just press Train."}


def status(run: Run | None) -> dict[str, Any]:
    """The status of a run: word, sign, sentence, progress from 0 to 1, and named numbers.

    The names and their order are always the same, and what is not known is `–`: nothing that was true
    earlier only is shown, such as the time left of a run that is paused.
    """
    if run is None:
        return {**READY, "numbers": _named({})}
    word, sign = WORDS[run.status]
    return {"status": run.status, "word": word, "sign": sign, "sentence": sentence(run),
            "progress": float(f"{min(_done(run) / run.config.epochs, 1.0):.4g}"),
            "busy": run.status in ("waiting", "compiling"), "numbers": _named(_numbers(run))}


def sentence(run: Run) -> str:
    """What to know about the run now: its message where there is one, else what its status means."""
    history = run.history
    message = run.message or (history.finished.message if history.finished else "")
    if message:
        return message
    if run.status == "waiting":
        return f"Number {run.place} in the queue." if run.place else "Starts as soon as there is room."
    if run.status == "finished" and history.evaluation and history.evaluation.complete:
        return (f"{percent(history.evaluation.accuracy)} of {history.evaluation.examples} test examples, "
                "which it never trained on, are right.")
    return SENTENCES.get(run.status, "All epochs are done.")


def report(evaluation: Evaluation | None, classes: Sequence[str]) -> dict[str, Any]:
    """Precision, recall, F1 and support a class, once all test examples were evaluated; `–` until then."""
    columns = ["Class", "Precision", "Recall", "F1", "Examples"]
    if evaluation is None or not evaluation.complete:
        return {"columns": columns, "rows": [[name, *[NONE] * 4] for name in classes],
                "note": "At the end of a run"}
    found = metrics(evaluation.matrix)
    rows = [[name, percent(one.precision), percent(one.recall), percent(one.f1), str(one.support)]
            for name, one in zip(classes, found.classes, strict=True)]
    return {"columns": columns, "rows": rows,
            "note": f"{percent(found.accuracy)} of all {evaluation.examples} test examples right"}


def strip(runs: Sequence[Run], shown: str | None, overlaid: Collection[str]) -> list[dict[str, Any]]:
    """The runs for the strip, in the order given."""
    chips = []
    for run in runs:
        word, sign = WORDS[run.status]
        found = run.history.evaluation
        chips.append({"id": run.id, "name": run.name, "color": RUN_COLORS[run.slot % len(RUN_COLORS)],
                      "status": run.status, "word": word, "sign": sign, "shown": run.id == shown,
                      "overlaid": run.id in overlaid,
                      "accuracy": percent(found.accuracy) if found and found.complete else NONE})
    return chips


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
    """Seconds until the last epoch, at the mean speed so far and not faster than the pace asked for.

    NaN where it cannot be known: before the first progress, and unless the run is training.
    """
    progress = run.history.progress
    if run.status != "training" or progress is None or not progress.epoch or not progress.seconds:
        return math.nan
    an_epoch = progress.seconds / progress.epoch
    if run.controls.pace is not None:
        an_epoch = max(an_epoch, 1 / run.controls.pace)
    return max(run.config.epochs - progress.epoch, 0.0) * an_epoch


NAMES = ("Epoch", "Step", "Time left", "Examples / s", "Training time", "Compile time", "Loss", "Accuracy",
         "Val. loss", "Val. accuracy", "Test loss", "Test accuracy")


def _named(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": values.get(name, NONE)} for name in NAMES]


def _done(run: Run) -> float:
    progress = run.history.progress
    return progress.epoch if progress else 0.0


def _numbers(run: Run) -> dict[str, str]:
    history, values = run.history, {"Epoch": f"0 / {run.config.epochs}"}
    if history.compiled:
        values["Compile time"] = duration(history.compiled.seconds)
    if history.progress:
        now = history.progress
        values |= {"Epoch": f"{int(now.epoch + 1e-9)} / {run.config.epochs}", "Step": _thousands(now.step),
                   "Training time": duration(now.seconds), "Time left": duration(seconds_left(run))}
        loss, accuracy = _training(history, now, run.active)
        values |= {"Loss": _loss(loss), "Accuracy": percent(accuracy)}
        if now.seconds:
            values["Examples / s"] = _thousands(float(f"{now.examples / now.seconds:.3g}"))
    if history.epochs:
        _, _, _, loss, accuracy = history.epochs[-1]
        values |= {"Val. loss": _loss(loss), "Val. accuracy": percent(accuracy)}
    if history.evaluation and history.evaluation.complete:
        values |= {"Test loss": _loss(history.evaluation.loss),
                   "Test accuracy": percent(history.evaluation.accuracy)}
    return values


def _training(history: History, now: Progress, active: bool) -> tuple[float, float]:
    """Training loss and accuracy: of the last epoch, as it stands beside the validation's.

    In an epoch that takes seconds, of the last few steps: an epoch ago would be stale.
    """
    if history.epochs and (not active or now.seconds < now.epoch * LONG_EPOCH_SECONDS):
        return history.epochs[-1][1], history.epochs[-1][2]
    return now.loss, now.accuracy


def _loss(value: float) -> str:
    if not math.isfinite(value):
        return NONE
    return f"{value:.4f}" if abs(value) < 100 else f"{value:.3g}"


def _thousands(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f")
