"""The sections of the Evaluate page, and what they share.

May import: live, form, session.

anomalies.py         Anomalies by their reconstruction error: threshold, ROC and precision-recall
baselines.py         Classical methods beside the network, fitted one after another on request
calibration.py       The section on calibration: is the network as confident as it should be?
cross_validation.py  K-fold cross-validation
curves.py            ROC and precision-recall curves of each class against the rest
examples.py          Single test examples with their predictions: a gallery of images, or a table
learning_curve.py    How much more training examples help, and what a start on other data saves
guesses.py           Networks that guess hidden words
matrix.py            The confusion matrix; a click on a cell shows its examples
mistakes.py          The most confident mistakes, and the predictions furthest off
numbers.py           Predicted numbers: error metrics, predicted against true, residuals
pending.py           A placeholder while a worker is still computing
repeated.py          What the sections on seeds and folds share: start, stop and a board
ranking.py           Ratings: the lists of recommendations, and errors by the number of ratings
reconstruction.py    Networks that give back their input: the errors of all test examples
run_picker.py        Which run is evaluated: the one shown, or another of this browser's
sections.py          `SECTIONS`: the sections of the Evaluate page; only the chosen one is drawn
seeds.py             The same config with many seeds: how much of a difference is chance
steps_ahead.py       How the error of a forecast grows with the distance
test_set.py          The network on the whole test set, in several views
threshold.py         Two classes: what changes with the decision threshold
"""
