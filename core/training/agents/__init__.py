"""Agents that learn by trial and error: environments, methods and the run's events, on JAX.

Start with `fit.py`. `program.py` maps one agent's arithmetic over all agents and over the copies of their
environment; `learner.py` says what a method has to give.

May import: what core.training may import, and core.training itself.

demonstrations.py   Snapshots of the watched agent, within a small share of the run's time
dqn.py              DQN: replay memory and target network
fit.py              `fit_agents`: lets agents learn and yields the events
learner.py          `Learner`: what a method has to give
learners.py         Which class learns by which method
limits.py           Refuses agents that need too much memory
networks.py         Small Keras networks, Keras's Adam, and batches learned from in parts
pacer.py            Decides how many steps the next call may take
policy_gradient.py  Policy gradient with a baseline
program.py          `AgentProgram`: the compiled functions of a method in an environment
programs.py         The programs kept in memory for the next run
snapshot.py         Saves a run of agents in progress and restores it exactly
tables.py           Q-learning and SARSA
worlds.py           The environments' arithmetic
"""
