"""Trains the members of a study, in one compiled program or side by side: `training.train`.

May import: what core.training may import, and core.training itself.

autotune.py     Measures which strategy trains a group faster
beginning.py    Where members begin that start from another run's weights
compiled.py     The compiled programs of a group: for one member, or for all members at once
members.py      The members of a group, ready to train: splits, plans and numbers
strategies.py   Two ways to train a group: in one program, or each member on its own thread
training.py     `train`: trains the members of a group and yields their events
warm_states.py  Weights of members that may continue in a later round
"""
