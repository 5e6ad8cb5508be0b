"""Data of one update of the live panel, while a run grows to a thousand epochs."""

import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

from benchmarks.report import Cell, ReportTable
from core.datasets.splits import test_set
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.events import Compiled, EpochEnd, Progress
from core.runs.history import History
from core.runs.run import Run
from core.views.run_panel import RunPanel, message

EPOCHS = (10, 100, 1000)
REPEATS = 7
MOST_POINTS = 300
CURVES = ("loss_curve", "accuracy_curve")
Sent = tuple[dict[str, dict[str, Any]], dict[str, str]]


def made_up(config: RunConfig, reports: int, steps: int = 1000) -> Run:
    """A run with `reports` Progress an epoch of `steps` steps, and noise on curves that level off."""
    random, history = np.random.default_rng(0), History()
    history.append(Compiled(1.0, 1000, steps))
    for epoch in range(config.epochs):
        for report in range(1, reports + 1):
            done = epoch + report / reports
            loss = (1 + random.normal(0, 0.1)) / (1 + done)
            history.append(Progress(round(done * steps), done, loss, math.exp(-loss), done,
                                    round(done * 1000)))
        loss = (1 + random.normal(0, 0.1)) / (1 + epoch)
        history.append(EpochEnd(epoch + 1, (epoch + 1) * steps, loss, math.exp(-loss), 1.2 * loss,
                                math.exp(-1.2 * loss)))
    return Run("made-up", "benchmark", config, 0, Controls(), status="training", history=history)


def at(run: Run, epoch: int, steps: int = 0) -> Run:
    """`run` as it was when `epoch` ended, less the last `steps` events of each kind."""
    history = run.history
    rows = [row for row in history.steps if row[1] <= epoch + 1e-6]
    rows, ended = rows[:len(rows) - steps], history.epochs[:epoch - steps]
    seen = history.evaluation
    progress = history.progress and replace(history.progress, step=int(rows[-1][0]), epoch=rows[-1][1])
    return replace(run, status="training", history=replace(
        history, steps=rows, epochs=ended, progress=progress, finished=None,
        evaluation=seen and replace(seen, complete=False, step=int(rows[-1][0]))))


def update(run: Run, epoch: int) -> tuple[Mapping[str, Any], float]:
    """What a browser is told when `epoch` has ended, and the seconds that making it took, a median."""
    config, taken, told = run.config, [], {}

    def view(shown: Run) -> RunPanel:
        return RunPanel(config.data, shown, runs=(shown,),
                         examples=test_set(config.data, config.preparation))

    _, held = message(view(at(run, epoch, 1)), {})
    now = view(at(run, epoch))
    for _ in range(REPEATS):
        began = time.monotonic()
        told, _ = message(now, held)
        json.dumps(told)
        taken.append(time.monotonic() - began)
    return told, median(taken)


def points(told: Mapping[str, Any]) -> int:
    """Points of the longest trace."""
    return max(len(trace["x"]) for name in CURVES for trace in told[name]["content"]["traces"])


def growth(runs: Mapping[str, Run]) -> ReportTable:
    """Bytes, points and time of an update of each run at a few of its epochs."""
    rows: list[tuple[Cell, ...]] = []
    for name, run in runs.items():
        for epoch in EPOCHS:
            told, seconds = update(run, epoch)
            curves = sum(_bytes([told[curve]]) for curve in CURVES)
            rows.append((name, epoch, len(at(run, epoch).history.steps), _bytes([told]) / 1000, curves / 1000,
                         points(told), 1000 * seconds))
    return ReportTable(
        "One update as a run grows",
        ("run", "epoch", "reports so far", "update (KB)", "of it curves (KB)", "points of the longest curve",
         "to make it (ms)"), tuple(rows),
        f"Wanted: flat, and at most {MOST_POINTS} points. JSON before the connection compresses it; KB are "
        "1000 bytes. Every part that changes while training is in it.")


def _bytes(parts: Sequence[Any]) -> int:
    return sum(len(json.dumps(part, separators=(",", ":"))) for part in parts)
