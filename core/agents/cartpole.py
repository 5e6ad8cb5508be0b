"""The constants of CartPole, as in gymnasium's CartPole-v1: the engine, the page and the export read them
here.

Source: A. Barto, R. Sutton and C. Anderson, Neuronlike Adaptive Elements That Can Solve Difficult Learning
Control Problems, 1983.
"""

import math

GRAVITY = 9.8  # m/s²
CART_MASS, POLE_MASS = 1.0, 0.1  # kg
HALF_LENGTH = 0.5  # of the pole, m
FORCE = 10.0  # N
TICK = 0.02  # s
MOST_POSITION = 2.4  # m: beyond, the episode ends
MOST_ANGLE = 12 * 2 * math.pi / 360  # rad: beyond, the episode ends
# Each of the four numbers of the first state is drawn evenly from -FIRST to FIRST.
FIRST = 0.05
