"""Other ways to train the same network, each in a process that stays alive and takes turns.

`client` is on our side. `serve` runs in a peer's own interpreter, which needs NumPy and its framework
only: nothing that it imports imports `core`.
"""
