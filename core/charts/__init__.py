"""Charts as data: pure functions from results to Plotly traces and layouts (plain dicts) and SVG pictures.

Plotly is not imported; the browser draws the dicts. `curves.loss_curve` turns a run's history into the loss
chart.

May import: agents, studies, comparison, metrics, store, runs, catalog, datasets.

anomalies.py      Errors of normal and anomalous examples, their threshold, and how well they are told apart
calibration.py    The reliability diagram: share of correct answers against the network's confidence
compared.py       Charts of the Compare page: curves, scatter, parallel coordinates, two confusion matrices
curve_picture.py  A curve as a small SVG: a learning-rate schedule, or the loss against the rate
curves.py         Loss, accuracy and error curves: a history becomes traces and a layout
errors.py         A histogram of the residuals
guessed.py        Hidden words: sentences with their guesses, and which words are guessed
items.py          The items of ratings as a map: two components of what the network learned of each
forecast.py       A series, the network's forecast, and the simple forecast it has to beat
landscape.py      Results of a search: a map over two parameters, all parameters, and their importance
learning.py       The test metric over the number of training examples, with a dot for each seed
matrix.py         The confusion matrix as a heatmap: errors in colour, the diagonal in grey
palette.py        Colours of classes and runs, chosen to stay distinct with any colour blindness
pictures.py       Small SVG pictures: an activation's shape, a dataset's thumbnail, its class balance
predictions.py    Predictions on test examples: decision regions for tables, a gallery for images
ranking.py        ROC and precision-recall curves, each class against the rest
recommended.py    Ratings: the error by number of ratings, and how soon the liked items come
reconstructed.py  Reconstructions: inputs, what the network makes of them, and the errors
regression.py     Predicted numbers: the fitted curve, predicted against true, and residuals
repeats.py        Seeds and folds: a band over epochs, results as dots, means and tables
returns.py        Agents: the return of each episode, a band over agents, the loss and epsilon
schedule.py       The learning rate of a schedule over a whole run, drawn before it starts
sentences.py      Test sentences with their predicted classes, most wrong first
steps_ahead.py    The error of a forecast by the distance: one line per method
standings.py      Scores as dots with confidence intervals: a network beside classical methods
style.py          What all charts have in common: fonts, margins, theme colours
threshold.py      Precision, recall, F1 and cost against the decision threshold
trials.py         The trials of a search: all their curves at once, and the best result so far
"""

from core.charts.curves import (
    accuracy_curve,
    error_curve,
    guessed_curve,
    in_axes_of,
    loss_curve,
    overlaid_traces,
    reconstruction_curve,
)
from core.charts.forecast import forecast
from core.charts.guessed import guessed_by_rank, guesses
from core.charts.items import group_colors, item_map
from core.charts.matrix import confusion_matrix, counted
from core.charts.predictions import decision_regions, gallery, no_predictions
from core.charts.reconstructed import error_histogram, reconstructions
from core.charts.regression import fitted_curve, predicted_true, residuals
from core.charts.schedule import ScheduleCurve, schedule_curve
from core.charts.sentences import sentences
from core.metrics.measures import ACCURACY, ERROR, LOSS, MEASURES, Measure
from core.metrics.naive_forecast import naive_forecast

__all__ = ["ACCURACY", "ERROR", "LOSS", "MEASURES", "Measure", "ScheduleCurve", "accuracy_curve",
           "confusion_matrix", "counted", "decision_regions", "error_curve", "error_histogram",
           "fitted_curve", "forecast", "gallery", "group_colors", "guessed_by_rank", "guessed_curve",
           "guesses", "in_axes_of", "item_map", "loss_curve", "naive_forecast", "no_predictions",
           "overlaid_traces", "predicted_true", "reconstruction_curve", "reconstructions", "residuals",
           "schedule_curve", "sentences"]
