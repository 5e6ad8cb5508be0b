"""A stored run as a run again, which stands on the stage as it ended."""

from collections.abc import Mapping
from typing import Any

from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.events import Compiled, Finished, Progress
from core.runs.history import History
from core.runs.moments import Moment, Moments
from core.runs.run import Run
from core.store.packing import Curves
from core.store.record import StoredRun


def reopened(kept: StoredRun, owner: str, curves: Curves, moment: Mapping[str, Any]) -> Run:
    """A stored run as the stage shows it. Raises `FieldError` if this version refuses its configuration.

    moment: from `unpack_moment`; without one the stage shows its curves alone.
    """
    config = RunConfig.from_dict(dict(kept.config))
    rows = [tuple(row[:4]) for row in curves.steps.tolist()]
    seconds = curves.steps[:, 4].tolist()
    parts = dict(moment)
    if not parts and rows:
        step, epoch, loss, metric = rows[-1]
        parts = {"compiled": Compiled(0.0, kept.results.parameters or 0, max(1, curves.steps_per_epoch)),
                 "progress": Progress(int(step), epoch, loss, metric, seconds[-1], 0)}
    progress, evaluation = parts.get("progress"), parts.get("evaluation")
    ended = Finished(progress.step if progress else 0, kept.status, kept.message,
                     progress.seconds if progress else 0.0)
    history = History(rows, [tuple(row) for row in curves.epochs.tolist()], list(curves.learning_rates),
                      finished=ended, seconds=seconds, **parts)
    if evaluation:
        history.moments = Moments().added(Moment(evaluation, history.probe, progress, len(rows),
                                                 len(history.epochs), len(history.learning_rates)))
    regions, maps = evaluation and evaluation.regions, evaluation and evaluation.maps
    controls = Controls(features=regions.features if regions else (0, 1), example=maps.example if maps else 0)
    return Run(kept.id, owner, config, 0, controls, kept.status, kept.message, created=kept.created,
               ended=kept.ended, history=history)
