"""Results to Plotly traces and layouts as plain dicts, and small SVG pictures.

Pure functions; Plotly itself is not imported.

May import: studies, comparison, metrics, store, runs, catalog, datasets.

calibration.py    The reliability diagram: how often answers are right, over how sure the network is of…
compared.py       Runs beside one another: their curves, two columns of their table, all columns at once,…
curve_picture.py  A curve as a small SVG: how a learning rate will change, or how the loss took to one
curves.py         Curves of the loss and of what else a task is judged by: a history -> traces and a…
errors.py         How far off predicted numbers are: a histogram of the residuals
forecast.py       A series and what the network says comes next, beside the forecast that it has to beat
landscape.py      Results of a search by its parameters: over two of them, over all of them, and how much…
matrix.py         The confusion matrix as a heatmap: errors in colour, the diagonal in grey
palette.py        The colours of classes and runs: told apart with each kind of colour blindness, in…
pictures.py       Small pictures as SVG: the shape of an activation, a dataset's thumbnail, its class…
predictions.py    What the network says of test examples: decision regions for tables, a gallery for…
ranking.py        ROC and precision-recall curves: each class against the rest
regression.py     What the network says of numbers: the fitted curve, predicted against true, and…
repeats.py        One configuration many times: a band over epochs, results as dots, folds with their…
schedule.py       The learning rate of a schedule, drawn ahead of the run that it belongs to
stack_picture.py  A drawing of a network's layers: what leaves each of them, how large it is, what it has…
standings.py      Scores as dots with their intervals: a network beside classical methods
style.py          What all charts look alike in. Colours that depend on the theme are named, not given
threshold.py      Precision, recall, F1 and cost over the threshold of a decision between two classes
trials.py         The trials of a search by their epochs: all curves at once, and the best result so far
"""

from core.charts.curves import accuracy_curve, error_curve, loss_curve, overlaid_traces
from core.charts.forecast import forecast
from core.charts.matrix import confusion_matrix, counted
from core.charts.predictions import decision_regions, gallery, no_predictions
from core.charts.regression import fitted_curve, predicted_true, residuals
from core.charts.schedule import ScheduleCurve, schedule_curve
from core.metrics.measures import ACCURACY, ERROR, LOSS, MEASURES, Measure
from core.metrics.naive_forecast import naive_forecast

__all__ = ["ACCURACY", "ERROR", "LOSS", "MEASURES", "Measure", "ScheduleCurve", "accuracy_curve",
           "confusion_matrix", "counted", "decision_regions", "error_curve", "fitted_curve", "forecast",
           "gallery", "loss_curve", "naive_forecast", "no_predictions", "overlaid_traces", "predicted_true",
           "residuals", "schedule_curve"]
