"""The parts of the Agents page, as plain data.

bar.py     The run bar of an agent's run and its slider
chips.py   The chips of the last runs, each named by what differs from the run before
coach.py   The coach's line: each advice with what its button changes
panel.py   `AgentPanel`: everything that the page draws live, part by part
status.py  A run of agents in words and numbers
world.py   What the world's picture is drawn from: where the agent is, what it believes, how it plays
"""
