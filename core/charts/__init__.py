"""Results -> Plotly traces and layouts as plain dicts; pure functions, and no Plotly in Python."""

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
