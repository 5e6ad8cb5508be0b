"""The code of an exported script that learns a network: DQN and policy gradient."""

from core.agents.config import AgentConfig
from core.agents.script_tables import epsilon_code
from core.agents.script_worlds import SCRIPT_WORLDS
from core.export.section import Section, joined

_IMPORTS = frozenset({"import os", "import jax", "import jax.numpy as jnp", "import keras",
                      "import numpy as np"})

_COPIES = '''\
worlds = [{world}() for _ in range(COPIES)]
seen = np.stack([inputs(world.reset()) for world in worlds])
totals, returns = np.zeros(COPIES), []


def step_all(actions):
    """Act once in each copy. Returns what is seen then, the rewards, and what ended or was cut off."""
    after, rewards = np.zeros_like(seen), np.zeros(COPIES, dtype="float32")
    ended, cut = np.zeros(COPIES, dtype=bool), np.zeros(COPIES, dtype=bool)
    for copy, world in enumerate(worlds):
        observation, rewards[copy], ended[copy], cut[copy] = world.step(int(actions[copy]))
        after[copy] = seen[copy] = inputs(observation)
        totals[copy] += rewards[copy]
        if ended[copy] or cut[copy]:
            returns.append(totals[copy])
            if len(returns) % 100 == 0:
                print(f"{len(returns)} episodes: mean return {np.mean(returns[-100:]):.2f}")
            seen[copy], totals[copy] = inputs(world.reset()), 0.0
    return after, rewards, ended, cut'''

_NETWORK = '''\
def network(outputs, activation):
    """A network, and its first weights. Keras has made them; JAX changes them."""
    hidden = [keras.layers.Dense(units, activation=activation) for units in HIDDEN_UNITS]
    model = keras.Sequential([keras.Input(seen[0].shape), *hidden, keras.layers.Dense(outputs)])
    return model, [variable.value for variable in model.trainable_variables]'''

_Q_NETWORK = '''\
model, weights = network(ACTIONS, "relu")
optimizer = keras.optimizers.Adam(LEARNING_RATE)
optimizer.build(model.trainable_variables)
state = [variable.value for variable in optimizer.variables]


@jax.jit
def q_values(weights, observed):
    """What each action is worth."""
    return model.stateless_call(weights, [], observed)[0]


@jax.jit
def update(weights, older, state, batch):
    """One step of Adam for a batch. Returns the new weights and Adam's new state."""
    before, actions, rewards, after, ended = batch
    # The best that can be expected from the next state; nothing where the episode has ended.
    expected = jnp.where(ended, 0.0, DISCOUNT * q_values(older, after).max(axis=1))

    def loss(weights):
        q = jnp.take_along_axis(q_values(weights, before), actions[:, None], axis=1)[:, 0]
        return ((rewards + expected - q) ** 2).mean()

    return optimizer.stateless_apply(state, jax.grad(loss)(weights), weights)


def scores(observation):
    """What each action is worth."""
    return q_values(weights, inputs(observation)[None])[0]'''

_DQN = '''\
memory, updates, older = [], 0, weights
for step in range(STEPS):
    before = seen.copy()
    actions = np.asarray(q_values(weights, before)).argmax(axis=1)
    tries = rng.random(COPIES) < epsilon(step)
    actions = np.where(tries, rng.integers(ACTIONS, size=COPIES), actions)
    after, rewards, ended, cut = step_all(actions)
    memory.extend(zip(before, actions, rewards, after, ended))
    # The memory has room for so many steps: the oldest are forgotten.
    del memory[:-REPLAY]
    if len(memory) >= min(BATCH_SIZE, REPLAY):
        drawn = [memory[place] for place in rng.integers(len(memory), size=BATCH_SIZE)]
        {renew}
        weights, state = update(weights, older, state, [np.array(column) for column in zip(*drawn)])
        updates += 1'''
_RENEWED = '''# The target network: a copy that is renewed now and then.
        if updates % TARGET_EVERY == 0:
            older = weights'''
_NO_TARGET = '''# Without a target network, the targets come from the network itself.
        older = weights'''

_TWO_NETWORKS = '''\
policy, policy_weights = network(ACTIONS, "tanh")
critic, critic_weights = network(1, "tanh")
weights = [policy_weights, critic_weights]
optimizer = keras.optimizers.Adam(LEARNING_RATE)
optimizer.build(policy.trainable_variables + critic.trainable_variables)
state = [variable.value for variable in optimizer.variables]
# How much of a return comes from rewards, not from estimated values (Schulman et al., 2016).
TRACE = 0.95


@jax.jit
def logits(weights, observed):
    """Their softmax gives the probabilities of the actions."""
    return policy.stateless_call(weights[0], [], observed)[0]


@jax.jit
def values(weights, observed):
    """The returns to be expected."""
    return critic.stateless_call(weights[1], [], observed)[0][..., 0]


@jax.jit
def update(weights, state, batch):
    """One step of Adam for a batch. Returns the new weights and Adam's new state."""
    before, actions, advantages, aims = batch

    def loss(weights):
        chances = jax.nn.log_softmax(logits(weights, before))
        taken = jnp.take_along_axis(chances, actions[:, None], axis=1)[:, 0]
        undecided = -(jnp.exp(chances) * chances).sum(axis=1)
        error = (values(weights, before) - aims) ** 2
        return (-advantages * taken - ENTROPY * undecided + error / 2).mean()

    both, state = optimizer.stateless_apply(state, sum(jax.grad(loss)(weights), []), sum(weights, []))
    return [both[: len(weights[0])], both[len(weights[0]) :]], state


def scores(observation):
    """How likely each action is."""
    return jax.nn.softmax(logits(weights, inputs(observation)[None])[0])'''

_JUDGED = '''\
def judged(steps):
    """The batch to learn from: how much better each action was than expected, and what came of it."""
    batch, advantage = [], 0.0
    for before, actions, after, rewards, ended, cut in reversed(steps):
        expected = np.asarray(values(weights, before))
        coming = np.where(ended, 0.0, values(weights, after))
        later = np.where(ended | cut, 0.0, DISCOUNT * TRACE * advantage)
        advantage = rewards + DISCOUNT * coming - expected + later
        batch.append((before, actions, {weight}, advantage + expected))
    before, actions, advantages, aims = (np.concatenate(column) for column in zip(*batch))
    scale = np.sqrt((advantages**2).mean()) + 1e-6
    return before, actions, (advantages / scale).astype("float32"), aims.astype("float32")'''

_POLICY = '''\
steps = []
for step in range(STEPS):
    before = seen.copy()
    # Drawing an action by its probability: the largest logit with Gumbel noise.
    actions = (np.asarray(logits(weights, before)) + rng.gumbel(size=(COPIES, ACTIONS))).argmax(axis=1)
    steps.append((before, actions, *step_all(actions)))
    if len(steps) * COPIES >= BATCH_SIZE:
        weights, state = update(weights, state, judged(steps))
        steps = []'''


def network_sections(config: AgentConfig) -> tuple[Section, ...]:
    """The copies of the environment, and `scores(observation)`, learned in them."""
    world = SCRIPT_WORLDS[config.environment]
    text = "The agent acts in several copies of the environment at the same time." * (config.parallel > 1)
    copies = Section("Copies", text, joined(world.inputs, _COPIES.replace("{world}", world.name)), _IMPORTS)
    if config.way.policy:
        weight = "advantage" if config.method_parameters["baseline"] else "advantage + expected"
        learn = joined(_TWO_NETWORKS, _JUDGED.replace("{weight}", weight), _POLICY)
    else:
        renew = _RENEWED if config.method_parameters["target_every"] else _NO_TARGET
        learn = joined(_Q_NETWORK, epsilon_code(config), _DQN.replace("{renew}", renew))
    return copies, Section("Learning", config.way.help, joined(_NETWORK, learn))
