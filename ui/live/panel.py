"""The live part of the Playground page: what is new in its runs is drawn in place."""

from collections.abc import Callable

import streamlit as st

from core.datasets import Arrays, DatasetUnavailable, available
from core.datasets.splits import test_set, training_set
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.views.run_panel import RunPanel, parts
from ui.form import form_state, schedule
from ui.live import actions, coach, stream
from ui.live.component import Choose, live_panel, streamed_panel
from ui.session import runs
from ui.session.presses import ignore_echo

# Between two updates (see `stream.PageView`) of a page that waits for its table of layers, for a first point,
# for the learner, or for nothing but what another tab of the same browser does.
SUMMARY_SECONDS, FIRST_SECONDS, PAUSED_SECONDS, IDLE_SECONDS = 0.5, 0.03, 0.2, 2.0
# Between two looks of a page without a stream. Each costs the browser 50-70 ms of Streamlit's work; between
# them the panel moves the curves (static/live_lines.js).
LOOK_SECONDS = 0.5


# The shown run, what the buttons depend on of each run, and whether the table of layers is awaited.
Drawn = tuple[str | None, tuple[tuple[str, bool, bool], ...], bool]


def state(config: RunConfig | None, sight: runs.ShownRuns | None = None) -> Drawn:
    """What the page draws of its runs outside the panel; when that changes, the page must run again."""
    sight = sight or runs.sight()
    run = sight.shown
    return (run.id if run else None, tuple((run.id, run.active, run.controls.paused) for run in sight.runs),
            config is not None and sight.run_service.summary(config) is None)


def draw(config: RunConfig, drawn: Drawn) -> None:
    """The live panel. drawn: the `state` from before the page drew the rest.

    The stream tells the browser what is new. Without a stream, this fragment looks every `LOOK_SECONDS`.
    """
    chosen, streams = _chosen(), stream.available()
    awaited = drawn[2] or any(run.active for run in runs.all_runs())
    every = LOOK_SECONDS if awaited and not streams else None

    def tick() -> None:
        # The choices too: a tick may bring what was typed before the page's own run does.
        if (state(config), _chosen(), stream.available()) != (drawn, chosen, streams):
            st.rerun()
        sight = runs.sight()
        sight.run_service.touch(sight.owner)
        show, overlay = _of(sight, runs.show), _of(sight, ignore_echo("overlay", runs.overlay))
        if streams:
            streamed_panel("live", stream.register(_view(config, sight, drawn)), show, overlay, coach.take,
                           stream.report_unreachable)
            return
        live_panel("live", _panel(config, sight)(), show, overlay, coach.take)

    st.fragment(tick, run_every=every)()


def _of(sight: runs.ShownRuns, choose: Choose) -> Choose:
    """`choose` for the learner's own runs: a browser can send anything."""
    return lambda run_id: choose(run_id) if any(run.id == run_id for run in sight.runs) else None


def _view(config: RunConfig, sight: runs.ShownRuns, drawn: Drawn) -> stream.PageView:
    """What the stream sends about this page."""
    rate = runs.service().rate

    def on_cost(seconds: float) -> None:
        sight.run_service.touch(sight.owner)
        if seconds:
            rate.note(seconds)

    def pause() -> float:
        own = [run for run in sight.runs if run.active]
        if not own:
            return SUMMARY_SECONDS if sight.run_service.summary(config) is None else IDLE_SECONDS
        if all(run.status == "paused" for run in own):
            return max(PAUSED_SECONDS, rate.look(stream.pages()))
        seconds = rate.look(sight.run_service.going())
        awaited = any(run.history.progress is None for run in own)
        return FIRST_SECONDS if awaited and seconds == rate.soonest else seconds

    panel = _panel(config, sight)
    return stream.PageView(lambda: parts(panel()), lambda: state(config, sight), drawn, pause, on_cost)


def _panel(config: RunConfig, sight: runs.ShownRuns) -> Callable[[], RunPanel]:
    """Makes what the panel shows at the time when it is called, from whatever thread."""
    run = sight.shown
    followed = run.config if run else config
    (test, training), data = _examples(followed), followed.data
    features = actions.features(data)
    return lambda: RunPanel(
        dataset=data, shown=run, overlaid=sight.overlaid, runs=tuple(sight.runs), examples=test,
        examples_name=followed.examples_key, training=training,
        features=run.controls.features if run else features,
        schedule=schedule.of_run(run), config=config)


def _examples(config: RunConfig) -> tuple[Arrays | None, Arrays | None]:
    """The test examples and, where numbers are predicted, the training examples; None until loaded."""
    data, preparation = config.data, config.preparation
    try:
        if not available(config.dataset):
            return None, None
        return test_set(data, preparation), None if data.classes else training_set(data, preparation)
    except (DatasetUnavailable, FieldError):
        return None, None


def _chosen() -> str:
    try:
        return form_state.config().key
    except FieldError as error:
        return error.message
