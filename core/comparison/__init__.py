"""Runs beside one another: what differs in their configs, their curves, and what chance may explain.

May import: metrics, store, runs.

columns.py  The configurations of runs as columns, and which of these differ
lines.py    Curves of runs over steps, epochs or seconds, smoothed
noise.py    Whether one run does better on the test set than another, beyond what luck with its examples…
"""
