"""The coach: what a run's history tells, in words, with what it was seen by and a change that helps."""

from core.coach.advice import Advice, Rule
from core.coach.part import advice_of, coach_key, coach_part
from core.coach.rules import RULES, advise

__all__ = ["RULES", "Advice", "Rule", "advice_of", "advise", "coach_key", "coach_part"]
