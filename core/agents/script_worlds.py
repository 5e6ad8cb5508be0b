"""`SCRIPT_WORLDS`: the code of an exported script for each environment, and for what was learned in it.

Nothing of a config is written into these texts: all values stand at the top of the script, under their names.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_GRID = '''\
HEIGHT, WIDTH = len(BOARD), len(BOARD[0])
CELLS = "".join(BOARD)
# Up, right, down, left: the change of row and column.
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
REWARDS = {"G": GOAL_REWARD, "g": SMALL_REWARD, "P": PIT_REWARD}


class GridWorld:
    """A board. The agent sees its cell; cells are numbered row by row from the upper left."""

    def reset(self):
        """Begin an episode. Returns the cell of the start."""
        self.cell, self.steps = CELLS.index("S"), 0
        return self.cell

    def beside(self, cell, move):
        """The cell to which a move leads; against a wall or the edge, the agent stays where it is."""
        row, column = cell // WIDTH + MOVES[move][0], cell % WIDTH + MOVES[move][1]
        inside = 0 <= row < HEIGHT and 0 <= column < WIDTH
        return row * WIDTH + column if inside and BOARD[row][column] != "#" else cell

    def step(self, action):
        """Act. Returns the new cell, the reward, and whether the episode ended, or was cut off."""
        if rng.random() < SLIP:
            action = (action + int(rng.choice((-1, 1)))) % 4
        self.cell, self.steps = self.beside(self.cell, action), self.steps + 1
        if CELLS[self.cell] not in REWARDS and rng.random() < WIND:
            self.cell = self.beside(self.cell, 0)
        reward = STEP_REWARD + REWARDS.get(CELLS[self.cell], 0.0)
        return self.cell, reward, CELLS[self.cell] in REWARDS, self.steps >= MOST_STEPS'''

_ONE_HOT = '''\
ACTIONS = 4


def inputs(cell):
    """What the network gets: a row of zeros with a one in the place of the cell."""
    return np.eye(len(CELLS), dtype="float32")[cell]'''

_CARTPOLE = '''\
class CartPole:
    """Gymnasium's CartPole, with a seed for each episode."""

    def __init__(self):
        self.world = gymnasium.make("CartPole-v1")

    def reset(self):
        """Begin an episode. Returns position, velocity, angle and angular velocity."""
        return self.world.reset(seed=int(rng.integers(2**31)))[0]

    def step(self, action):
        """Act. Returns what is seen then, the reward, and whether the episode ended, or was cut off."""
        observation, reward, ended, cut, _ = self.world.step(action)
        return observation, reward, ended, cut'''

_SCALED = '''\
ACTIONS = 2  # push to the left, push to the right


def inputs(observation):
    """What the network gets: the four numbers, each divided by about how large it becomes."""
    return np.asarray(observation / np.array([2.4, 2.0, 0.2094, 2.0]), dtype="float32")'''

_ARROWS = '''\
print("What it learned to do in each cell:")
for row in range(HEIGHT):
    best = [int(np.argmax(scores(cell))) for cell in range(row * WIDTH, (row + 1) * WIDTH)]
    print(" ".join("^>v<"[move] if letter in ".S" else letter for move, letter in zip(best, BOARD[row])))

world = GridWorld()
cell, way, total, over = world.reset(), "", 0.0, False
while not over:
    move = int(np.argmax(scores(cell)))
    cell, reward, ended, cut = world.step(move)
    way, total, over = way + "^>v<"[move], total + reward, ended or cut
print(f"Without exploring: {way}, {len(way)} steps, return {total:.2f}")'''

_PUSHES = '''\
print("Where it pushes to the left (<) or to the right (>), for a cart that stands still in the middle:")
print("from left to right, the angle from -0.2 to 0.2; from top to bottom, the angular velocity from -2 to 2")
for turning in np.linspace(-2, 2, 9):
    states = [np.array([0.0, 0.0, angle, turning]) for angle in np.linspace(-0.2, 0.2, 21)]
    print("".join("<>"[int(np.argmax(scores(state)))] for state in states))

world, played = CartPole(), []
for _ in range(10):
    observation, total, over = world.reset(), 0.0, False
    while not over:
        observation, reward, ended, cut = world.step(int(np.argmax(scores(observation))))
        total, over = total + reward, ended or cut
    played.append(total)
print(f"Without exploring: mean return {np.mean(played):.0f} of 10 episodes")'''


@dataclass(frozen=True)
class ScriptWorld:
    """The code for an environment.

    Attributes:
        name: of its class.
        text: what it is.
        code: the class.
        inputs: `ACTIONS`, and what a network gets of an observation.
        result: prints the policy and what it does without exploring; needs `scores(observation)`.
        packages: what has to be installed for it.
    """

    name: str
    text: str
    code: str
    inputs: str
    result: str
    packages: tuple[str, ...] = ()


SCRIPT_WORLDS: Mapping[str, ScriptWorld] = {
    "grid": ScriptWorld("GridWorld", "The board: S is the start, # a wall, G the goal, g a small goal and P "
                        "a pit. An episode ends in a goal or a pit.", _GRID, _ONE_HOT, _ARROWS),
    "cartpole": ScriptWorld("CartPole", "A pole on a cart. Every step until it falls gives 1; 500 steps are "
                            "the most.", _CARTPOLE, _SCALED, _PUSHES, ("gymnasium",))}
