"""Results -> Plotly traces and layouts as plain dicts; pure functions, and no Plotly in Python."""

from core.charts.curves import ACCURACY, LOSS, accuracy_curve, loss_curve, overlaid_traces
from core.charts.matrix import confusion_matrix, counted
from core.charts.predictions import decision_regions, gallery, no_predictions

__all__ = ["ACCURACY", "LOSS", "accuracy_curve", "confusion_matrix", "counted", "decision_regions",
           "gallery", "loss_curve", "no_predictions", "overlaid_traces"]
