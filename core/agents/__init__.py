"""Reinforcement learning: what an agent's run is. NumPy only; what learns is in `core/training/agents`.

May import: coach, export, runs.

agent_evidence.py  What shows that an agent does not learn, in sentences with numbers
agent_rules.py   The coach's rules: each finds one reason why an agent does not learn
agent_summary.py  `AgentSummary`: an agent's run as the few numbers that the rules read
board.py         The board of a grid world as a parameter: rows of letters
boards.py        Boards to begin with
cartpole.py      The constants of CartPole
coach.py         `advise`: all rules, most important first, and their sources
config.py        `AgentConfig`: everything that decides how an agent's run goes
controls.py      What a learner can change while an agent learns
environments.py  The environments on offer
events.py        What happens in an agent's run
fields.py        The fields of an AgentConfig
grid.py          The rules of a grid world as arrays; its best values and its shortest way
history.py       `AgentHistory`: what a run recorded
methods.py       The methods on offer: tables, DQN, policy gradient
moments.py       What was shown of a run, so that it can be rewound
preset.py        `AgentPreset`: a config with a name, and what to look for in its run
presets.py       Good starts, and runs that go wrong on purpose
program_key.py   The part of a config that its compiled program depends on
returns.py       The mean return of the last episodes, of one agent or of each of several
run.py           `AgentRun`: one run of agents
script.py        `script`: a run as a Python script that needs nothing of this project
script_networks.py  Its code for DQN and policy gradient
script_tables.py  Its code for Q-learning and SARSA
script_worlds.py  Its code for each environment
size.py          How many numbers the agents of a run learn
"""
