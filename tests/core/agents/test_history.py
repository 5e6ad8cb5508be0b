"""What a run of agents recorded stays small, however long it lasts."""

import itertools
import math

from core.agents.events import AgentProgress
from core.agents.history import MOST_LOSSES, NO_EPISODES, AgentHistory


def test_the_losses_of_a_run_of_days_stay_few():
    history = AgentHistory()
    for step in range(1, 4 * MOST_LOSSES + 1):
        history.append(AgentProgress(step, 0.0, NO_EPISODES, math.nan if step % 2 else float(step), 0.1))
        assert len(history.losses) < MOST_LOSSES
    steps = [step for step, _, _ in history.losses]
    assert steps == sorted(steps) and steps[-1] == 4 * MOST_LOSSES
    # Half of the steps had no update; a mean is over the others.
    assert max(abs(step - loss) for step, loss, _ in history.losses if not math.isnan(loss)) <= 24
    assert not any(math.isnan(loss) for _, loss, _ in history.losses[:MOST_LOSSES // 4])
    assert max(later - step for step, later in itertools.pairwise(steps)) <= 24
