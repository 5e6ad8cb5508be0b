"""What shows that an agent does not learn, in sentences with numbers; each is empty where it does not."""

from collections import Counter

import numpy as np

from core.agents.agent_summary import AgentSummary
from core.agents.board import CELLS, FREE, GOAL, PIT, SMALL, START
from core.agents.grid import best_values
from core.agents.returns import WINDOW
from core.formatting import amount, number

NAMES = {GOAL: f"the {CELLS[GOAL]}", SMALL: f"the {CELLS[SMALL]}", PIT: f"a {CELLS[PIT]}"}
# Arrows are bad from this share of the rewards' range on.
FAR = 0.05


def endings(seen: AgentSummary) -> str:
    """Where the last episodes ended, or their mean return, in a sentence."""
    if not len(seen.returns):
        return ""
    last = seen.endings[-WINDOW:]
    if not last:
        return f"The last {amount(min(WINDOW, len(seen.returns)), 'episode')} had a mean return of " \
               f"{number(seen.level)}. "
    parts = [f"{count} {'were cut off' if not letter else f'ended in {NAMES[letter]}'}"
             for letter, count in Counter(last).most_common()]
    return f"Of the last {amount(len(last), 'episode')}, {', '.join(parts)}. "


def best_way(seen: AgentSummary) -> str:
    if seen.aim is None:
        return ""
    return (f"The best way, of {amount(seen.aim.moves, 'step')}, leads to {NAMES[seen.aim.letter]} and has "
            f"a return of {number(seen.aim.total)}.")


def promises(seen: AgentSummary) -> str:
    """Says where the agent expects more than there is; empty if it does not."""
    if seen.snapshot is None or seen.config.way.policy:
        return ""
    discount = seen.numbers["discount"]
    if seen.grid is not None and seen.grid.step > 0:
        # Walking about pays, and what it would bring beyond a cut-off counts as well.
        if discount == 1:
            return ""
        most = seen.grid.step / (1 - discount) + max(0.0, *seen.grid.rewards.values())
    elif seen.grid is not None:
        most = max(float(seen.grid.gives.max()), 0.0)
    else:
        longest = seen.config.world.most_steps
        most = longest if discount == 1 else (1 - discount ** longest) / (1 - discount)
    # Nobody ever stands on a wall or acts where an episode has ended: a network may say anything of those.
    places = [cell for cell, letter in enumerate(seen.grid.letters) if letter in (FREE, START)] \
        if seen.grid is not None else slice(None)
    expects = float(seen.snapshot.values[places].max())
    if not expects > 1.2 * most + 0.1:
        return ""
    return (f"The agent expects a return of {number(expects)}; with this discount, at most {number(most)} is "
            "possible.")


def worse_arrows(seen: AgentSummary) -> str:
    """Says how far the arrows are from the best ones, as the start's value tells; empty if they are good."""
    if seen.grid is None or seen.snapshot is None:
        return ""
    grid, cells, discount = seen.grid, np.arange(seen.grid.cells), min(seen.numbers["discount"], 0.999)
    chances = grid.transitions[cells, seen.snapshot.scores.argmax(1)]
    values = np.linalg.solve(np.eye(grid.cells) - discount * chances * ~grid.ends, chances @ grid.gives)
    reached, best = float(values[grid.start]), float(best_values(grid, discount)[grid.start].max())
    if reached > best - FAR * float(np.ptp(grid.gives)):
        return ""
    return (f"By the arrows as they are now, the start is worth {number(reached)}; by the best ones, "
            f"{number(best)}.")


def steady_errors(seen: AgentSummary) -> str:
    """Says that the error does not fall; empty if it does."""
    if len(seen.errors) < 6:
        return ""
    part = len(seen.errors) // 3
    first, last = float(seen.errors[:part].mean()), float(seen.errors[-part:].mean())
    if last < 0.7 * first:
        return ""
    return f"The squared error does not fall: it was {number(first)} at first and is {number(last)} now."
