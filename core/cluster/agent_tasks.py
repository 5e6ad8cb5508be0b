"""The task that workers run for agents: letting them learn."""

from collections.abc import Sequence

from core.agents.config import Numbers
from core.agents.controls import AgentControls
from core.cluster.payload import AgentPayload
from core.cluster.run_tasks import Events, attempt_with
from core.cluster.worker_imports import with_engine
from core.runs.checkpoints import Checkpoints
from core.runs.controls import ControlsMailbox
from core.runs.events import Checkpoint
from core.settings import Settings


@with_engine
def train_agents(run_id: str, attempt: int, payload: AgentPayload, controls: AgentControls,
                 replay: Sequence[tuple[int, Numbers]], settings: Settings,
                 resume: Checkpoint | None = None) -> None:
    """Let the agents of the payload's config learn, and send their events; as `run_tasks.train`.

    replay: changes of the numbers that act at once, of an earlier attempt.
    """
    def engine(mailbox: ControlsMailbox, checkpoints: Checkpoints) -> Events:
        from core.training.agents.fit import fit_agents
        yield from fit_agents(payload.decode(), mailbox, settings, replay, checkpoints)

    attempt_with(engine, run_id, attempt, controls, settings, resume)
