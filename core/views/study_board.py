"""The board of a study: its cards and what they show."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from core.charts.landscape import importance, landscape, parallel
from core.charts.learning import learning_curve, learning_table
from core.charts.repeats import (
    KEPT,
    epochs_told,
    fold_curves,
    folds_matrix,
    folds_table,
    seed_band,
    tests_spread,
)
from core.charts.trials import best_so_far, shown, trial_curves
from core.formatting import amount, number
from core.runs.config import RunConfig
from core.studies.learning import LearningCurve
from core.studies.objective import best, importances, ranked
from core.studies.search import Search
from core.studies.space import written
from core.studies.study import (
    DIVERGED,
    DROPPED,
    FAILED,
    STATES,
    VAL_LOSS,
    WAITING,
    Member,
    Study,
    StudyResults,
)
from core.views.patches import Patch
from core.views.status import WORDS, duration

# Pictures that are slow to make and to draw are updated only this often, in seconds.
SLOWER = 2.0
BEST_ROWS = 10
COMPILING = "Each kind of network is compiled once; then all networks of that kind train together."
# Of a study whose networks begin with what another one has learned.
STARTING = ("The network that they start from is compiled and trained first, once for all of them, "
            "unless that was done before.")
SENTENCES = {"waiting": "Starts as soon as there is room.",
             "training": "Networks of the same kind train together.",
             "stopped": "Stopped. The results so far stay here.", "finished": "All networks are trained."}
WAYS = {"together": "Trained as one program each", "side by side": "Trained network by network"}


@dataclass(frozen=True)
class Card:
    """A card on a board.

    Attributes:
        name, title: its key, and its heading.
        kind: "chart", "table" or "status".
        wide: over the whole width.
        moves: a chart of lines only, which Plotly need not redraw for each update (static/live_lines.js).
    """

    name: str
    title: str
    kind: str = "chart"
    wide: bool = False
    moves: bool = False


STATUS = Card("status", "", "status", True)
SEARCH_CARDS = (STATUS, Card("curves", "All trials", moves=True),
                Card("landscape", "Results over two parameters"), Card("best", "Best so far"),
                Card("importance", "What matters"), Card("parallel", "All parameters", wide=True),
                Card("trials", "Best trials", "table", True))
SEEDS_CARDS = (STATUS, Card("loss", "Loss"), Card("metric", "Accuracy"), Card("tests", "Test", wide=True))
FOLDS_CARDS = (STATUS, Card("loss", "Loss"), Card("metric", "Accuracy"),
               Card("matrix", "Confusion matrix of all folds", wide=True),
               Card("folds", "Folds", "table", True))

LEARNING_CARDS = (STATUS, Card("curve", "Learning curve", wide=True), Card("sizes", "Sizes", "table", True))


@dataclass(frozen=True)
class StudySnapshot:
    """A study at one moment: all members that have results. Its arrays are replaced, never written to."""

    members: tuple[Member, ...]
    results: StudyResults

    @classmethod
    def of(cls, study: Study) -> "StudySnapshot":
        """The study as it is now, while another thread continues it."""
        # Members are added before their results, so there are at least as many.
        results, members = study.results, study.members
        return cls(members[:len(results)], results)


@dataclass(frozen=True)
class Picks:
    """A learner's choices for the picture of a search: two axes by their fields, and what cells show."""

    across: str
    upward: str
    combined: str = "best"


def search_parts(study: Study | None, search: Search, picks: Picks) -> dict[str, Patch]:
    """The parts of a search's board; without a study, empty ones."""
    seen, key, slow = _seen(study)
    name, goal = study.id if study else "", search.goal
    return {
        "status": _status_part(study, lambda: _search_numbers(search, seen())),
        "curves": Patch(key, lambda: trial_curves(goal, seen().results, search.config.epochs, name)),
        "best": Patch(key, lambda: best_so_far(goal, seen().results, name)),
        "landscape": Patch((slow, picks), lambda: landscape(
            search, seen().members, seen().results, picks.across, picks.upward, picks.combined, name)),
        "importance": Patch(slow, lambda: importance(search, importances(
            search.axes, seen().members, goal, seen().results))),
        "parallel": Patch(slow, lambda: parallel(search, seen().members, seen().results, name)),
        "trials": Patch(slow, lambda: best_table(search, seen().members, seen().results)),
    }


def seeds_parts(study: Study | None, config: RunConfig) -> dict[str, Patch]:
    """The parts of the board for one config with many seeds."""
    seen, key, slow = _seen(study)
    name = study.id if study else ""
    return {
        "status": _status_part(study, lambda: _repeat_numbers(
            "Seeds", "Mean test loss", seen(), seen().results.test_loss)),
        "loss": Patch(key, lambda: seed_band("loss", config, seen().results, name)),
        "metric": Patch(key, lambda: seed_band("metric", config, seen().results, name)),
        "tests": Patch(slow, lambda: tests_spread(config, seen().members, seen().results, name)),
    }


def learning_parts(study: Study | None, config: RunConfig) -> dict[str, Patch]:
    """The parts of the board of a learning curve."""
    seen, _, slow = _seen(study)
    method = study.method if study is not None else None
    ways, name = method.ways if isinstance(method, LearningCurve) else (), study.id if study else ""
    return {
        "status": _status_part(study, lambda: _repeat_numbers(
            "Trainings", "Mean test loss", seen(), seen().results.test_loss)),
        "curve": Patch(slow, lambda: learning_curve(config, ways, seen().members, seen().results, name)),
        "sizes": Patch(slow, lambda: learning_table(config, ways, seen().members, seen().results)),
    }


def folds_parts(study: Study | None, config: RunConfig) -> dict[str, Patch]:
    """The parts of the board of a cross-validation; no confusion matrix where numbers are predicted."""
    seen, key, slow = _seen(study)
    name = study.id if study else ""
    matrix = (lambda: folds_matrix(config, seen().results)) if config.data.classes else (
        lambda: {"hidden": True, "about": ""})
    return {
        "status": _status_part(study, lambda: _repeat_numbers(
            "Folds", "Mean validation loss", seen(), seen().results.judged(VAL_LOSS, config.patience > 0))),
        "loss": Patch(key, lambda: fold_curves("loss", config, seen().members, seen().results, name)),
        "metric": Patch(key, lambda: fold_curves("metric", config, seen().members, seen().results, name)),
        "matrix": Patch(slow, matrix),
        "folds": Patch(slow, lambda: folds_table(config, seen().members, seen().results)),
    }


def _seen(study: Study | None) -> tuple[Callable[[], StudySnapshot], Hashable, Hashable]:
    """The study now, read only when needed; keys for parts that follow each change, and for the others."""
    if study is None:
        return lambda: StudySnapshot((), StudyResults.empty(0, 1, 0)), None, None
    version, active = study.version, study.active
    # While everything is still compiling, nothing changes.
    moves = active and bool(study.results.done.any())
    return (cache(lambda: StudySnapshot.of(study)), (study.id, version, active),
            (study.id, (time.time() - study.created) // SLOWER if moves else version, active))


def _status_part(study: Study | None, numbers: Callable[[], list[dict[str, str]]]) -> Patch:
    if study is None:
        return Patch(None, lambda: {"status": "ready", "word": "Ready", "sign": "○", "progress": 0.0,
                                   "busy": False, "sentence": "Nothing has been trained yet.", "numbers": []})
    elapsed = (study.ended or time.time()) - study.created
    elapsed = round(elapsed, 1) if elapsed < 10 else round(elapsed)
    key = (study.id, study.version, study.status, study.message, elapsed if study.active else None)
    return Patch(key, lambda: _status(study, numbers(), elapsed))


def _status(study: Study, numbers: list[dict[str, str]], elapsed: float) -> dict[str, Any]:
    word, sign = WORDS[study.status]
    trained, planned = int(study.results.done.sum()), study.method.plan.epochs
    progress = 1.0 if study.status == "finished" else min(trained / max(planned, 1), 1.0)
    left = _left(study, trained, planned, study.created + elapsed) if study.active else float("nan")
    ways = "".join(f" {WAYS[way]}: {amount(count, 'group')}."
                   for way, count in study.ways.items() if way in WAYS)
    compiling = study.status == "training" and not trained
    queued = f"Number {study.place} in the queue." if study.place else ""
    first = COMPILING if study.method.config.start is None else STARTING
    said = study.message or queued or (first if compiling else SENTENCES.get(study.status, ""))
    return {"status": study.status, "word": word, "sign": sign, "progress": float(f"{progress:.4g}"),
            "busy": study.active and not trained, "sentence": f"{said}{ways}",
            "numbers": [*numbers, {"name": "Epochs in all", "value": f"{trained:,} of {planned:,}"},
                        {"name": "Time", "value": duration(elapsed)},
                        {"name": "Time left", "value": duration(left)}]}


def _left(study: Study, trained: int, planned: int, now: float) -> float:
    """About how many seconds a study still needs at its pace so far; NaN while it is too early to say.

    Waiting in the queue does not count. Compiling does, for as long as some members have not started: their
    networks may have to be compiled too. After that, the pace is that since the first epochs.
    """
    since, first = study.began or study.created, 0
    if study.first is not None and not (study.results.states == WAITING).any():
        since, first = study.first
    if trained - first <= 0.02 * planned:
        return float("nan")
    return (now - since) * max(planned - trained, 0) / (trained - first)


def _search_numbers(search: Search, seen: StudySnapshot) -> list[dict[str, str]]:
    states, first = seen.results.states, best(search.goal, seen.results)
    value = float(search.goal.values(seen.results)[first]) if first is not None else float("nan")
    return [{"name": "Trials", "value": str(len(seen.members))},
            {"name": "Dropped, diverged", "value": f"{int((states == DROPPED).sum())}, "
             f"{int(np.isin(states, (DIVERGED, FAILED)).sum())}"},
            {"name": "Best so far", "value": shown(search.goal, value)}]


def _repeat_numbers(name: str, of: str, seen: StudySnapshot, values: np.ndarray) -> list[dict[str, str]]:
    there = values[np.isfinite(values)]
    mean = number(float(there.mean())) if len(there) else "–"
    return [{"name": name, "value": str(len(seen.members))},
            {"name": "Ended", "value": str(int((seen.results.states > 1).sum()))},
            {"name": of, "value": mean}]


def best_table(search: Search, members: tuple[Member, ...], results: StudyResults) -> dict[str, Any]:
    """The best trials with their values. actions: the number of each, for the button in its row."""
    order = ranked(search.goal, results)[:BEST_ROWS]
    values, kept = search.goal.values(results), results.kept(search.goal.early_stopping)
    rows = [[str(trial + 1), shown(search.goal, float(values[trial])),
             *(written(axis.field, value) for axis, value in
               zip(search.axes, members[trial].values, strict=True)),
             epochs_told(int(kept[trial]), int(results.done[trial])), STATES[int(results.states[trial])]]
            for trial in map(int, order)]
    columns = ["Trial", search.goal.label.capitalize(), *map(search.label, search.axes), "Epochs", "State"]
    note = "The test set was not used" if rows else "They appear here as soon as there are results"
    return {"columns": columns, "rows": rows, "actions": [int(trial) for trial in order],
            "action": "Open in the Playground",
            "note": f"{note}. {KEPT}" if rows and search.goal.early_stopping else note}
