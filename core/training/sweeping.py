"""The learning-rate finder: a few steps at ever higher learning rates, and what becomes of the loss."""

import math

import numpy as np

from core.config import RunConfig
from core.datasets.splitting import split
from core.finder import end_of_sweep, suggestion, sweep_rates
from core.results import FoundRates
from core.settings import Settings
from core.training.model import build_model
from core.training.numbers import Numbers
from core.training.plan import Plan
from core.training.program import LOSS, SEEN, data_of
from core.training.programs import program_for

LOW, HIGH, STEPS = 1e-6, 10.0, 140


def sweep(config: RunConfig, settings: Settings) -> FoundRates:
    """Train `config`'s network for up to 140 steps, from 1e-6 to 10, until the loss is lost.

    It is the program of the run itself, whose learning rates are arguments: nothing is compiled for it.
    Source: L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", 2015, section 3.3.
    Raises `limits.OverBudget` where the network, or one step of it, is too large.
    """
    found = split(config.data, config.preparation)
    model = build_model(config)
    plan, data = Plan.of(config, found, model), data_of(found)
    program = program_for(config, plan, data, settings)
    state, rates, losses = program.initial_state(config.seed, model), sweep_rates(LOW, HIGH, STEPS), []
    opened, order, numbers = -1, plan.order(config.seed, 0), Numbers.of(config, plan, data.y, 0, 0.0)
    for step, rate in enumerate(rates):
        epoch, place = divmod(step, plan.steps)
        window, row = divmod(epoch, plan.window)
        if window != opened:
            opened, order = window, plan.order(config.seed, window * plan.window)
            numbers = Numbers.of(config, plan, data.y, window * plan.window, 0.0)
        numbers = numbers._replace(rates=np.full_like(numbers.rates, rate))
        state, _, totals, _ = program.run(state, numbers, data, order, np.int32(row * plan.items + place),
                                          np.int32(1), np.zeros(6, np.float32))
        losses.append(float(totals[LOSS] / totals[SEEN]))
        if not math.isfinite(losses[-1]) or end_of_sweep(losses) is not None:
            break
    kept = np.array(losses)
    return FoundRates(rates[:len(kept)], kept, suggestion(rates[:len(kept)], kept))
