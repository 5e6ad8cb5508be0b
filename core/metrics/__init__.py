"""How good a trained network is on the whole test set, and classical methods on the same examples.

May import: runs, catalog, datasets.

baselines.py       Fits a classical method to the same training examples and scores it on the same test set
calibration.py     Calibration: of 100 answers given with 90 % confidence, are 90 right?
classes.py         Classification metrics on a test set, from scikit-learn
errors_by_count.py  Errors of ratings by how many training ratings their user or item has
guessing.py          Hidden words: how many a network guesses, of frequent and rare ones
intervals.py       Confidence intervals and paired tests for test-set results
leaderboard.py     A network ranked beside classical methods, with intervals
lowest.py          The lowest loss and error that any network can reach, where the noise is known
lr_finder.py       The arithmetic of the learning-rate finder; `core.training.lr_sweep` does the training
measures.py        `MEASURES`: the metric of each task besides its loss; `FURTHER`: RMSE, hit rate, ROC area
naive_forecast.py  Forecasts that learn nothing and have to be beaten: the last value, the last season
network.py         An ended run's answers to its whole test set, or why there are none
numbers.py         Regression metrics on a test set
ranked_items.py    How high a recommender ranks what users like: hit rate, NDCG
ranking.py         ROC and precision-recall: how well probabilities rank a class above the others
rating_methods.py  Methods without a network that predict ratings and rank items
recursive_forecast.py  Forecasts step by step: each predicted value becomes the newest of the next window
scores.py          Accuracy, F1, R2 and so on, computed from a confusion matrix or from numbers
season.py          The season of a series: known, or found by autocorrelation
steps_ahead.py     How the error of a forecast grows with the distance, for several methods
test_report.py     `TestReport`: a network's answers to the test set, each metric computed once
threshold.py       Two classes: how the results change with the decision threshold
"""
