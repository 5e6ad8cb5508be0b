"""Trains the members of a study, together in one compiled program or side by side: `training.train`.

May import: What core.training may import, and core.training.

autotune.py     Which way a group is trained: the quicker one, measured where it is not plain
compiled.py     The programs of a group: for one member at a time, or for all of them at once, each in a…
members.py      Members of one group, ready to train: their splits, plans and numbers
strategies.py   Two ways to train a group: all its members in one program, or each by itself, several at…
training.py     train: the members of a group, as a generator of events
warm_states.py  Where members stand that may go on in a later round: kept in the worker, since they can…
"""
