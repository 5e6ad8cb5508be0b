"""The learning rate of a schedule: previewed beside its choices, and shown in the live panel of a run."""

from math import ceil

import numpy as np
import streamlit as st

from core.catalog.schedules import SCHEDULES
from core.charts import ScheduleCurve
from core.charts.curve_picture import PictureAxis, curve_picture
from core.charts.schedule import MOST_DECADES, spans_decades
from core.datasets.split_indices import TEST_SHARE
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.run import Run
from ui.form import form_state

# In the picture of a whole run, more steps than this cannot be told apart.
MOST_DRAWN = 1000


def draw() -> None:
    """The curve for the current choices, before there is a run; nothing while they do not fit together."""
    try:
        config = form_state.config()
    except FieldError:
        return
    steps = expected_steps(config)
    rates = learning_rates(config, steps)
    # On the same scale as in the live panel, so that both have the same shape.
    wide = spans_decades(rates)
    low = max(float(rates[rates > 0].min()), float(rates.max()) / 10 ** MOST_DECADES) if wide else 0.0
    up = PictureAxis("Learning rate", log=wide, low=low)
    # st.html drops pictures.
    st.markdown(curve_picture(np.linspace(0, config.epochs, len(rates)), rates, PictureAxis("Epoch"), up),
                unsafe_allow_html=True)


def expected_steps(config: RunConfig) -> int:
    """Steps in an epoch, before the data is loaded; ignores class imbalance."""
    data = config.data
    examples = data.examples if data.load_test else round(data.examples * (1 - TEST_SHARE))
    examples = min(examples, config.training_size or examples)
    return max(ceil(examples * (1 - config.validation_share) / config.batch_size), 1)


def learning_rates(config: RunConfig, steps_per_epoch: int) -> np.ndarray:
    """The rate over a whole run, evenly picked, float32 (n,) with n up to `MOST_DRAWN`."""
    total = steps_per_epoch * config.epochs
    steps = np.unique(np.linspace(0, total - 1, MOST_DRAWN).round().astype(int))
    return SCHEDULES[config.schedule].rate(config.schedule_parameters, config.learning_rate, steps,
                                           steps_per_epoch, total)


def of_run(run: Run | None) -> ScheduleCurve | None:
    """The schedule of a run for the live panel; None if the rate is constant."""
    if run is None or run.config.schedule == "constant" or run.history.compiled is None:
        return None
    steps_per_epoch, changes = run.history.compiled.steps_per_epoch, tuple(run.history.learning_rates)
    rates = learning_rates(run.config, steps_per_epoch)
    for step, rate in changes:
        # A change is a factor on the rest of the curve, as every schedule is proportional to its base.
        begin = round(step / (steps_per_epoch * run.config.epochs) * len(rates))
        rates = np.concatenate([rates[:begin], learning_rates(
            run.config.replaced(learning_rate=rate), steps_per_epoch)[begin:]])
    return ScheduleCurve(rates, len(rates) / run.config.epochs, (run.id, run.attempt, changes))
