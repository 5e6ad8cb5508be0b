"""The run bar, its slider and the axes of the regions: what can be pressed, and what is chosen."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from core.datasets.dataset import Dataset
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.continuing import continues
from core.runs.run import BaseRun, Run
from core.runs.start import KEPT, Start
from core.views.patches import Patch
from core.views.start_words import going_on

DIFFERENT = "The run shown below has other settings. Train starts a run with yours."


@lru_cache(maxsize=256)
def _onward(config: RunConfig, choices: RunConfig, stays: bool) -> str:
    """What "Continue from here" would do with the shown run's settings, or why it cannot.

    stays: whether the run stands at a step, not at the weights that it kept at its end.
    """
    try:
        begun = choices.replaced(start=Start(replace(config, start=None), 0 if stays else KEPT))
    except FieldError as error:
        return error.message
    return f"Starts a run with your settings and this run's weights. {going_on(begun)}"


def enabled(run: BaseRun[Any, Any, Any] | None, choices: object, same: bool | None = None) -> dict[str, bool]:
    """Which buttons can be pressed.

    Args:
        choices: what Train would train; None if that cannot be trained.
        same: whether these are the run's settings; compared if left out.
    """
    active = run is not None and run.active
    paused = run is not None and active and run.controls.paused
    going = active and not paused
    same = run is not None and run.config == choices if same is None else same
    return {"train": choices is not None and not (going and same), "pause": going, "resume": paused,
            "step": not going and choices is not None, "stop": active, "reset": run is not None}


def primary(run: Run | None, choices: RunConfig | None) -> str:
    """The one button that stands out: Train, or Pause or Resume for a run of the very choices."""
    if run is None or not run.active or not _alike(run.config, choices):
        return "train"
    return "resume" if run.controls.paused else "pause"


@lru_cache(maxsize=256)
def _alike(config: RunConfig, choices: RunConfig | None) -> bool:
    """Whether these are the same settings; choices do not say what a run starts from."""
    return config == choices or (choices is not None and config.start is not None and choices.start is None
                                 and replace(config, start=None) == choices)


def run_bar(run: Run | None, choices: RunConfig | None, pace: str, unit: str, refused: str | None,
            menus: dict[str, list[str]], view: dict[str, Any], rewound: bool = False,
            fetching: str = "") -> Patch:
    """The part of the page that says what the run bar shows.

    Args:
        pace, unit: what is chosen there.
        refused: why the last press had no effect.
        menus: the options of `pace` and `unit`.
        view: how the stage is looked at, as a link says it.
        rewound: whether an earlier moment of the run is shown: it can be continued from there.
        fetching: how far a download is, as the learner reads it.
    """
    can, first = enabled(run, choices), primary(run, choices)
    differs = run is not None and not _alike(run.config, choices)
    shown = f"Shown: {run.config.data.label}, {run.name}." if run and differs else ""
    content: dict[str, Any] = {
        # Pause or Resume stand beside Train while a run of other settings is active.
        "shown": [first, *(name for name in ("pause", "resume") if can[name] and name != first)],
        "enabled": [name for name, can_be in can.items() if can_be], "primary": first,
        "pace": pace, "unit": unit,
        "menus": menus, "note": refused or fetching or shown,
        "refused": bool(refused),
        # What was refused or is being fetched opens over the page: the bar may have no room for it.
        "over": bool(refused or fetching),
        # Where the choices are refused, the sidebar says why; its settings would still help.
        "continues": (continues(run) or rewound) and choices is not None,
        "onward": _onward(run.config, choices, rewound or run.status != "finished")
        if run and choices else "",
        "adopts": differs and not refused, "view": view,
        # Changes with the choices: what Auto-train waits for.
        "choices": Patch(choices.key, dict).version if choices else ""}
    return Patch(tuple(map(str, content.values())), lambda: content)


def rewind(run: Run | None, moment: int | None) -> Patch:
    """The part that says what the slider of the run bar spans: the steps of a run, as far as it went.

    moment: the step of the earlier moment that is shown; None for none. How far an active run is says the
    status.
    """
    history = run.history if run else None
    if run is None or history is None or history.compiled is None or history.progress is None:
        return Patch(None, lambda: {"steps": 0, "each": 1, "epochs": 0, "at": None, "can": False})
    each = history.compiled.steps_per_epoch
    steps = each * run.config.epochs if run.active else history.progress.step
    content = {"steps": steps, "each": each, "epochs": run.config.epochs, "at": moment,
               "can": len(history.moments.kept) > 1}
    return Patch((run.id, *content.values()), lambda: content)


def axes(dataset: Dataset, features: tuple[int, int], free: bool = True) -> Patch:
    """The part that says which features the regions are drawn over; no names where there are none.

    free: whether they can be chosen.
    """
    # Of two there is nothing to choose.
    names = list(dataset.features) if free and dataset.has_regions and len(dataset.features) > 2 else []
    return Patch((dataset.key, features, free), lambda: {"features": names, "pair": list(features)})
