"""Commands: what a learner's browser can ask of the stage, whether the stream brings it or a script run.

The stream's threads call `Stage.obey`, and so do the buttons that Streamlit draws where there is no stream. A
browser can send anything: every value is checked here, and runs are looked up among the browser's own.
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.datasets import Arrays, Dataset, DatasetUnavailable, available
from core.datasets.splits import test_set, training_set
from core.datasets.telling import telling_features
from core.errors import UserError
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.continuing import continued
from core.runs.controls import PACE, Controls
from core.runs.run import Run
from core.runs.tried import check
from ui.form import view
from ui.live import trying
from ui.live.weight_editor import WeightEditor
from ui.session.shown_runs import ShownRuns

PACES: dict[str, float | None] = {"Full speed": None, "1 epoch/s": 1.0, "2 epochs/s": 2.0,
                                  "5 epochs/s": 5.0, "20 epochs/s": 20.0, "100 epochs/s": 100.0}
# Small networks finish in milliseconds; at this pace a learner sees them learn.
FIRST_PACE = "20 epochs/s"
STEP_UNITS = {"step": "steps", "epoch": "epochs"}
# Where `rewind` leads besides a step and None, which is now: whether forward.
BESIDE = {"back": False, "forth": True}
# After these a learner wants to see the run as it is now.
GOES_ON = ("train", "resume", "step", "reset", "show")
AUTO = "auto"  # the value of a `train` that a changed choice caused, not a press


def pace_name(pace: float | None) -> str:
    """The name of a pace; the first one's if it has none."""
    return next((name for name, epochs in PACES.items() if epochs == pace), FIRST_PACE)


@dataclass
class Stage:
    """What the commands of one page act on: its runs, and the choices that Train would train.

    Attributes:
        own: the browser's runs, and which of them is shown.
        choices: what the sidebar says; None if that cannot be trained.
        problem: why it cannot; empty if it can.
        pace: a key of `PACES`.
        unit: of one press of Step, a key of `STEP_UNITS`.
        features_of: the dataset that `features` were chosen for.
        features: the two columns that the regions of a new run are drawn over.
        fetch: a dataset has to be downloaded first, which the page's script does: then whether the run begins
            paused; None if nothing has to be fetched.
        fetching: how far that is, as the learner reads it; empty if nothing is being fetched.
        view: how the stage is looked at, every field of `ui.form.view.VIEW`.
        kept: fields that the link locks or hides.
        drawn: what the page drew of its runs outside the panel, when its whole script ran last.
        rewound: the shown run as it was at an earlier moment, if that is shown; see `seen`.
        automatic: the id of the run that Auto-train began last.
        weights: what the learner set by hand of the shown run's weights.
        questions: those about inputs of the learner's own.
        details: whether the page shows tables of the layers and the data, which follow the shown run.
    """

    own: ShownRuns
    choices: RunConfig | None = None
    problem: str = ""
    pace: str = FIRST_PACE
    unit: str = "epoch"
    features_of: Hashable = None
    features: tuple[int, int] = (0, 1)
    fetch: bool | None = None
    fetching: str = ""
    kept: frozenset[str] = frozenset()
    details: bool = False
    questions: trying.Questions = field(default_factory=trying.Questions)
    view: dict[str, Any] = field(default_factory=view.defaults)
    drawn: Hashable = None
    rewound: Run | None = None
    automatic: str = ""
    weights: WeightEditor = field(default_factory=WeightEditor)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _examples: tuple[Hashable, tuple[Arrays | None, Arrays | None]] = None, (None, None)

    def choose(self, config: RunConfig | None, problem: str = "") -> None:
        """Take over what the sidebar says now."""
        self.choices, self.problem = config, problem
        if config is not None:
            self.own.expect(config)

    def obey(self, name: Any, value: Any = None) -> None:
        """Carry out a command. Why it is refused stands in `own.refused`; nonsense has no effect."""
        command = COMMANDS.get(name) if isinstance(name, str) else None
        if command is None:
            return
        # The page's script and each of its websockets have threads of their own.
        with self._lock:
            self.own.refused = None
            if name in GOES_ON:
                self.rewound = None
            try:
                command(self, value)
            except UserError as error:
                self.own.refused = error.message

    @property
    def seen(self) -> Run | None:
        """The shown run as the stage shows it: as it is now, or at an earlier moment."""
        return self.as_seen(self.own.shown)

    def as_seen(self, run: Run | None) -> Run | None:
        """The shown run `run` as the stage shows it."""
        rewound = self.rewound
        return rewound if run and rewound and rewound.id == run.id else run

    @property
    def moment(self) -> int | None:
        """The step of the earlier moment that the stage shows; None where it shows the run as it is now."""
        run = self.seen
        evaluation = run.history.evaluation if run and run is self.rewound else None
        return evaluation.step if evaluation else None

    @property
    def cannot(self) -> str:
        """Why the choices cannot be trained, as the learner reads it."""
        return f"These choices cannot be trained yet. {self.problem}".strip()

    @property
    def followed(self) -> RunConfig | None:
        """What the panel shows: the shown run's settings, or the choices where there is no run."""
        run = self.own.shown
        return run.config if run else self.choices

    def columns(self, dataset: Dataset) -> tuple[int, int]:
        """The two features that regions of a new run on `dataset` are drawn over."""
        if self.features_of == dataset.key and max(self.features) < len(dataset.features):
            return self.features
        if len(dataset.features) < 2 or not dataset.classes:
            return 0, 1  # nothing is drawn over them
        return telling_features(dataset)

    def examples(self, config: RunConfig) -> tuple[Arrays | None, Arrays | None]:
        """The test examples and, where numbers are predicted, the training examples; None until loaded."""
        data, preparation = config.data, config.preparation
        if self._examples[0] == config.examples_key:
            return self._examples[1]
        try:
            if not available(config.dataset):
                return None, None
            found = test_set(data, preparation), None if data.classes else training_set(data, preparation)
        except (DatasetUnavailable, FieldError):
            return None, None
        self._examples = config.examples_key, found
        return found

    def begin(self, config: RunConfig, paused: bool = False) -> Run | None:
        """Start a run with the pace and the features chosen; None if it is refused."""
        controls = Controls(pace=PACES[self.pace], features=self.columns(config.data),
                            example=self.view["example"])
        return self.own.start(config, controls, paused)

    def grant(self, run: Run) -> None:
        """One step or epoch more for the shown run, which is paused."""
        unit = STEP_UNITS[self.unit]
        self.own.control(**{unit: getattr(run.controls, unit) + 1})


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


def _try(stage: Stage, value: Any) -> None:
    asked, seen = trying.read(value), stage.seen
    # What asks nothing more always counts.
    if asked is not None and not stage.questions.take():
        return
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


def _rewind(stage: Stage, value: Any) -> None:
    run = stage.own.shown
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
    "try": _try,
    "show": _of_run(ShownRuns.show),
    "overlay": _of_run(ShownRuns.overlay),
    "forget": _of_run(ShownRuns.forget),
    "edit": lambda stage, value: stage.weights.put(stage.seen, value),
    "rewind": _rewind,
}
