"""Merges the events that pile up between two messages, so that no message grows with what it tells of."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from core.agents.events import AgentEvent, AgentProgress, AgentSnapshot
from core.runs.events import Event, Progress

AnyEvent = Event | AgentEvent
MOST_PROGRESS = 20
# Of the episodes that end between two messages, only the newest are sent: on the smallest boards, two million
# end in a second, which would be 30 MB.
MOST_EPISODES = 4096


def coalesce_progress(events: Sequence[AnyEvent], seen: int, most: int = MOST_PROGRESS) -> list[AnyEvent]:
    """`events` with at most `most` Progress events: neighbours are merged, in the place of the last.

    seen: examples trained on before the first of them.
    """
    progress = [event for event in events if isinstance(event, Progress)]
    if len(progress) <= most:
        return list(events)
    size = math.ceil(len(progress) / most)
    kept: dict[int, AnyEvent] = {}
    for start in range(0, len(progress), size):
        group = progress[start:start + size]
        kept[id(group[-1])] = _mean(group, seen)
        seen = group[-1].examples
    return [kept.get(id(event), event) for event in events
            if not isinstance(event, Progress) or id(event) in kept]


def _mean(group: Sequence[Progress], seen: int) -> Progress:
    """One Progress for several: means weighted by the number of examples behind each."""
    counts = [last.examples - first for last, first in
              zip(group, [seen, *(event.examples for event in group)], strict=False)]
    total = sum(counts) or 1
    loss, metric = (sum(count * getattr(event, name) for count, event in zip(counts, group, strict=True))
                    / total for name in ("loss", "metric"))
    return replace(group[-1], loss=loss, metric=metric)


def coalesce_agents(events: Sequence[AnyEvent], step: int, paused: bool) -> list[AnyEvent]:
    """`events` with the newest AgentSnapshot only, and neighbouring AgentProgress merged.

    Only the newest `MOST_EPISODES` episodes are kept: all of them, unless episodes take a step or two.

    A moment knows which episodes had ended, so those before and after the snapshot stay apart.

    Args:
        step: of the last AgentProgress before them.
        paused: whether the run was paused before them. Then a learner looks at single steps, and each
            snapshot stays, so that it can be rewound.
    """
    newest = max((place for place, event in enumerate(events) if isinstance(event, AgentSnapshot)), default=0)
    kept = [event for place, event in enumerate(events)
            if paused or place == newest or not isinstance(event, AgentSnapshot)]
    merged: list[AnyEvent] = []
    for kind, group in groupby(kept, type):
        if kind is AgentProgress:
            several = [event for event in group if isinstance(event, AgentProgress)]
            merged.append(_together(several, step))
            step = several[-1].step
        else:
            merged += group
    return merged


def _together(group: Sequence[AgentProgress], step: int) -> AgentProgress:
    """One AgentProgress for several that follow each other. step: of the one before them.

    The loss is a mean weighted by the steps behind each, of which those without an update do not count.
    """
    if len(group) == 1:
        return group[0]
    steps = np.diff([step, *(event.step for event in group)])
    losses = np.array([event.loss for event in group])
    counted = ~np.isnan(losses) & (steps > 0)
    loss = float(np.average(losses[counted], weights=steps[counted])) if counted.any() else math.nan
    episodes = np.concatenate([event.episodes for event in group])[-MOST_EPISODES:]
    return replace(group[-1], loss=loss, episodes=episodes)
