"""The live part of the Playground page: what is new in its runs is drawn in place."""

import time
from collections.abc import Hashable, Mapping
from functools import partial

import streamlit as st

from core.errors import UserError
from core.runs.config import RunConfig
from core.runs.continuing import continued, continues
from core.views.lesson_line import first, lesson_line
from core.views.patches import Patch
from core.views.run_bar import axes, rewind, run_bar
from core.views.run_panel import RunPanel, parts
from core.views.sketch import sketch
from core.views.tour_card import tour_card
from ui.form import form_state, schedule
from ui.live import actions, coach, commands, open_pages, stream, touring
from ui.live.component import live_panel, streamed_panel
from ui.live.stage import PACES, STEP_UNITS, Stage, pace_name
from ui.session import lessons, link_runs, runs, script_runs
from ui.session.presses import ignore_echo
from ui.session.sample import SampleRun

# Between two updates (see `open_pages.PageView`) of a page that waits for a first point, for the maps of an
# earlier moment, for the learner, or for nothing but what another tab of the same browser does.
FIRST_SECONDS, LOOKING_SECONDS, PAUSED_SECONDS, IDLE_SECONDS = 0.03, 0.1, 0.2, 2.0
# What a press does is looked for as often as a first point, for this long: the worker obeys within 30 ms.
PRESSED_SECONDS = 0.5
# Between two looks of a page without a stream. Each costs the browser 50-70 ms of Streamlit's work; between
# them the panel moves the curves (static/live_lines.js).
LOOK_SECONDS = 0.5
# The parts of the run bar, which only a page with a stream has.
BAR_PARTS = ("bar", "axes", "rewind")
DEFAULT = RunConfig()
STAGE = "_stage"


def stage() -> Stage:
    """The stage of this session: the same object in every run of the script."""
    own = runs.sight()
    found: Stage | None = st.session_state.get(STAGE)
    if found is None:
        found = st.session_state[STAGE] = Stage(own)
    found.lesson = lessons.attempt()
    opened = form_state.opened_view()
    found.view = opened or found.view
    found.kept = form_state.locked() | form_state.hidden()
    touring.prepare(found, opened is not None)
    return found


def draw(stage: Stage) -> None:
    """The live panel.

    The stream tells the browser what is new, and brings the learner's commands. Without a stream, this
    fragment looks every `LOOK_SECONDS`.
    """
    drawn, streams = state(stage, stream.available()), stream.available()
    stage.drawn = drawn
    awaited = drawn[-1] or any(run.active for run in stage.own.runs)

    def obey(name: str, value: object) -> None:
        actions.obey(stage, name, value)

    def advise(name: str) -> None:
        coach.take(name, stage.seen)

    def adopt(named: str, starts: bool) -> None:
        own = stage.own
        if run := next((run for run in own.runs if run.id == named), None) if named else own.shown:
            try:
                at = stage.moment if run is own.shown else None
                form_state.load(continued(run, run.config, at) if starts else run.config, (run.config,))
            except UserError as error:
                own.refused = error.message

    def tick() -> None:
        with script_runs.of_session().counted():
            # The coach or a run's settings may have filled the sidebar anew.
            if (state(stage, streams), stream.available()) != (drawn, streams) \
                    or form_state.config_or_none() != stage.choices:
                st.rerun()
            stage.own.run_service.touch(stage.own.owner)
            if streams:
                streamed_panel("live", follow(stage), obey, advise, adopt, stream.report_unreachable)
            else:
                # The page has buttons and menus of its own.
                found = {name: part for name, part in panel_parts(stage).items() if name not in BAR_PARTS}
                live_panel("live", found, ignore_echo("command", obey), advise, adopt)

    st.fragment(tick, run_every=LOOK_SECONDS if awaited and not streams else None)()


def follow(stage: Stage) -> str:
    """Tell the stream what the page shows from now on; returns the key by which the browser asks for it.

    What the page drew outside the panel is from the last run of the whole script: the sidebar draws none of
    it.
    """
    streams = stream.available()
    stage.own.run_service.on_awaited(open_pages.wake)
    return open_pages.register(open_pages.PageView(
        render=lambda: panel_parts(stage, runs.service().sample), state=lambda: state(stage, streams),
        page_state=stage.drawn,
        seconds=lambda: _pause(stage), on_cost=lambda seconds: _on_cost(stage, seconds),
        obey=partial(commands.obey, stage), held=script_runs.of_session().under_way,
        owner=stage.own.owner))


def state(stage: Stage, streams: bool) -> tuple[Hashable, ...]:
    """What the page draws of its runs outside the panel; when that changes, the page must run again."""
    run, own = stage.own.shown, stage.own
    followed = stage.followed
    shown = followed.key if stage.details and followed else None
    awaited = shown is not None and followed is not None \
        and own.run_service.questions.summary(followed) is None
    # Without a stream, an answer is seen by looking again.
    awaited = awaited or (not streams and stage.weights.waiting)
    what_waits = (stage.untold, stage.tour.wants is not None, stage.fetch,
                  link_runs.strange(run, stage.choices) if not streams else None, shown, awaited)
    if streams:
        return what_waits
    # The buttons depend on all of this.
    return ((run.id if run else None, tuple((run.id, run.active, run.controls.paused) for run in own.runs)),
            stage.choices and stage.choices.key, *what_waits)


def panel_parts(stage: Stage, sample: SampleRun | None = None) -> Mapping[str, Patch]:
    """What the panel shows now; called from whatever thread. sample: shown to learners without a run."""
    own = stage.own
    run = own.shown
    seen = stage.as_seen(run)
    own.look_late(run)
    own.look_back(seen, run.controls.example if run else 0)
    stage.questions.look(seen, own.run_service.questions)
    stage.tour.look(touring.scene(stage))
    example = sample.run() if sample and not own.runs and stage.choices == DEFAULT else None
    stage.sample = example
    followed = run.config if run else stage.choices or DEFAULT
    (test, training), data = stage.examples(followed), followed.data
    features = run.controls.features if run else stage.columns(data)
    panel = RunPanel(
        dataset=data, shown=seen or example, live=run if seen is not run else None, sample=bool(example),
        first=first(stage.lesson),
        overlaid=own.overlaid, runs=tuple(own.runs), examples=test, training=training,
        examples_name=followed.examples_key, features=features, schedule=schedule.of_run(seen),
        config=followed, problem="" if run or stage.choices else stage.cannot,
        example=stage.view["example"], kept=stage.kept,
        edited=stage.weights.view(seen, own.run_service.questions, continues(run) or seen is not run))
    menus = {"pace": list(PACES), "unit": list(STEP_UNITS)}
    # After F5 the session is new, and the run goes on at its own pace.
    pace = pace_name(run.controls.pace) if run and run.active else stage.pace
    return {"bar": run_bar(run, stage.choices, pace, stage.unit, own.refused, menus,
                           stage.view, seen is not run, stage.fetching),
            "rewind": rewind(run, stage.moment if seen is not run else None),
            # The regions of the sample, and those of an earlier moment, are what they are.
            "axes": axes(data, features, free=not example and seen is run),
            "sketch": sketch(stage.lesson, run), "lesson": lesson_line(stage.lesson, own.runs),
            "tour": tour_card(stage.tour, touring.offered(stage)),
            **parts(panel)}


def _pause(stage: Stage) -> float:
    """Seconds between two updates, as the page's runs and the server's load allow."""
    rate, own = runs.service().rate, [run for run in stage.own.runs if run.active]
    pressed = time.monotonic() - stage.pressed < PRESSED_SECONDS
    if pressed or stage.weights.waiting or stage.fetching or stage.questions.waiting(stage.seen):
        return max(FIRST_SECONDS, rate.look(open_pages.pages()))
    if stage.own.looking:
        return max(LOOKING_SECONDS, rate.look(open_pages.pages()))
    if not own:
        return IDLE_SECONDS
    if all(run.status == "paused" for run in own):
        return max(PAUSED_SECONDS, rate.look(open_pages.pages()))
    seconds = rate.look(stage.own.run_service.going())
    awaited = any(run.history.progress is None for run in own)
    return FIRST_SECONDS if awaited and seconds == rate.soonest else seconds


def _on_cost(stage: Stage, seconds: float) -> None:
    stage.own.run_service.touch(stage.own.owner)
    if seconds:
        runs.service().rate.note(seconds)
