"""`Learner`: what a method has to give; and what it gets to see."""

from typing import Any, NamedTuple, Protocol

import jax.numpy as jnp
from jaxtyping import Bool, Float, Int

Scores = Float[Any, "some actions"]
Numbers = dict[str, Float[Any, ""]]
Tree = Any


class Experience(NamedTuple):
    """What an agent experienced in one step, in each copy of its environment.

    Attributes:
        seen: what it saw.
        action: what it did.
        reward: what it got.
        after: what it saw then.
        ended: whether the episode has ended: nothing more is to come.
        cut: whether it was cut off: the value of `after` stands for what would have come.
    """

    seen: Float[Any, "copies features"]
    action: Int[Any, "copies"]
    reward: Float[Any, "copies"]
    after: Float[Any, "copies features"]
    ended: Bool[Any, "copies"]
    cut: Bool[Any, "copies"]


class LearningMoment(NamedTuple):
    """When an agent learns, and what holds then.

    Attributes:
        step: how many steps were taken before.
        count: a method's own number, the same for all agents (see `Learner.counted`).
        key: for this agent's random numbers in this step, beside `drawn`.
        drawn: evenly from 0 to 1, two numbers for choosing each action.
        epsilon: the probability of a random action.
        numbers: those that act at once.
        fixed: the method's parameters that are numbers.
    """

    step: Int[Any, ""]
    count: Int[Any, ""]
    key: Any
    drawn: Float[Any, "copies 2"]
    epsilon: Float[Any, ""]
    numbers: Numbers
    fixed: Numbers


# Which of them every agent has its own of, as `jax.vmap` reads it.
OWN = LearningMoment(None, None, 0, 0, None, None, None)  # pyright: ignore[reportArgumentType]


class Learner(Protocol):
    """A method. All functions are of one agent, traceable, and mapped over the agents by the program.

    What an agent has learned (`learned`) and what it learns from (`memory`) are apart: a step without an
    update leaves the first alone, and no update copies the second.
    """

    parameters: int

    def first(self, seed: int) -> tuple[Tree, Tree]:
        """What is learned and remembered at the start, as NumPy arrays. Not traced."""
        ...

    def act(self, learned: Tree, seen: Float[Any, "copies features"],
            moment: LearningMoment) -> Int[Any, "copies"]:
        """What to do in each copy."""
        ...

    def look(self, learned: Tree, seen: Float[Any, "some features"]) -> tuple[Scores, Float[Any, "some"]]:
        """Scores of the actions, as in `Situation`, and values."""
        ...

    def remember(self, memory: Tree, step: Experience, moment: LearningMoment) -> Tree:
        """The memory with one more step."""
        ...

    def counted(self, moment: LearningMoment) -> tuple[Bool[Any, ""] | bool, Int[Any, ""]]:
        """Whether an update is due after this step, and the next step's `count`. The same for all agents."""
        ...

    def update(self, learned: Tree, memory: Tree, moment: LearningMoment) -> tuple[Tree, Float[Any, ""]]:
        """What is learned after an update, and the mean squared error of the values."""
        ...


def greedy_or_random(scores: Scores, epsilon: Float[Any, ""],
                     drawn: Float[Any, "some 2"]) -> Int[Any, "some"]:
    """The best action, or with probability epsilon any. drawn: evenly from 0 to 1."""
    any_action = (drawn[:, 1] * scores.shape[1]).astype(jnp.int32)
    return jnp.where(drawn[:, 0] < epsilon, any_action, scores.argmax(1).astype(jnp.int32))
