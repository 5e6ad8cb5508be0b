"""A config that goes on from where a run is, or was."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.parameters import FieldError, short_repr
from core.runs.config import RunConfig
from core.runs.dense_steps import dense_steps
from core.runs.run import Run
from core.runs.start import DEEPEST, KEPT, Start, depth

LOST = ("The loss of this run is no longer a number, and its weights are none either. Go back to an earlier "
        "moment, or press Train.")
TOO_DEEP = ("This run went on from a run that went on from another one, and such a chain cannot be longer. "
            "Continue from one of those runs instead.")


def continues(run: Run | None) -> bool:
    """Whether a run stands still somewhere, so that another one can go on from there."""
    return run is not None and run.status in ("paused", "stopped", "finished")


def continued(run: Run, choices: RunConfig, at: Any = None, edits: Any = ()) -> RunConfig:
    """`choices` with a start from `run`. Raises `FieldError`, in words, where that does not go together.

    Args:
        at: after how many of the run's steps; `KEPT` for the weights that it kept at its end; None for where
            it is now.
        edits: rows (path, flat index, value) of weights set by hand, see `Start`.
    """
    done = run.history.progress.step if run.history.progress else 0
    if (isinstance(at, str) and at != KEPT) or isinstance(at, bool) or not isinstance(at, int | str | None):
        raise FieldError("at", f'at must be a step, "{KEPT}" or null, got {short_repr(at)}.')
    if at is None or at == KEPT:
        at = KEPT if run.status == "finished" else done
    elif isinstance(at, int) and at > done:
        raise FieldError("at", f"This run has taken {done:,} steps, so it cannot be continued from step "
                         f"{short_repr(at)}.")
    if run.status == "diverged" and at == done:
        raise FieldError("at", LOST)
    before = run.config.start
    # What was frozen stays so, and what learned at a lower rate goes on with it.
    kept = {} if before is None else {"frozen": before.frozen, "rate_factor": before.rate_factor}
    start = Start(run.config, at, tuple(run.history.learning_rates), edits, **kept)
    _check_edits(run.config, start.edits)
    if depth(start) > DEEPEST:
        start = _joined(start, run.history.compiled.steps_per_epoch if run.history.compiled else 0)
    return choices.replaced(start=start)


def _joined(start: Start, each: int) -> Start:
    """The same weights with one start less: as one run of more epochs whose learning rate was changed.

    That is so where the run that it names went on from its own start in every way, with another learning rate
    and other epochs at most. Raises `FieldError` where it did not. each: steps in an epoch.
    """
    later, inner = start.config, start.config.start
    alike = replace(later, start=inner.config.start, epochs=inner.config.epochs,
                    learning_rate=inner.config.learning_rate) == inner.config
    slower = 1.0 if inner.config.start is None else inner.config.start.rate_factor
    if not (alike and each and inner.goes_on(later)) or inner.edits or later.patience \
            or later.schedule != "constant" or inner.rate_factor != slower:
        raise FieldError("start", TOO_DEEP)
    # That run may itself have begun in the middle of an epoch: its first one was what was left of it.
    offset = _offset(inner.config, each)
    before = inner.config.epochs * each - offset if inner.at == KEPT else inner.at
    taken = later.epochs * each - (offset + before) % each if start.at == KEPT else start.at
    rates = (*inner.learning_rates, (before, later.learning_rate),
             *((before + step, rate) for step, rate in start.learning_rates))
    config = inner.config.replaced(epochs=max(inner.config.epochs, -(-(offset + before + taken) // each)))
    return replace(start, config=config, at=before + taken, learning_rates=rates)


def _offset(config: RunConfig, each: int) -> int:
    """How many steps into an epoch a run begins whose start has none itself. each: steps in an epoch."""
    start = config.start
    return 0 if start is None or isinstance(start.at, str) or not start.goes_on(config) else start.at % each


def _check_edits(config: RunConfig, edits: Sequence[tuple[str, int, float]]) -> None:
    """Raises `FieldError` for weights that a dense network does not have; workers check the others."""
    steps = dense_steps(config)
    if steps is None:
        return
    sizes = {}
    for step in steps:
        for name, shape in (*step.trained, *step.others):
            sizes[name] = 1
            for side in shape:
                sizes[name] *= side
    for path, index, _ in edits:
        if index >= sizes.get(path, 0):
            raise FieldError("start.edits", f"This network has no weight number {index} in {path}.")
