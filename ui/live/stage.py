"""Stage: what the commands of one page act on, and what the page shows of it."""

import math
import threading
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from core.datasets import Arrays, Dataset, DatasetUnavailable, available
from core.datasets.splits import test_set, training_set
from core.datasets.telling import telling_features
from core.lessons.attempt import Attempt
from core.lessons.touring import Tour
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation
from core.runs.run import Run
from ui.form import view
from ui.live import trying
from ui.live.weight_editor import WeightEditor
from ui.session.shown_runs import ShownRuns

PACES: dict[str, float | None] = {"Full speed": None, "1 epoch/s": 1.0, "2 epochs/s": 2.0,
                                  "5 epochs/s": 5.0, "20 epochs/s": 20.0, "100 epochs/s": 100.0}
# Small networks finish in milliseconds; at this pace a learner sees them learn.
FIRST_PACE = "20 epochs/s"
STEP_UNITS = {"step": "steps", "epoch": "epochs"}


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
        sample: the run that the page shows to learners without one; see `ui.session.sample`.
        automatic: the id of the run that Auto-train began last.
        weights: what the learner set by hand of the shown run's weights.
        questions: those about inputs of the learner's own.
        pressed: when the last command came, by `time.monotonic`.
        details: whether the page shows tables of the layers and the data, which follow the shown run.
        lesson: where the learner stands in the lesson that is open; None outside of one.
        told: what the page said of it when its script ran last, by `Attempt.seen`.
        tour: where the learner stands in the tour of the page.
        lock: held by each command. The page's script and each of its websockets have threads of their own.
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
    pressed: float = -math.inf
    details: bool = False
    questions: trying.Questions = field(default_factory=trying.Questions)
    view: dict[str, Any] = field(default_factory=view.defaults)
    drawn: Hashable = None
    rewound: Run | None = None
    sample: Run | None = None
    automatic: str = ""
    weights: WeightEditor = field(default_factory=WeightEditor)
    lesson: Attempt | None = None
    told: Hashable = None
    tour: Tour = field(default_factory=Tour)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _examples: tuple[Hashable, tuple[Arrays | None, Arrays | None]] = None, (None, None)

    def choose(self, config: RunConfig | None, problem: str = "") -> None:
        """Take over what the sidebar says now."""
        self.choices, self.problem = config, problem
        if config is not None:
            self.own.expect(config)

    @property
    def seen(self) -> Run | None:
        """The shown run as the stage shows it: as it is now, or at an earlier moment."""
        return self.as_seen(self.own.shown)

    def as_seen(self, run: Run | None) -> Run | None:
        """The shown run `run` as the stage shows it."""
        rewound = self.rewound
        return rewound if run and rewound and rewound.id == run.id else run

    @property
    def evaluation(self) -> Evaluation | None:
        """What the stage shows of the test set: of edited weights, where there are some."""
        run = self.seen or self.sample
        return (self.weights.evaluation(run) or run.history.evaluation) if run else None

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

    @property
    def untold(self) -> bool:
        """Whether the page has to say something else of the lesson."""
        return self.lesson is not None and self.lesson.seen(self.own.runs, self.own.shown) != self.told

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
        """Start a run with the pace and the features chosen; None if it is refused.

        In a lesson, the prediction comes first.
        """
        if self.lesson is not None and self.lesson.missing:
            self.own.refused = self.lesson.missing
            return None
        controls = Controls(pace=PACES[self.pace], features=self.columns(config.data),
                            example=self.view["example"])
        return self.own.start(config, controls, paused)

    def grant(self, run: Run) -> None:
        """One step or epoch more for the shown run, which is paused."""
        unit = STEP_UNITS[self.unit]
        self.own.control(**{unit: getattr(run.controls, unit) + 1})
