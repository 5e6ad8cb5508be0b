"""What the history of a run tells, in words: what was seen, what it was seen by, and a change that helps.

May import: metrics, runs, catalog, datasets.

advice.py              What the coach says, and a rule that makes it say so
baseline_loss.py       What an answer gets that does not look at the example: the least that a network…
capacity_rules.py      Rules for a network that learns: too little, too much by heart, too briefly
changes.py             What the coach proposes: other values of a config's fields, round ones, within…
optimization_rules.py  Rules for a network that does not learn, or not steadily: what holds it up
outcomes.py            What became of advice that was taken: a function of the run that it was given for…
part.py                The coach's part of the live panel, as plain data
restraints.py          Rules for a network that is held down: by too much dropout, or by too strong a…
rules.py               The table of rules, the most important first, and what they make of a run
run_summary.py         What the coach looks at: a run's history in the few numbers that its rules read
"""

from core.coach.advice import Advice, Rule
from core.coach.part import advice_of, coach_key, coach_part
from core.coach.rules import RULES, advise

__all__ = ["RULES", "Advice", "Rule", "advice_of", "advise", "coach_key", "coach_part"]
