"""All rules of the coach, most important first, and how they are applied to a run."""

from core.coach.advice import Advice, Rule, applied
from core.coach.capacity_rules import batch_large, overfitting, rare_class, too_few, underfitting
from core.coach.changes import valid
from core.coach.copying import copying
from core.coach.forecast_rules import short_window
from core.coach.optimization_rules import (
    dead_units,
    diverging,
    not_scaled,
    oscillating,
    rate_high,
    rate_low,
    same_weights,
    vanishing,
)
from core.coach.restraints import dropout_high, penalty_high
from core.coach.run_summary import RunSummary
from core.coach.transfer_rules import frozen_deep
from core.coach.unseen import unseen
from core.runs.config import RunConfig
from core.runs.history import History

_DEEP = "I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016"
_RECIPE = "A. Karpathy, A Recipe for Training Neural Networks, 2019"
_PRACTICAL = ("Y. Bengio, Practical Recommendations for Gradient-Based Training of Deep Architectures, 2012")
_SMITH = "L. N. Smith, A Disciplined Approach to Neural Network Hyper-Parameters, 2018"

_LENGTH = frozenset({"batch_large", "too_few_epochs"})
_CAPACITY = frozenset({"underfitting", "overfitting", "rare_class"}) | _LENGTH
_RATE = frozenset({"learning_rate_high", "learning_rate_low", "oscillating"})

RULES: tuple[Rule[RunSummary], ...] = (
    Rule("inputs_not_scaled", "The inputs are not scaled",
         "Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller, Efficient BackProp, 1998, section 4.3",
         not_scaled, _CAPACITY | _RATE | {"diverging", "dead_units", "vanishing_gradients"}),
    Rule("same_weights", "All weights started out equal", f"{_DEEP}, section 8.4",
         same_weights, _CAPACITY | _RATE | {"diverging", "dead_units", "vanishing_gradients"}),
    Rule("learning_rate_high", "The learning rate is too high",
         f"{_DEEP}, section 11.4.1; {_PRACTICAL}", rate_high,
         _CAPACITY | _RATE | {"diverging", "vanishing_gradients"}),
    Rule("diverging", "The training diverges", f"{_DEEP}, section 8.3.1; {_SMITH}",
         diverging, _CAPACITY | _RATE | {"vanishing_gradients"}),
    Rule("vanishing_gradients", "Not learning: the gradients vanish",
         "X. Glorot and Y. Bengio, Understanding the Difficulty of Training Deep Feedforward Neural "
         "Networks, 2010", vanishing, _CAPACITY | _RATE),
    Rule("dropout_high", "The dropout rate is too high",
         "N. Srivastava and others, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014, "
         "section 7.3", dropout_high, _CAPACITY | {"dead_units", "learning_rate_low", "oscillating"}),
    Rule("penalty_high", "The penalty on the weights is too strong", f"{_DEEP}, section 7.1",
         penalty_high, _CAPACITY | {"dead_units", "learning_rate_low", "oscillating"}),
    Rule("dead_units", "Not learning: dead relu units",
         "A. L. Maas, A. Y. Hannun and A. Y. Ng, Rectifier Nonlinearities Improve Neural Network Acoustic "
         "Models, 2013", dead_units, _CAPACITY | {"learning_rate_low"}),
    Rule("frozen_deep", "Too many layers are frozen",
         "J. Yosinski and others, How Transferable Are Features in Deep Neural Networks?, 2014",
         frozen_deep, _CAPACITY | {"learning_rate_low", "oscillating"}),
    Rule("copying", "The network can copy its input",
         f"{_DEEP}, section 14.1 (undercomplete autoencoders)", copying, _CAPACITY),
    Rule("short_window", "The window is shorter than the season",
         "R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, section 5.2 (seasonal "
         "naive)", short_window, _CAPACITY | {"learning_rate_low", "oscillating"}),
    Rule("unseen", "Many users or items were never seen",
         "A. I. Schein and others, Methods and Metrics for Cold-Start Recommendations, 2002",
         unseen, frozenset({"overfitting", "underfitting"}) | _LENGTH),
    Rule("learning_rate_low", "Hardly learning: the learning rate is too low",
         f"{_DEEP}, sections 8.3.1 and 11.4.1", rate_low, _CAPACITY - {"batch_large", "rare_class"}),
    Rule("oscillating", "The loss goes up and down", f"{_DEEP}, section 8.3.1",
         oscillating, frozenset({"underfitting"}) | _LENGTH),
    Rule("rare_class", "A rare class is never found",
         "N. Japkowicz and S. Stephen, The Class Imbalance Problem: A Systematic Study, 2002",
         rare_class, frozenset({"underfitting"}) | _LENGTH),
    Rule("overfitting", "Overfitting", "L. Prechelt, Early Stopping - But When?, 1998; "
         f"{_DEEP}, sections 5.2 and 7.8", overfitting, frozenset({"underfitting"}) | _LENGTH),
    Rule("underfitting", "Underfitting", f"{_DEEP}, section 5.2; {_RECIPE}", underfitting, _LENGTH),
    Rule("batch_large", "The batch is large for so few examples",
         "D. Masters and C. Luschi, Revisiting Small Batch Training for Deep Neural Networks, 2018; "
         f"{_PRACTICAL}", batch_large, frozenset({"too_few_epochs"})),
    Rule("too_few_epochs", "Too few epochs", f"{_RECIPE} (leave it training); {_DEEP}, section 7.8", too_few),
)


def advise(config: RunConfig, history: History, status: str) -> tuple[Advice, ...]:
    """The coach's advice for a run: at most four pieces, most important first.

    status: the run's. About a run in progress, it says only what the next epochs will not change.
    """
    seen = RunSummary.of(config, history, status) if status != "failed" else None
    return () if seen is None else applied(RULES, seen, lambda change: valid(config, change))
