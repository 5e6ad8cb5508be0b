"""Commands: what a learner's browser can ask of the stage, whether the stream brings it or a script run.

The stream's threads call `obey`, and so do the buttons that Streamlit draws where there is no stream. A
browser can send anything: every value is checked here, and runs are looked up among the browser's own.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from core.datasets import available
from core.errors import UserError
from core.runs.continuing import continued
from core.runs.controls import PACE
from core.runs.matrix_cells import examples_in, next_in
from core.runs.tried import check
from ui.form import view
from ui.live import touring, trying
from ui.live.rewinding import rewind
from ui.live.stage import PACES, STEP_UNITS, Stage
from ui.session.shown_runs import ShownRuns

# After these a learner wants to see the run as it is now.
GOES_ON = ("train", "resume", "step", "reset", "show")
AUTO = "auto"  # the value of a `train` that a changed choice caused, not a press


def obey(stage: Stage, name: Any, value: Any = None) -> None:
    """Carry out a command. Why it is refused stands in `own.refused`; nonsense has no effect."""
    command = COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        return
    with stage.lock:
        stage.own.refused, stage.pressed = None, time.monotonic()
        if name in GOES_ON:
            stage.rewound = None
        try:
            command(stage, value)
        except UserError as error:
            stage.own.refused = error.message


def _train(stage: Stage, value: Any) -> None:
    config, run = stage.choices, stage.own.shown
    if config is None:
        stage.own.refused = stage.cannot
    elif run and run.active and run.config == config:
        stage.own.control(paused=False)  # it trains already, or waits to go on
    elif available(config.dataset):
        begun = stage.begin(config)
        if begun and value == AUTO:
            # A run that began by itself ends by itself: ten changes leave one run training, not ten.
            if run and run.active and run.id == stage.automatic:
                stage.own.run_service.stop(stage.own.owner, run.id)
            stage.automatic = begun.id
    elif value != AUTO:
        stage.fetch = False


def _step(stage: Stage, _: Any) -> None:
    config, run = stage.choices, stage.own.shown
    if run is None or not run.active:
        if config is None:
            stage.own.refused = stage.cannot
            return
        if not available(config.dataset):
            stage.fetch = True
            return
        run = stage.begin(config, paused=True)
    if run and run.controls.paused:
        stage.weights.drop()
        stage.grant(run)


def _continue(stage: Stage, value: Any) -> None:
    """A new run of the choices that goes on from a run of this browser; from the shown one if none is named.

    value: a mapping of `at`, `edits` (see `core.runs.continuing`) and `run`, each of which may be left out.
    """
    asked = {} if value is None else value
    if not isinstance(asked, Mapping) or not set(asked) <= {"at", "edits", "run"}:
        return
    named = asked.get("run")
    run = stage.own.shown if named is None else next(
        (own for own in stage.own.runs if isinstance(named, str) and own.id == named), None)
    if run is None:
        stage.own.refused = "There is no run to continue from. Press Train first."
    elif stage.choices is None:
        stage.own.refused = stage.cannot
    else:
        edits, at = asked.get("edits"), asked.get("at")
        if at is None and run is stage.own.shown:
            at = stage.moment
        stage.begin(continued(run, stage.choices, at, () if edits is None else edits))


def _resume(stage: Stage, _: Any) -> None:
    stage.weights.drop()
    stage.own.control(paused=False)


def _pace(stage: Stage, value: Any) -> None:
    if isinstance(value, str) and value in PACES:
        stage.pace, pace = value, PACES[value]
        stage.own.control(pace=None if pace is None else PACE.check(pace))


def _unit(stage: Stage, value: Any) -> None:
    if isinstance(value, str) and value in STEP_UNITS:
        stage.unit = value


def _features(stage: Stage, value: Any) -> None:
    config = stage.followed
    if config is None or not isinstance(value, list | tuple) or len(value) != 2:
        return
    count = len(config.data.features)
    pair = [column for column in value if isinstance(column, int) and not isinstance(column, bool)
            and 0 <= column < count]
    if len(pair) == 2 and pair[0] != pair[1]:
        stage.features_of, stage.features = config.data.key, (pair[0], pair[1])
        stage.own.regions(stage.features)


def _view(stage: Stage, value: Any) -> None:
    if not isinstance(value, Mapping) or not set(value) <= set(view.VIEW):
        return
    stage.view = stage.view | {name: view.VIEW[name].check(given) for name, given in value.items()}
    if "example" in value:
        stage.own.look_at(stage.view["example"])


def _cell(stage: Stage, value: Any) -> None:
    """Choose the first test example in a cell of the confusion matrix; the next one if one of it is chosen.

    value: indices of the true and of the predicted class.
    """
    run, evaluation = stage.seen or stage.sample, stage.evaluation
    if run is None or evaluation is None or not isinstance(value, list | tuple) or len(value) != 2:
        return
    classes, (test, _) = len(run.config.data.classes), stage.examples(run.config)
    if test is None or any(isinstance(label, bool) or not isinstance(label, int) or not 0 <= label < classes
                           for label in value):
        return
    found = next_in(examples_in(evaluation, test.y, (value[0], value[1])), stage.view["example"])
    if found is not None:
        _view(stage, {"example": found})


def _try(stage: Stage, value: Any) -> None:
    # What asks nothing more always counts.
    if value is not None and not stage.questions.take():
        return
    seen = stage.seen
    asked = trying.read(value)
    if asked is not None and seen is not None:
        check(asked, seen.config.data)
    stage.questions.newest = asked
    if seen is None or not seen.rewound:
        stage.own.try_it(asked)


def _of_run(act: Callable[[ShownRuns, str], None]) -> Callable[[Stage, Any], None]:
    """A command whose value names a run."""
    def command(stage: Stage, value: Any) -> None:
        if isinstance(value, str):
            act(stage.own, value)

    return command


def _sketch(stage: Stage, value: Any) -> None:
    """Take over the curves that the learner drew before the first run: heights by curve."""
    if stage.lesson is not None and isinstance(value, Mapping):
        for curve in stage.lesson.lesson.prediction.curves:
            if curve in value:
                stage.lesson.sketch(curve, value[curve])


COMMANDS: Mapping[str, Callable[[Stage, Any], None]] = {
    "train": _train,
    "pause": lambda stage, _: stage.own.control(paused=True),
    "resume": _resume,
    "step": _step,
    "continue": _continue,
    "stop": lambda stage, _: stage.own.stop(),
    "reset": lambda stage, _: stage.own.reset(),
    "pace": _pace,
    "unit": _unit,
    "features": _features,
    "view": _view,
    "cell": _cell,
    "try": _try,
    "show": _of_run(ShownRuns.show),
    "overlay": _of_run(ShownRuns.overlay),
    "forget": _of_run(ShownRuns.forget),
    "edit": lambda stage, value: stage.weights.put(stage.seen, value),
    "rewind": lambda stage, value: rewind(stage, stage.own.shown, value),
    "sketch": _sketch,
    **touring.COMMANDS,
}
