"""`ShownRuns`: the runs of one open page, which of them it shows, and what its buttons do with them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from core.cluster.run_service import Refused, RunService
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.dense_steps import weights_travel
from core.runs.run import Run
from core.runs.shown_layers import shown_layers
from core.runs.tried import Tried

NOTHING = ""  # stands for a run where none is shown, although there are some
# Of the ids in `ShownRuns.only`: more than the server keeps runs of a browser.
MOST_ONLY = 100


@dataclass
class ShownRuns:
    """The runs of one browser as one of its pages shows them.

    It contains nothing of Streamlit's: the page's script and the stream's threads use the same one.

    Attributes:
        owner: the browser's key.
        host: the client's address; empty if unknown.
        chosen: the run that the learner selected; `NOTHING` if a link was opened that has no run yet; None
            for the newest.
        laid: which runs the learner put behind the shown one, or removed.
        refused: why the last press of a button had no effect; None if it had.
        late: the id of the ended run whose missing maps were asked for last.
        only: ids of the only runs that are shown, those of a lesson, to which each new one is added; None for
            all.
        looking: the earlier moment whose missing maps a worker computes; None if nobody waits for any.
    """

    run_service: RunService
    owner: str
    host: str = ""
    chosen: str | None = None
    laid: dict[str, bool] = field(default_factory=dict)
    refused: str | None = None
    late: str = ""
    looking: Run | None = None
    only: list[str] | None = None

    @property
    def runs(self) -> list[Run]:
        """The runs of this browser that are shown, newest last."""
        runs, only = self.run_service.runs(self.owner), self.only
        return runs if only is None else [run for run in runs if run.id in only]

    @property
    def shown(self) -> Run | None:
        """The run that the page shows: the selected one, or the newest."""
        if self.chosen == NOTHING:
            return None
        runs = self.runs
        chosen = [run for run in runs if run.id == self.chosen]
        return chosen[0] if chosen else runs[-1] if runs else None

    @property
    def overlaid(self) -> tuple[Run, ...]:
        """The runs drawn behind the shown one: those the learner chose, and the last comparable one."""
        runs, own = self.runs, self.shown
        if own is None:
            return ()
        earlier = runs[:next((index for index, run in enumerate(runs) if run.id == own.id), 0)]
        before = next((run.id for run in reversed(earlier)
                       if run.status != "diverged" and run.comparable(own)), None)
        return tuple(run for run in runs
                     if run.id != own.id and self.laid.get(run.id, run.id == before))

    def show(self, run_id: str) -> None:
        """Show another run of this browser."""
        if self._own(run_id):
            self.chosen = run_id

    def overlay(self, run_id: str) -> None:
        """Draw a run's curves behind the shown one's, or remove them."""
        # Anyone could send any number of made-up ids, which would be kept as long as the session.
        if self._own(run_id):
            self.laid[run_id] = all(run.id != run_id for run in self.overlaid)

    def expect(self, config: RunConfig) -> None:
        """Note that the learner may soon train `config`."""
        self.run_service.expect(self.owner, config)

    def forget(self, run_id: str) -> None:
        """Take a run from the page, ending it first."""
        if self._own(run_id):
            self.laid.pop(run_id, None)
            self.chosen = None if self.chosen == run_id else self.chosen
            with self._refusals():
                self.run_service.remove(self.owner, run_id)

    def start(self, config: RunConfig, controls: Controls, paused: bool = False,
              replay: list[tuple[int, float]] | None = None) -> Run | None:
        """Start a run and show it; None if it is refused, and then `refused` says why.

        A run that the learner left paused makes room: it is stopped, and its curve stays.
        """
        before = self.shown
        with self._refusals():
            run = self.run_service.submit(self.owner, config, begins_paused=paused, controls=controls,
                                          replay=replay or (), host=self.host)
            if self.only is not None:
                self.only.append(run.id)
                del self.only[:-MOST_ONLY]
            self.chosen = run.id
            # Only now, so that no run is lost for one that was refused.
            if before and before.active and before.controls.paused:
                self.run_service.stop(self.owner, before.id)
            return run

    def control(self, **changes: Any) -> None:
        """Change the controls of the shown run, if it is still active."""
        run = self.shown
        if run and run.active:
            with self._refusals():
                self.run_service.control(self.owner, run.id, **changes)

    def stop(self) -> None:
        """Stop the shown run."""
        self.control(stopped=True)

    def reset(self) -> None:
        """Start the shown run again from its first weights, waiting at step 0; the old curve stays."""
        before = self.shown
        if before is None:
            return
        controls = Controls(pace=before.controls.pace, features=before.controls.features,
                            example=before.controls.example)
        run = self.start(before.config, controls, paused=True, replay=list(before.history.learning_rates))
        if run and before.active:
            with self._refusals():
                self.run_service.stop(self.owner, before.id)

    def regions(self, features: tuple[int, int]) -> None:
        """Draw the shown run's decision regions over two other features."""
        run = self.shown
        if run and run.active:
            self.control(features=features)
        elif run:
            with self._refusals():
                self.run_service.regions(self.owner, run.id, features)

    def look_at(self, example: int) -> None:
        """Show what the shown run's network makes of another test example."""
        run = self.shown
        if run and run.active:
            self.control(example=example)
        elif run:
            with self._refusals():
                self.run_service.maps(self.owner, run.id, example)

    def try_it(self, tried: Tried | None) -> None:
        """Ask the shown run's network about an input of the learner's own; None to ask nothing more."""
        run = self.shown
        if run:
            with self._refusals():
                self.run_service.try_it(self.owner, run.id, tried)

    def look_late(self, run: Run | None) -> None:
        """Ask once what the layers of an ended run give, if it was over before that could be computed."""
        found = run.history.evaluation if run else None
        if run is None or found is None or run.id == self.late or run.status not in ("finished", "stopped"):
            return
        if found.maps is None and found.weights is None and shown_layers(run.config):
            self.late = run.id
            with suppress(Refused, FieldError):
                self.run_service.maps(self.owner, run.id, run.controls.example)

    def look_back(self, seen: Run | None, example: int) -> None:
        """Ask for what the layers gave at an earlier moment if that was not kept, one question at a time."""
        asked, self.looking = self.looking or seen, None
        if asked is None or seen is None or not seen.rewound or not _lacks_maps(asked, example):
            return
        found = self.run_service.questions.maps_at(asked, example)
        if found is None:
            self.looking = asked
        elif asked.history.evaluation and asked.history.evaluation.maps is not found:
            asked.history.append(replace(asked.history.evaluation, maps=found))

    def _own(self, run_id: str) -> bool:
        return any(run.id == run_id for run in self.runs)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """A refusal inside this block is kept in `refused`."""
        try:
            yield
        except (Refused, FieldError) as error:
            self.refused = error.message


def _lacks_maps(run: Run, example: int) -> bool:
    """Whether its picture needs maps of this example that it does not have, and a worker can compute them."""
    history, found = run.history, run.history.evaluation
    if found is None or history.weights is None or weights_travel(run.config) or not shown_layers(run.config):
        return False
    return found.maps is None or found.maps.example != example
