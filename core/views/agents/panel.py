"""`AgentPanel`: everything that the Agents page draws live, part by part."""

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.agents.config import AgentConfig
from core.agents.events import AgentSnapshot
from core.agents.run import AgentRun
from core.charts.returns import losses, returns
from core.coach.advice import Advice
from core.views.agents.chips import agent_chips
from core.views.agents.coach import agent_coach
from core.views.agents.status import agent_rewound, agent_status
from core.views.agents.world import beliefs, rollout, world
from core.views.patches import Patch

# While a run learns, its charts are sent at most this often, in seconds.
CHART_SECONDS = 0.5


@dataclass(frozen=True)
class AgentPanel:
    """What the page shows.

    Attributes:
        shown: the run that is drawn, as it is now or at an earlier moment.
        live: the run as it is now, if `shown` is an earlier moment of it; else None.
        choices: what is drawn while there is no run; None if they are refused.
        runs: all runs of this browser, newest last.
        behind: the run whose mean is drawn behind the shown one's.
        believed, played: the snapshots whose beliefs and demonstration are drawn: see `ui.agents.stage`.
        advice: what the coach says of `shown`.
        now: `time.time`.
    """

    shown: AgentRun | None = None
    live: AgentRun | None = None
    choices: AgentConfig | None = None
    runs: tuple[AgentRun, ...] = ()
    behind: AgentRun | None = None
    believed: AgentSnapshot | None = None
    played: AgentSnapshot | None = None
    advice: Sequence[Advice] = ()
    now: float = field(default_factory=time.time)


def parts(view: AgentPanel) -> dict[str, Patch]:
    """The panel's parts by name. Making them is cheap; only `build` is expensive."""
    run, behind = view.shown, view.behind
    said: dict[str, Any] = agent_status(run)
    if run and view.live:
        said |= agent_rewound(run, view.live)
    chips = agent_chips(view.runs, run, behind.id if behind else None)
    curves = (_curve_key(run, view.now), _curve_key(view.live, view.now))
    coach = agent_coach(run, view.advice)
    return {"status": Patch(tuple(map(str, said.items())), lambda: said),
            "coach": Patch(repr(coach), lambda: coach),
            "runs": Patch(tuple(tuple(chip.values()) for chip in chips), lambda: {"chips": chips}),
            "returns": Patch((curves, _curve_key(behind, view.now)), lambda: returns(run, view.live, behind)),
            "loss": Patch(curves, lambda: losses(run, view.live)),
            "world": world(run, view.choices), "beliefs": beliefs(run, view.believed),
            "rollout": rollout(run, view.played)}


def _curve_key(run: AgentRun | None, now: float) -> Hashable:
    """Changes when the curves of a run do; while it learns, once in `CHART_SECONDS` at most."""
    if run is None:
        return None
    history = run.history
    learns = run.status == "training" and history.progress is not None and not run.rewound
    # Its first points come at once.
    when = (now // CHART_SECONDS, len(history.episodes) > 0) if learns else (
        history.version, history.progress and history.progress.step)
    return run.id, run.attempt, run.status, when
