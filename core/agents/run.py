"""AgentRun: one run of agents, as the pages see it. Only `core.cluster` changes one."""

from dataclasses import dataclass, field, replace

from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.history import AgentHistory
from core.runs.run import BaseRun


@dataclass
class AgentRun(BaseRun[AgentConfig, AgentControls, AgentHistory]):
    """One run of agents that learn."""

    history: AgentHistory = field(default_factory=AgentHistory, kw_only=True)

    @property
    def name(self) -> str:
        return self.config.name

    def at(self, step: int) -> "AgentRun | None":
        """This run as it was shown at the moment nearest to `step`; None before the first."""
        moment = self.history.moments.nearest(step)
        if moment is None:
            return None
        return replace(self, status="training", message="", place=None, ended=None, rewound=True,
                       history=self.history.at(moment))
