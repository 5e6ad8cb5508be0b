"""A rewound run shows exactly what the page showed while it trained."""

import re

import core.datasets.splits as splits
from core.datasets.dataset import Arrays
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import Evaluation, Probe
from core.runs.events import MomentWeights
from core.runs.moments import MOST_WEIGHTS
from core.runs.run import Run
from core.settings import from_environment
from core.training.fit import fit
from core.views.run_panel import RunPanel, parts

STEPS = 6
# More than 2,000 weights: they do not travel with each evaluation.
LARGE = RunConfig(epochs=8, architecture_parameters={"hidden_units": (48, 40)})


def undated(built: dict) -> dict:
    """Without the epoch that a card names while a run trains: what is rewound is of one step."""
    for part in built.values():
        if "note" in part:
            part["note"] = re.sub(r"^Epoch \d+\. ", "", part["note"])
    return built


def shown(run: Run, examples: Arrays) -> dict:
    panel = RunPanel(run.config.data, run, examples=examples, config=run.config)
    built = {name: part.build() for name, part in parts(panel).items()}
    built["try_it"].pop("at")  # which moment a question is sent to, and nothing that is seen
    told = built["network_weights"].pop("note", None)  # why nothing is seen of the network
    assert told is None or run.history.weights is None
    return built


def axes(curve: dict) -> list[list[float]]:
    found = [curve["layout"][axis] for axis in ("xaxis", "yaxis")]
    return [axis.get("range") or axis["autorangeoptions"]["include"] for axis in found]


def test_a_run_at_a_step_shows_exactly_what_was_shown_at_that_step(subtests):
    for config in (RunConfig(epochs=9), RunConfig(dataset="sine", epochs=9), LARGE):
        with subtests.test(config.name):
            _rewinds(config)


def _rewinds(config: RunConfig) -> None:
    run, then = Run("run-1", "me", config, 0, Controls(), status="training"), {}
    data = splits.split(config.data, config.preparation)
    examples = splits.test_set(config.data, config.preparation)
    weighed, asked, controls = set(), set[int](), Controls(paused=True)
    mailbox = ControlsMailbox(controls)
    for event in fit(config, data, mailbox, from_environment({})):
        # However fast the machine is, each of the first epochs is evaluated.
        if isinstance(event, Evaluation) and event.step not in asked:
            asked.add(event.step)
            controls = controls.changed(paused=controls.epochs < STEPS, epochs=controls.epochs + 1)
            mailbox.set(controls)
        run.history.append(event)
        found = run.history.evaluation
        if isinstance(event, Evaluation | Probe) and found and found.step == event.step:
            then[event.step] = shown(run, examples)
        if isinstance(event, MomentWeights):
            weighed.add(event.step)
    run.status, run.ended = "finished", 2.0
    assert len(then) > STEPS
    assert len(run.history.moments.kept) == min(60, len(then))
    epochs = run.history.table("epochs")[:, [1, 3]]
    top = max(epochs.max(), run.history.table("steps")[:, 2].max())
    for moment in run.history.moments.kept:
        again = run.at(moment.step)
        assert again and again.history.evaluation is moment.evaluation
        assert shown(again, examples) == undated(then[moment.step])
        # The page draws both curves in the axes of the whole run, so that they stand still.
        ends = axes(parts(RunPanel(config.data, again, run))["loss_curve"].build())
        assert ends[0] == [0, config.epochs] and ends[1][0] <= epochs.min() * 1.001
        assert epochs.max() * 0.999 <= ends[1][1] <= top * 1.001
        assert (again.history.weights is not None) == (config != LARGE or moment.weights is not None
                                                       or moment is run.history.moments.kept[-1])
    held = [moment.step for moment in run.history.moments.kept if moment.weights is not None]
    assert set(held) <= weighed and len(held) == min(len(weighed), MOST_WEIGHTS)
