"""The command `rewind`, of the Playground and of the Agents page alike."""

from typing import Any

# Where it leads besides a step and None, which is now: whether forward.
BESIDE = {"back": False, "forth": True}


def rewind(stage: Any, run: Any, value: Any) -> None:
    """Show an earlier moment of `run` on its `stage`. value: not trusted; nonsense changes nothing.

    Args:
        stage: has the step of the `moment` that is shown, and `rewound`, the run as it was then.
        run: the shown run, with its moments (`core.runs.moments.KeptMoments`); None without one.
    """
    if run is None:
        return
    moments, found = run.history.moments, None
    if isinstance(value, str) and value in BESIDE:
        found = moments.beside(stage.moment, BESIDE[value])
    elif isinstance(value, int) and not isinstance(value, bool):
        found = moments.nearest(value)
    elif value is not None:
        return
    # The last one is what is shown now.
    last = moments.kept[-1] if moments.kept else None
    stage.rewound = run.at(found.step) if found and found is not last else None
