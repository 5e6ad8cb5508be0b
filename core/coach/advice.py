"""`Advice` and `Rule`: what the coach says, and what makes it say so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.coach.run_summary import RunSummary


@dataclass(frozen=True)
class Advice:
    """One thing that the coach sees in a run.

    Attributes:
        name: the rule's name.
        title: the problem, in a few words.
        evidence: the numbers that show it.
        text: what that means, and what helps.
        change: fields for `config.replaced(**change)`, which give a valid config.
        button: what the change does, in words.
    """

    name: str
    title: str
    evidence: str
    text: str
    change: Mapping[str, Any]
    button: str


@dataclass(frozen=True)
class Finding:
    """The result of a rule, to which the table adds name and title. The fields are as in `Advice`."""

    evidence: str
    text: str
    change: Mapping[str, Any]
    button: str


@dataclass(frozen=True)
class Rule:
    """One rule of thumb.

    Attributes:
        source: the book or paper that it comes from.
        check: looks for the problem in a run; returns None if it is not there.
        instead_of: names of rules that are skipped if this one finds something, because it explains what
            they see or contradicts them.
    """

    name: str
    title: str
    source: str
    check: Callable[[RunSummary], Finding | None]
    instead_of: frozenset[str] = frozenset()

    def advice(self, found: Finding) -> Advice:
        return Advice(self.name, self.title, found.evidence, found.text, found.change, found.button)
