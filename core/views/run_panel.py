"""The live panel of a run: builds the message to the browser, part by part."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from core.charts import (
    LOSS,
    MEASURES,
    ScheduleCurve,
    in_axes_of,
    loss_curve,
    overlaid_traces,
    schedule_curve,
)
from core.datasets.dataset import Arrays, Dataset
from core.metrics.measures import Quantity
from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation
from core.runs.matrix_cells import Cell, cell_of
from core.runs.run import Run
from core.runs.shown_layers import shown_layers
from core.runs.weight_edits import UNEDITED, EditedWeights
from core.views.coach_card import coach_card, coach_card_key
from core.views.edited import edit_state
from core.views.network import NOT_KEPT, network, network_weights
from core.views.panel_layout import TASK_LAYOUTS, Examples
from core.views.patches import Patch, diff
from core.views.run_chips import run_chips
from core.views.status import SAMPLE, rewound, status, tested_epoch
from core.views.try_it import items, tried, try_it, try_it_key

# A part with nothing to show: its card is not there.
HIDDEN = {"hidden": True, "about": ""}


@dataclass(frozen=True)
class RunPanel:
    """What the live panel shows.

    Attributes:
        dataset: of the shown run, or the one chosen in the form.
        shown: the run whose status, curves and predictions are drawn.
        live: the run as it is now, if `shown` is an earlier moment of it (`Run.at`); else None.
        overlaid: runs whose curves are drawn behind it.
        runs: all runs, for the row of buttons that selects one.
        examples: the test set, for tables in the features' own units; None until it is loaded.
        examples_name: distinguishes one `examples` from another, such as by the seed.
        features: the two columns to draw.
        training: the examples the shown run learns from, in their own units, if a picture needs them;
            `examples_name` covers them too.
        schedule: its learning rates over the whole run; None if their chart is not shown.
        config: what is chosen; its network is drawn while there is no run.
        problem: why the choices have no network of their own to draw; empty if they have.
        example: index of the chosen test example.
        kept: fields that the link locks or hides; the coach cannot change them.
        sample: whether `shown` is the sample for learners without a run.
        first: what a lesson asks for before its first run; empty outside of one.
        edited: what was set by hand of the shown run's weights; matrix, predictions and report follow it.
    """

    dataset: Dataset
    shown: Run | None = None
    live: Run | None = None
    overlaid: tuple[Run, ...] = ()
    runs: tuple[Run, ...] = ()
    examples: Arrays | None = None
    examples_name: Hashable = 0
    features: tuple[int, int] = (0, 1)
    training: Arrays | None = None
    schedule: ScheduleCurve | None = None
    config: RunConfig | None = None
    problem: str = ""
    example: int = 0
    kept: frozenset[str] = frozenset()
    sample: bool = False
    first: str = ""
    edited: EditedWeights = UNEDITED


def parts(view: RunPanel) -> dict[str, Patch]:
    """The panel's parts by name. Making them is cheap; only `build` is expensive."""
    run, data, places = view.shown, view.dataset, TASK_LAYOUTS[view.dataset.task]
    own = run.history.evaluation if run else None
    evaluation = view.edited.evaluation or own
    said = status(run, data.task) | (SAMPLE if view.sample else {})
    if run is None and view.first:
        said["sentence"] = view.first
    if run and view.live:
        said |= rewound(run, view.live)
    chips = run_chips(view.runs, run.id if run else None, {other.id for other in view.overlaid}, data.task)
    # Curves of another task have another scale.
    overlaid = tuple(other for other in view.overlaid
                     if (run is None or other.id != run.id) and other.config.data.task == data.task)
    seen, examples = _evaluation_key(run, view.edited), (view.examples is not None, view.examples_name)
    complete = seen if evaluation and evaluation.complete else None
    config, maps = run.config if run else view.config, own and own.maps
    # Of one frame: the example that the maps are of, which may not yet be the one that was chosen.
    example = maps.example if maps else view.example
    cell = _cell(view, evaluation, example)
    advised = None if view.sample else run
    edits, curves = edit_state(view.edited, run), (_curve_key(run), _curve_key(view.live))
    return {
        "status": Patch(tuple(said.items()), lambda: said),
        "coach": Patch(coach_card_key(advised, view.runs, view.kept),
                       lambda: coach_card(advised, view.runs, view.kept)),
        "runs": Patch(tuple(tuple(chip.values()) for chip in chips), lambda: {"chips": chips}),
        "loss_curve": Patch(curves, lambda: _whole(view, loss_curve(run), LOSS)),
        "accuracy_curve": Patch((data.task, data.target, curves),
                                lambda: _whole(view, places.curve(data, run), MEASURES[data.task].quantity)),
        "overlaid": Patch((data.task, *(_curve_key(other) for other in overlaid)), lambda: {
            "loss_curve": overlaid_traces(overlaid, LOSS),
            "accuracy_curve": overlaid_traces(overlaid, MEASURES[data.task].quantity)}),
        "confusion_matrix": Patch((data.key, seen, cell), lambda: {"cell": cell} | _dated(
            view, places.matrix(data, evaluation))),
        "predictions": Patch((data.key, seen, examples, view.training is not None, view.features),
                            lambda: _dated(view, places.predictions(data, _examples(view), evaluation))),
        "report": Patch((data.key, complete, examples, view.training is not None),
                       lambda: _dated(view, places.report(data, _examples(view), evaluation))),
        "network": Patch((config and config.key, examples, example, view.problem), lambda: network(
            config, view.examples, example) | ({"note": view.problem} if view.problem else {})),
        "network_weights": Patch((_network_key(run), edits), lambda: _network_weights(run) | edits),
        "try_it": Patch(try_it_key(config, examples, run), lambda: try_it(config, view.examples, run)),
        **tried(run), **items(config),
        "schedule_curve": Patch(_schedule_key(view), lambda: _schedule(view)),
    }


def message(view: RunPanel, sent: Mapping[str, str]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """What to send, and the versions that the browser will then have: see `core.views.patches`."""
    return diff(parts(view), sent)


def _examples(view: RunPanel) -> Examples:
    return Examples(view.examples, view.training, view.features)


def _dated(view: RunPanel, content: dict[str, Any]) -> dict[str, Any]:
    """Test-set results of an active run, with the epoch they are from: curves may be further.

    Those of edited weights say so.
    """
    run = view.shown
    if view.edited.evaluation and content.get("note"):
        return content | {"note": f"Edited weights. {content['note']}"}
    # A rewound run is of one step, which the status names.
    epoch = tested_epoch(run) if run and run.active and not run.rewound else None
    if epoch is None or not content.get("note"):
        return content
    return content | {"note": f"Epoch {epoch}. {content['note']}"}


def _cell(view: RunPanel, evaluation: Evaluation | None, example: int) -> Cell | None:
    """The cell of the confusion matrix in which the chosen example is counted."""
    if evaluation is None or view.examples is None or not view.dataset.classes:
        return None
    return cell_of(evaluation, view.examples.y, example)


def _whole(view: RunPanel, curve: dict[str, Any], quantity: Quantity) -> dict[str, Any]:
    return in_axes_of(curve, view.live, quantity) if view.live else curve


def _curve_key(run: Run | None) -> Hashable:
    if run is None:
        return None
    history = run.history
    return (run.id, run.attempt, run.slot, run.active, len(history.steps), len(history.epochs),
            len(history.learning_rates), history.compiled is None)


def _network_key(run: Run | None) -> Hashable:
    found = run.history.evaluation if run else None
    # The layers' outputs may come later than the rest, or be about another example at the same step.
    return run and (run.id, run.attempt, _not_kept(run),
                    # At the end a run may take back the weights of an earlier step: the loss tells.
                    found and (found.step, found.loss, found.maps and (found.maps.example, found.maps.fine)))


def _network_weights(run: Run | None) -> dict[str, Any]:
    return NOT_KEPT if run and _not_kept(run) else network_weights(run.history.evaluation if run else None)


def _not_kept(run: Run) -> bool:
    """Whether it is shown at a moment at which nobody knows what its layers gave."""
    history, found = run.history, run.history.evaluation
    if not run.rewound or history.weights is not None or found is None or found.maps is not None:
        return False
    return bool(shown_layers(run.config))


def _evaluation_key(run: Run | None, edited: EditedWeights) -> Hashable:
    found = edited.evaluation or (run.history.evaluation if run else None)
    if run is None or found is None:
        return None
    regions = found.regions
    return (run.id, run.attempt, run.active, found.step, found.loss, found.examples, found.complete,
            edited.evaluation is not None,
            regions and (regions.features, regions.low, regions.high))


def _schedule(view: RunPanel) -> dict[str, Any]:
    if view.schedule is None:
        return HIDDEN
    return schedule_curve(view.schedule.rates, _position(view), view.schedule.steps_per_epoch)


def _schedule_key(view: RunPanel) -> Hashable:
    return view.schedule and (view.schedule.name, _position(view))


def _position(view: RunPanel) -> float | None:
    """Epochs that the shown run has done, as precise as the chart; None without a run."""
    progress = view.shown.history.progress if view.shown else None
    return float(f"{progress.epoch:.4g}") if progress else None
