"""`DONE`: whether a learner has done what a card of the tour asks for, judged by what the server knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.runs.config import RunConfig


@dataclass(frozen=True)
class Scene:
    """What the server knows about a stage at one moment.

    Attributes:
        runs: ids of the browser's runs.
        shown: the id of the run on the stage; empty without one.
        choices: the settings in the sidebar; None if they cannot be trained.
        steps: how many single steps and epochs the learner has asked the shown run for.
        moment: the step of the earlier moment on the stage; None if the run is shown as it is now.
        example: index of the chosen test example.
        touched: whether the browser reports that the learner used the element that the card points at.
    """

    runs: tuple[str, ...] = ()
    shown: str = ""
    choices: RunConfig | None = None
    steps: int = 0
    moment: int | None = None
    example: int = 0
    touched: bool = False


Done = Callable[[Scene, Scene], bool]


def _trained(now: Scene, before: Scene) -> bool:
    return not set(now.runs) <= set(before.runs)


def _stepped(now: Scene, before: Scene) -> bool:
    return now.steps > (before.steps if now.shown == before.shown else 0)


def _other_run(now: Scene, before: Scene) -> bool:
    """An earlier run is back on the stage."""
    return now.shown in now.runs[:-1]


def _chosen(differs: Callable[[RunConfig, RunConfig], bool]) -> Done:
    """A choice in the sidebar has changed."""
    def done(now: Scene, before: Scene) -> bool:
        return now.choices is not None and before.choices is not None and differs(now.choices, before.choices)

    return done


# By name. Arguments: the scene now, and the scene when the card was opened.
DONE: Mapping[str, Done] = {
    "trained": _trained,
    "stepped": _stepped,
    "rewound": lambda now, _: now.moment is not None,
    "example": lambda now, before: now.example != before.example,
    "touched": lambda now, _: now.touched,
    "other_run": _other_run,
    "rate": _chosen(lambda now, before: now.learning_rate != before.learning_rate),
    "lower_rate": _chosen(lambda now, before: now.learning_rate < before.learning_rate),
    "network": _chosen(lambda now, before: now.architecture_parameters != before.architecture_parameters),
    "data": _chosen(lambda now, before: now.data.key != before.data.key),
}
