"""The coach: reads a run's history, says what is wrong and by which numbers, and offers a change.

May import: metrics, runs, catalog, datasets.

advice.py              `Advice` and `Rule`: what the coach says, and what makes it say so
baseline_loss.py       The loss of a constant answer: the least that a network must beat
capacity_rules.py      Rules for networks that learn, but too little, too briefly or by heart
changes.py             The changes the coach offers: round values within each field's range
copying.py             A rule for networks that give back their input without learning anything about it
forecast_rules.py      A rule for forecasts that are worse than repeating the last season
optimization_rules.py  Rules for networks that do not learn, or whose loss jumps
outcomes.py            What came of advice that was followed: compares the run before with the run after
part.py                The coach's card of the live panel, as plain data
restraints.py          Rules for networks held back by too much dropout or too strong a penalty
rules.py               `RULES`: all rules, most important first, and how they are applied to a run
run_summary.py         `RunSummary`: a run's history as the few numbers that the rules read
transfer_rules.py      Rules for runs that take layers over from a start
unseen.py              A rule for ratings of users or items that training has not seen
"""

from core.coach.advice import Advice, Rule
from core.coach.part import advice_of, coach_key, coach_part
from core.coach.rules import RULES, advise

__all__ = ["RULES", "Advice", "Rule", "advice_of", "advise", "coach_key", "coach_part"]
