"""The environments as arithmetic: one copy of a world takes one move; the program maps it over all copies.

A state of both worlds is what the agent sees of it. Random numbers come in as arguments, evenly drawn from 0
to 1, so that a test can force them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, Int

from core.agents import cartpole
from core.agents.config import AgentConfig
from core.agents.events import MAP_ANGLE, MAP_SIDE, MAP_VELOCITY
from core.agents.grid import UP, GridWorld

Observation = Float[Any, "features"]
Observations = Float[Any, "some features"]
Drawn = Float[Any, "draws"]
Rules = dict[str, Any]
Moved = tuple[Observation, Float[Any, ""], Bool[Any, ""]]

# What a network gets of CartPole: the four numbers, divided by about how large they become.
CARTPOLE_SCALE = np.array([cartpole.MOST_POSITION, 2.0, cartpole.MOST_ANGLE, 2.0], np.float32)


@dataclass(frozen=True)
class World:
    """An environment's arithmetic; equal for all runs with these numbers, so that they share a program.

    Attributes:
        first: from rules and random numbers to the first observation of an episode.
        move: from rules, observation, action and random numbers to the next observation, the reward, and
            whether the episode has ended.
        inputs: from observations (n, features) to a network's inputs (n, width).
        features, actions, width, most_steps: sizes.
        draws: how many random numbers a move or a beginning needs.
    """

    first: Callable[[Rules, Drawn], Observation]
    move: Callable[[Rules, Observation, Int[Any, ""], Drawn], Moved]
    inputs: Callable[[Observations], Float[Any, "some width"]]
    features: int
    actions: int
    width: int
    most_steps: int
    draws: int


def world_of(config: AgentConfig) -> World:
    """The arithmetic of the config's environment."""
    actions, most = len(config.world.actions), config.world.most_steps
    if config.grid is None:
        return World(cartpole_first, cartpole_move, lambda seen: seen / CARTPOLE_SCALE,
                     4, actions, 4, most, draws=4)
    cells = config.grid.cells
    return World(grid_first, grid_move, lambda seen: _one_hot(seen[:, 0], cells), 1, actions, cells, most,
                 draws=2)


def rules_of(config: AgentConfig) -> Rules:
    """The numbers of the config's environment that are arguments: another board compiles nothing."""
    return {} if config.grid is None else grid_rules(config.grid)


def shown_states(config: AgentConfig) -> Observations:
    """The states whose values are shown: all cells, or the map of CartPole row by row."""
    if config.grid is not None:
        return np.arange(config.grid.cells, dtype=np.float32)[:, None]
    angles, velocities = np.meshgrid(np.linspace(-MAP_ANGLE, MAP_ANGLE, MAP_SIDE),
                                     np.linspace(-MAP_VELOCITY, MAP_VELOCITY, MAP_SIDE), indexing="ij")
    still = np.zeros(MAP_SIDE**2)
    return np.stack([still, still, angles.ravel(), velocities.ravel()], 1).astype(np.float32)


def grid_rules(grid: GridWorld) -> Rules:
    """A grid world's arrays."""
    return {"next": grid.next, "ends": grid.ends, "gives": grid.gives, "start": np.float32(grid.start),
            "slip": np.float32(grid.slip), "wind": np.float32(grid.wind)}


def grid_first(rules: Rules, drawn: Drawn) -> Observation:
    """The start."""
    return rules["start"].reshape(1)


def grid_move(rules: Rules, observation: Observation, action: Int[Any, ""], drawn: Drawn) -> Moved:
    """A move as `GridWorld` describes it: slip, then wind."""
    slipped, blown = drawn
    half = rules["slip"] / 2
    turn = jnp.where(slipped < half, 1, jnp.where(slipped < rules["slip"], -1, 0))
    cell = rules["next"][observation[0].astype(jnp.int32), (action + turn) % 4]
    blows = (blown < rules["wind"]) & ~rules["ends"][cell]
    cell = jnp.where(blows, rules["next"][cell, UP], cell)
    return cell.astype(jnp.float32)[None], rules["gives"][cell], rules["ends"][cell]


def cartpole_first(rules: Rules, drawn: Drawn) -> Observation:
    """Upright and almost still."""
    return cartpole.FIRST * (2 * drawn - 1)


def cartpole_move(rules: Rules, observation: Observation, action: Int[Any, ""], drawn: Drawn) -> Moved:
    """A tick of CartPole, by Euler's method.

    Source: R. Florian, Correct equations for the dynamics of the cart-pole system, 2005 (without friction),
    in gymnasium's order.
    """
    x, speed, angle, turning = observation
    mass, moment = cartpole.CART_MASS + cartpole.POLE_MASS, cartpole.POLE_MASS * cartpole.HALF_LENGTH
    force = jnp.where(action == 1, cartpole.FORCE, -cartpole.FORCE)
    cosine, sine = jnp.cos(angle), jnp.sin(angle)
    push = (force + moment * turning**2 * sine) / mass
    angular = (cartpole.GRAVITY * sine - cosine * push) / (
        cartpole.HALF_LENGTH * (4 / 3 - cartpole.POLE_MASS * cosine**2 / mass))
    linear = push - moment * angular * cosine / mass
    tick = cartpole.TICK
    after = jnp.stack([x + tick * speed, speed + tick * linear, angle + tick * turning,
                       turning + tick * angular])
    ended = (jnp.abs(after[0]) > cartpole.MOST_POSITION) | (jnp.abs(after[2]) > cartpole.MOST_ANGLE)
    return after, jnp.float32(1.0), ended


def _one_hot(cells: Float[Any, "some"], count: int) -> Float[Any, "some {count}"]:
    return (cells[:, None] == jnp.arange(count, dtype=jnp.float32)).astype(jnp.float32)
