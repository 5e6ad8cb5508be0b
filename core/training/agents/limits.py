"""Refuses agents whose memory is too large, before the first step."""

from typing import Any

import jax

from core.training.limits import OverBudget

MOST_BYTES = 100 * 2**20


def check_state(state: Any) -> None:
    """Raises `OverBudget` if everything that the agents of a run remember is too large."""
    needed = sum(leaf.nbytes for leaf in jax.tree.leaves(state))
    if needed > MOST_BYTES:
        raise OverBudget(f"These agents need {needed / 2**20:,.0f} MB of memory; the limit is "
                         f"{MOST_BYTES / 2**20:,.0f} MB. Lower the replay memory, the hidden units, or the "
                         "number of agents.")
