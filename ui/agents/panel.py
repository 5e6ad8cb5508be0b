"""The live part of the Agents page: what is new in its runs is drawn in place."""

import time
from collections.abc import Hashable, Mapping
from functools import partial

import streamlit as st

from core.agents.config import AgentConfig
from core.parameters import FieldError
from core.views.agents.bar import agent_bar, agent_rewind, effective
from core.views.agents.panel import AgentPanel, parts
from core.views.agents.world import follows
from core.views.patches import Patch
from ui.agents import choices, commands
from ui.agents.stage import NOTHING, PACES, STEP_UNITS, AgentRuns, AgentStage
from ui.live import open_pages, stream
from ui.live.component import live_panel, streamed_panel
from ui.session import runs, script_runs
from ui.session.presses import ignore_echo

STAGE = "_agents_stage"
# Between two updates: while a run learns, while each of its steps can be followed, after a press, in a pause,
# and when nothing happens; see `ui.live.panel`.
LEARNING_SECONDS, FOLLOWING_SECONDS, PRESSED_SECONDS = 0.125, 0.05, 0.04
PAUSED_SECONDS, IDLE_SECONDS = 0.2, 2.0
# For so long after a press its effect is looked for.
PRESSED_FOR = 0.6
# Between two looks of a page without a stream.
LOOK_SECONDS = 0.5


def driver() -> AgentRuns:
    """The service that trains the agents of all sessions."""
    return runs.service().agents


def stage(opened: AgentConfig | None) -> AgentStage:
    """The stage of this session: the same object in every run of the script.

    opened: the config of the link that was just opened; None for none.
    """
    own, service = runs.sight(), driver()
    found: AgentStage | None = st.session_state.get(STAGE)
    if found is None:
        found = st.session_state[STAGE] = AgentStage(service, own.owner)
    # A service may have been replaced after an edit of the code, and the browser reports its key late: before
    # that, it has no runs.
    late = found.owner != own.owner
    found.service, found.owner, found.host = service, own.owner, own.host
    wanted = opened or (found.choices if late and found.chosen == NOTHING else None)
    if wanted is not None:
        found.open(wanted)
    return found


def draw(stage: AgentStage) -> None:
    """The live panel. Without a stream, this fragment looks every `LOOK_SECONDS`."""
    drawn, streams = state(stage, stream.available()), stream.available()
    stage.drawn = drawn
    awaited = any(run.active for run in stage.runs)

    def obey(name: str, value: object) -> None:
        stage.choose(choices.config_or_none(), choices.refusal())
        commands.obey(stage, name, value)

    def tick() -> None:
        with script_runs.of_session().counted():
            # The coach or a run's settings may have filled the sidebar anew.
            if (state(stage, streams), stream.available()) != (drawn, streams) \
                    or choices.config_or_none() != stage.choices:
                st.rerun()
            stage.service.touch(stage.owner)
            if streams:
                streamed_panel("agents", follow(stage), obey, partial(advise, stage), partial(adopt, stage),
                               stream.report_unreachable)
            else:
                live_panel("agents", panel_parts(stage), ignore_echo("command", obey),
                           partial(advise, stage), partial(adopt, stage))

    st.fragment(tick, run_every=LOOK_SECONDS if awaited and not streams else None)()


def follow(stage: AgentStage) -> str:
    """Tell the stream what the page shows from now on; returns the key by which the browser asks for it."""
    streams = stream.available()
    runs.service().run_service.on_awaited(open_pages.wake)
    return open_pages.register(open_pages.PageView(
        render=lambda: panel_parts(stage), state=lambda: state(stage, streams), page_state=stage.drawn,
        seconds=lambda: _pause(stage), on_cost=lambda seconds: _on_cost(stage, seconds),
        obey=partial(commands.obey, stage), held=script_runs.of_session().under_way, owner=stage.owner),
        "agents")


def state(stage: AgentStage, streams: bool) -> tuple[Hashable, ...]:
    """What decides how the page looks for news: with a stream, nothing that the script draws."""
    return () if streams else tuple((run.id, run.active) for run in stage.runs)


def panel_parts(stage: AgentStage) -> Mapping[str, Patch]:
    """What the panel shows now; called from whatever thread."""
    run = stage.shown
    seen = stage.as_seen(run)
    menus = {"pace": list(PACES), "unit": list(STEP_UNITS)}
    # After F5 the session is new, and the run goes on at its own pace.
    pace = next(name for name, steps in PACES.items() if steps == run.controls.pace) if run and run.active \
        else stage.pace
    return {"bar": agent_bar(run, stage.choices, pace, stage.unit, stage.refused, menus),
            "rewind": agent_rewind(run, stage.moment),
            **parts(AgentPanel(
                shown=seen, live=run if seen is not run else None, choices=stage.choices,
                runs=tuple(stage.runs), behind=stage.behind, believed=stage.believed(seen),
                played=stage.played(seen), advice=stage.advice(seen)))}


def advise(stage: AgentStage, name: str) -> None:
    """Fill the change that the coach's advice of this name suggests into the sidebar.

    It is applied to the choices if they are about the same world and method as the run: a second piece of
    advice does not undo the first.
    """
    run = stage.as_seen(stage.shown)
    found = next((advice for advice in stage.advice(run) if advice.name == name), None)
    if run is None or found is None:
        return
    chosen = choices.config_or_none()
    same = chosen is not None and (chosen.environment, chosen.method) == (
        run.config.environment, run.config.method)
    try:
        choices.load((chosen if chosen and same else effective(run)).replaced(**found.change))
    except FieldError as error:
        stage.refused = error.message


def adopt(stage: AgentStage, named: str, _: bool) -> None:
    """Put a run's settings into the sidebar; the shown run's without a name."""
    run = stage.named(named) if named else stage.shown
    if run is not None:
        try:
            choices.load(effective(run))
        except FieldError as error:
            stage.refused = error.message


def _pause(stage: AgentStage) -> float:
    """Seconds between two updates, as the page's runs and the server's load allow."""
    rate, going = runs.service().rate, [run for run in stage.runs if run.active]
    if time.monotonic() - stage.pressed < PRESSED_FOR:
        return max(PRESSED_SECONDS, rate.look(open_pages.pages()))
    if not going:
        return IDLE_SECONDS
    if all(run.status == "paused" for run in going):
        return max(PAUSED_SECONDS, rate.look(open_pages.pages()))
    shown = stage.shown
    soonest = FOLLOWING_SECONDS if shown and follows(shown) else LEARNING_SECONDS
    return max(soonest, rate.look(open_pages.pages()))


def _on_cost(stage: AgentStage, seconds: float) -> None:
    stage.service.touch(stage.owner)
    if seconds:
        runs.service().rate.note(seconds)
