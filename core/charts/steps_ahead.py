"""The error of a forecast by the distance: one line per method."""

import numpy as np

from core.charts.curves import with_unit
from core.charts.style import ERROR, MUTED, TEXT, layout, numbers_axis
from core.datasets.dataset import Dataset
from core.formatting import Figure, number, rounded
from core.metrics.steps_ahead import AT_ONCE, AUTOREGRESSION, NAIVE, SEASONAL, STEP_BY_STEP, StepsAhead

# Colour and dash as in the chart of the forecast, where a method is in both.
_LINES = {AT_ONCE: (ERROR, "solid"), STEP_BY_STEP: (ERROR, "dash"), AUTOREGRESSION: (TEXT, "dashdot"),
          NAIVE: (MUTED, "dot"), SEASONAL: (MUTED, "solid")}


def steps_ahead_chart(dataset: Dataset, ahead: StepsAhead) -> Figure:
    """The mean absolute error of each method, in the target's units, 1, 2, ... steps ahead."""
    steps = np.arange(1, 1 + max(map(len, ahead.errors.values())))
    traces = [{"type": "scatter", "mode": "lines+markers", "name": name, "x": steps.tolist(),
               "y": rounded(errors), "hovertemplate": "%{y:.3g}", "marker": {"size": 5, "color": color},
               "line": {"color": color, "width": 2, "dash": dash}}
              for name, (color, dash) in _LINES.items()
              if (errors := ahead.errors.get(name)) is not None]
    least = min(ahead.errors, key=lambda name: ahead.errors[name].mean())
    mean = number(float(ahead.errors[least].mean()))
    note = (f"Least on average: {least} (MAE {mean}). {ahead.examples:,} test windows"
            if len(steps) > 1 else f"{ahead.examples:,} test windows")
    x = numbers_axis("Steps ahead", unifiedhovertitle={"text": "%{x} ahead"}, dtick=1)
    y = numbers_axis(with_unit("Mean absolute error", dataset), rangemode="tozero", automargin=True)
    return {"kind": "chart", "title": "Error by step ahead", "traces": traces, "legend": [], "note": note,
            "about": f"Mean absolute error by step ahead. {note}.",
            "layout": layout(f"ahead {dataset.key}", x, y, hovermode="x unified")}
