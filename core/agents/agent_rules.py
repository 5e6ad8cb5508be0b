"""Rules for agents that do not learn what would bring the most: each finds one reason."""

from collections import deque

import numpy as np

from core.agents.agent_evidence import NAMES, best_way, endings, promises, steady_errors, worse_arrows
from core.agents.agent_summary import AgentSummary
from core.agents.board import FREE, GOAL, PIT, SMALL, START, WALL
from core.agents.fields import PARAMETERS
from core.agents.grid import MOVES, GridWorld
from core.agents.returns import WINDOW
from core.coach.advice import Finding
from core.coach.changes import round_up
from core.formatting import amount, number, percent

# Below this epsilon hardly anything new is ever tried; a reward that counts less than this share is not seen.
NEVER, UNSEEN = 0.02, 0.05
# A discount for each length of the way: a reward at its end should still count this share.
DISCOUNTS, SEEN = (0.95, 0.99, 1.0), 0.3
# On a floor where the same move may end elsewhere, a table needs a rate below this; without luck, below 1.
RATE, CERTAIN, NETWORK = 0.5, 1.0, 0.02
# With this discount, a hundred wasted steps count.
PATIENT = 0.99
# Where fewer episodes than this share ended in the goal, it was met by chance alone.
RARELY = 0.02


def unreachable(seen: AgentSummary) -> Finding | None:
    """Walls and pits shut every goal off."""
    if seen.grid is None or seen.grid.shortest() is not None:
        return None
    way = opened(seen.grid)
    removed = sum(old != new for row, other in zip(seen.grid.rows, way, strict=True)
                  for old, new in zip(row, other, strict=True))
    return Finding(
        f"{endings(seen)}From the start, no way leads to a goal: walls and pits shut it off.",
        "What the agent can never reach, it cannot learn from. Remove a wall or a pit.",
        {"environment_parameters": {"board": way}}, f"Open a way: {amount(removed, 'cell')}")


def opened(grid: GridWorld) -> tuple[str, ...]:
    """The board with the fewest walls and pits removed that lets a way through to a goal."""
    height, width = grid.shape
    before: dict[int, int] = {grid.start: grid.start}
    queue, cell = deque([grid.start]), grid.start
    costs = {grid.start: 0}
    while queue:
        cell = queue.popleft()
        if grid.letters[cell] in (GOAL, SMALL):
            break
        for down, right in MOVES:
            row, column = cell // width + down, cell % width + right
            there, closed = row * width + column, 0
            if not (0 <= row < height and 0 <= column < width):
                continue
            closed = int(grid.letters[there] in (WALL, PIT))
            if costs[cell] + closed < costs.get(there, grid.cells + 1):
                costs[there], before[there] = costs[cell] + closed, cell
                (queue.append if closed else queue.appendleft)(there)
    letters = list(grid.letters)
    while cell != grid.start:
        cell = before[cell]
        letters[cell] = letters[cell] if letters[cell] in (FREE, START) else FREE
    return tuple("".join(letters[row * width:(row + 1) * width]) for row in range(height))


def no_exploration(seen: AgentSummary) -> Finding | None:
    """Epsilon was never more than about 0, and what would bring the most is not found."""
    if "epsilon" not in seen.config.way.steered or seen.explored > NEVER \
            or seen.numbers["epsilon"] > NEVER or not seen.settled or not seen.fails:
        return None
    half = round_up(seen.config.steps / 4)
    return Finding(
        f"Epsilon is {seen.numbers['epsilon']:g}, and was never higher. {endings(seen)}{best_way(seen)}",
        "The agent always does what it thinks best, so it never finds out that something else is better. At "
        "first it should try everything: let epsilon fall from 1 to 0.1.",
        {"epsilon": 0.1, "method_parameters": {"exploration_steps": half}},
        f"Explore for {half:,} steps")


def rarely_there(seen: AgentSummary) -> Finding | None:
    """What would bring the most was hardly ever reached, so there was nothing to learn from."""
    if seen.aim is None or not seen.settled or not seen.fails:
        return None
    times, half = seen.endings.count(seen.aim.letter), round_up(seen.config.steps / 4)
    if times > RARELY * len(seen.endings):
        return None
    if seen.config.way.policy:
        change, button = {"method": "q_learning", "learning_rate": 0.1}, "Use Q-learning"
        text = ("This method learns only from what it does itself, and what it does no longer leads there. "
                "Q-learning keeps trying other actions. A smaller board helps, too.")
    else:
        change, button = {"method_parameters": {"exploration_steps": half}}, f"Explore for {half:,} steps"
        text = "It tries too little to get there. Let epsilon fall from 1, so that it first tries everything."
    return Finding(f"{times} of {amount(len(seen.endings), 'episode')} ended in {NAMES[seen.aim.letter]}. "
                   f"{best_way(seen)}", text, change, button)


def short_sighted(seen: AgentSummary) -> Finding | None:
    """The discount is so low that the reward does not count where the agent stands."""
    discount = seen.numbers["discount"]
    if not seen.settled or not seen.fails:
        return None
    if seen.aim is None:
        if seen.grid is not None or discount >= 0.9:
            return None
        better = 0.99
        ahead = f"With a discount of {discount:g}, what comes in ten steps counts {percent(discount ** 10)}."
    else:
        share, moves = discount ** (seen.aim.moves - 1), seen.aim.moves
        if share >= UNSEEN:
            return None
        ahead = (f"With a discount of {discount:g}, {NAMES[seen.aim.letter]} counts only "
                 f"{percent(share, 3)} at the start, {amount(moves, 'step')} away.")
        better = next((value for value in DISCOUNTS if value ** (moves - 1) >= SEEN), 1.0)
    return Finding(
        f"{ahead} {endings(seen)}",
        "What lies further ahead hardly counts, so the agent takes what is near, or sees hardly any "
        "difference between its actions. Raise the discount.",
        {"discount": better}, f"Set the discount to {better:g}")


def stands_still(seen: AgentSummary) -> Finding | None:
    """A policy that does nothing, because its discount makes that cheap."""
    grid, discount, last = seen.grid, seen.numbers["discount"], seen.endings[-WINDOW:]
    if grid is None or not seen.config.way.policy or not seen.settled or not seen.fails \
            or discount >= PATIENT or last.count("") < len(last) / 2 or PIT not in grid.letters:
        return None
    still, fall = grid.step / (1 - discount), grid.step + grid.rewards[PIT]
    if still <= fall:
        return None
    return Finding(
        f"{endings(seen)}With a discount of {discount:g}, standing still for ever is worth {number(still)}; "
        f"a pit, {number(fall)}.",
        "As long as the agent does not know the way, walking on may end in a pit, and standing still looks "
        "better. With a higher discount, all the steps that it wastes count.",
        {"discount": PATIENT}, f"Set the discount to {PATIENT:g}")


def rate_high(seen: AgentSummary) -> Finding | None:
    """A table's numbers jump with what happened last; or a network's steps are far too large."""
    rate = seen.numbers["learning_rate"]
    if seen.config.way.tabular:
        high, better = rate > CERTAIN or (seen.by_chance and rate > RATE), 0.1
    else:
        high, better = rate >= NETWORK, 0.001
    worse = worse_arrows(seen) if high and seen.by_chance and seen.settled else ""
    if not high or not (seen.diverged or worse or (seen.settled and (seen.fails or promises(seen)))):
        return None
    evidence = worse or promises(seen) or steady_errors(seen) or endings(seen)
    return Finding(
        f"The learning rate is {rate:g}. {evidence}",
        "Each update overwrites what was learned before with what happened last, which may have been luck. "
        "With smaller steps, values are averages over many tries.",
        {"learning_rate": better}, f"Set the learning rate to {better:g}")


def no_target_network(seen: AgentSummary) -> Finding | None:
    """DQN without a target network, whose values run away or whose return stays low."""
    if seen.config.method_parameters.get("target_every") != 0 or not seen.settled:
        return None
    evidence = promises(seen) or (steady_errors(seen) if seen.fails else "")
    if not evidence and not seen.fails:
        return None
    return Finding(
        f"There is no target network. {evidence or endings(seen)}",
        "The network learns towards its own answers: each update moves its targets too, and errors grow. "
        "A copy that is renewed only now and then holds the targets still.",
        {"method_parameters": {"target_every": 200}}, "Renew a target network every 200 updates")


def no_baseline(seen: AgentSummary) -> Finding | None:
    """A policy gradient without a baseline that has not learned."""
    if seen.config.method_parameters.get("baseline", True) or not seen.settled or not seen.fails:
        return None
    last = seen.returns[-WINDOW:]
    return Finding(
        f"There is no baseline. The last {amount(len(last), 'return')} lie between {number(last.min())} and "
        f"{number(last.max())}.",
        "Nearly every action becomes more likely if all returns are above 0, the good ones only a little "
        "more. What counts is whether an action was better than expected: that is what a baseline says.",
        {"method_parameters": {"baseline": True}}, "Use a baseline")


def collapsed(seen: AgentSummary) -> Finding | None:
    """The mean return was high and is low now."""
    best, worst = float(seen.means.max(initial=0)), float(seen.means.min(initial=0))
    if not seen.settled or not seen.fails or len(seen.means) < WINDOW or best <= 0 \
            or seen.level > best - 0.5 * (best - worst):
        return None
    lower = float(f"{seen.numbers['learning_rate'] / 3:.0e}")
    if lower < PARAMETERS["learning_rate"].low:  # type: ignore[attr-defined]
        return None
    return Finding(
        f"The mean return of {WINDOW} episodes was {number(best)} and is {number(seen.level)} now.",
        "An update was so large that the agent behaves differently now, and what it has seen since does "
        "not lead it back. Use smaller steps, or stop while it is good.",
        {"learning_rate": lower}, f"Set the learning rate to {lower:g}")


def too_few_steps(seen: AgentSummary) -> Finding | None:
    """The run ended while it was still exploring, or still getting better."""
    falls = seen.config.method_parameters.get("exploration_steps", 0)
    if not seen.finished:
        return None
    early = falls >= seen.config.steps
    if not early:
        if not len(seen.returns) or not seen.fails:
            return None
        part = max(1, len(seen.means) // 4)
        before, rise = float(seen.means[-part]), seen.level - float(seen.means[-part])
        spread = float(np.ptp(seen.means))
        if len(seen.means) >= WINDOW and rise <= 0.15 * spread:
            return None
        evidence = f"The mean return rose from {number(before)} to {number(seen.level)} at the end."
        if len(seen.means) < WINDOW:
            evidence = f"Only {amount(len(seen.returns), 'episode')} ended in {seen.step:,} steps."
    else:
        evidence = f"Epsilon falls for {falls:,} steps, but the run has only {seen.config.steps:,}."
    more = min(round_up(4 * max(seen.config.steps, falls)), 2_000_000)
    return Finding(evidence, "The agent was still learning when the run ended. Give it more time.",
                   {"steps": more}, f"Train for {more:,} steps")
