"""`AgentService`: everything the pages can ask of runs of agents."""

import json
from collections.abc import Callable

from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.history import AgentHistory
from core.agents.moments import AgentMoments
from core.agents.program_key import program_key
from core.agents.run import AgentRun
from core.agents.size import parameters
from core.cluster import agent_tasks
from core.cluster.job import Job
from core.cluster.own_runs import OwnRuns, SharedCluster
from core.cluster.payload import Errand, encode_agents
from core.cluster.queue import Refused
from core.settings import Settings

ERRAND = Errand(agent_tasks.train_agents, encode_agents, lambda config: json.dumps(program_key(config)))


class AgentService(OwnRuns[AgentRun]):
    """All runs of agents of this page server; each owner sees only their own. Thread-safe.

    They wait for the same places as runs of networks, and the same limits hold. What the cluster does
    differently with them, it asks of `errands`, `AgentRun.steered`, `AgentControls` and `AgentHistory`, where
    runs of networks have the same names. The store does not keep them: once the server has forgotten a run of
    agents, it is gone.

    Args:
        shared: of the `RunService`.
        train: the task that lets agents learn, with the arguments of `core.cluster.run_tasks.train`.
    """

    def __init__(self, shared: SharedCluster, settings: Settings,
                 train: Callable[..., None] = agent_tasks.train_agents):
        super().__init__(AgentRun, shared)
        self._settings = settings
        shared.dispatcher.errands[AgentRun] = ERRAND._replace(task=train)

    def expect(self, owner: str, config: AgentConfig) -> None:
        """Note that `owner` may soon train `config`: it is compiled ahead while nobody trains."""
        if self._settings.warm_up and parameters(config) <= self._settings.max_parameters:
            self._compile_ahead(owner, config)

    def submit(self, owner: str, config: AgentConfig, *, begins_paused: bool = False,
               controls: AgentControls | None = None, host: str = "") -> AgentRun:
        """Start a new run of `config`. Raises `Refused` if it is too large or too many runs wait.

        Args:
            owner: the browser's key.
            controls: its pace counts; what acts at once begins as in the config.
            host: the client's address; empty if unknown.
        """
        count, most = parameters(config), self._settings.max_parameters
        if count > most:
            raise Refused(f"These agents learn {count:,} numbers together; the limit is {most:,}. Lower the "
                          "hidden units or the number of agents.")
        pace = None if controls is None else controls.pace
        history = AgentHistory(moments=AgentMoments(self._settings.max_moment_bytes_per_run))
        run = AgentRun(self.shared.name(), owner, config, 0, AgentControls(paused=begins_paused, pace=pace),
                       begins_paused=begins_paused, history=history)
        # `reported`, as if the store had been told of its end.
        return self._accept(Job(run, reported=True, parameters=count, host=host))
