"""The live panel: what one message to the browser is made of, part by part."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from core.charts import (
    ACCURACY,
    LOSS,
    accuracy_curve,
    confusion_matrix,
    decision_regions,
    gallery,
    loss_curve,
    no_predictions,
    overlaid_traces,
)
from core.datasets.dataset import Arrays, Dataset
from core.run import Run
from core.status import report, status, strip


@dataclass(frozen=True)
class LivePanel:
    """What the panel shows.

    shown: the run whose status, curves and predictions are drawn. overlaid: runs whose curves lie
    behind them. runs: all runs, for the strip. dataset: of the shown run, or the one chosen.
    examples: its test set, for tables in the features' own units; None until it is loaded.
    examples_name: tells one `examples` from another, such as the seed. features: two columns.
    """

    dataset: Dataset
    shown: Run | None = None
    overlaid: tuple[Run, ...] = ()
    runs: tuple[Run, ...] = ()
    examples: Arrays | None = None
    examples_name: Hashable = 0
    features: tuple[int, int] = (0, 1)


@dataclass(frozen=True)
class Part:
    """One part of the panel. key: changes when the content does. build: makes the content."""

    key: Hashable
    build: Callable[[], dict[str, Any]]

    @property
    def version(self) -> str:
        return blake2b(repr(self.key).encode(), digest_size=6).hexdigest()


def parts(view: LivePanel) -> dict[str, Part]:
    """The panel's parts by name; making them is cheap, `build` is what costs."""
    run, data = view.shown, view.dataset
    evaluation = run.history.evaluation if run else None
    said, chips = status(run), strip(view.runs, run.id if run else None, {one.id for one in view.overlaid})
    overlaid = tuple(one for one in view.overlaid if run is None or one.id != run.id)
    seen = _evaluation_key(run)
    return {
        "status": Part(tuple(said.items()), lambda: said),
        "runs": Part(tuple(tuple(chip.values()) for chip in chips), lambda: {"chips": chips}),
        "loss_curve": Part(_curve_key(run), lambda: loss_curve(run)),
        "accuracy_curve": Part(_curve_key(run), lambda: accuracy_curve(run)),
        "overlaid": Part(tuple(_curve_key(one) for one in overlaid), lambda: {
            "loss_curve": overlaid_traces(overlaid, LOSS),
            "accuracy_curve": overlaid_traces(overlaid, ACCURACY)}),
        "confusion_matrix": Part((data.name, seen), lambda: confusion_matrix(evaluation, data.classes)),
        "predictions": Part((data.name, seen, view.examples is not None, view.examples_name, view.features),
                            lambda: _predictions(view)),
        "report": Part((data.name, seen if evaluation and evaluation.complete else None),
                       lambda: report(evaluation, data.classes)),
    }


def message(view: LivePanel, sent: Mapping[str, str]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """What to send, and the versions that the browser will then hold.

    sent: the versions it holds already; of those parts only the version is told again, so that a
    browser which holds something else can ask.
    """
    told, versions = {}, {}
    for name, part in parts(view).items():
        versions[name] = part.version
        told[name] = {"version": part.version}
        if sent.get(name) != part.version:
            told[name]["content"] = part.build()
    return told, versions


def _predictions(view: LivePanel) -> dict[str, Any]:
    evaluation = view.shown.history.evaluation if view.shown else None
    if view.examples is None:
        return no_predictions()
    if view.dataset.is_image:
        return gallery(view.dataset, view.examples, evaluation)
    return decision_regions(view.dataset, view.examples, view.features, evaluation)


def _curve_key(run: Run | None) -> Hashable:
    if run is None:
        return None
    history = run.history
    return (run.id, run.attempt, run.slot, run.active, len(history.steps), len(history.epochs),
            len(history.learning_rates), history.compiled is None)


def _evaluation_key(run: Run | None) -> Hashable:
    found = run.history.evaluation if run else None
    if run is None or found is None:
        return None
    regions = found.regions
    return (run.id, run.attempt, found.step, found.examples, found.complete,
            regions and (regions.features, regions.low, regions.high))
