"""Studies, that is, many trainings that belong together: searches, seeds, folds of a cross-validation.

May import: metrics, runs, catalog, datasets.

bayesian.py   Bayesian search (optuna): new trials near the good results so far
cost.py       Estimates a study before it starts: trainings, arithmetic and time
events.py     The events a worker sends while it trains a group of a study
grouping.py   Which members of a study can share one compiled program
halving.py    Successive halving and Hyperband: drop the worst trials early
learning.py   Learning curve: ever more training examples, from a start and from scratch
methods.py    The search methods, one entry each, and the study made from a search
objective.py  What makes a trial better than another, the best so far, and each axis's importance
ranges.py     `SPANS`: the first range of a search where a field's full range would be pointless
reducer.py    The only functions that change a study: members start, report, end
repeats.py    Seeds and cross-validation: one config again with other seeds or other folds
sampling.py   The values trials get: every combination, random, or Latin hypercube
search.py     `Search`: what is varied, over which range, by which method; validated, plain JSON
space.py      `Axis`: one field a search varies; and the axes that a config offers
study.py      `Study`: many trainings that belong together, as the pages see them
"""
