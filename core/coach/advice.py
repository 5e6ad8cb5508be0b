"""`Advice` and `Rule`: what the coach says, and what makes it say so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

# What a rule reads: the summary of a run.
Summary = TypeVar("Summary")
MOST = 4


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
class Rule(Generic[Summary]):
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
    check: Callable[[Summary], Finding | None]
    instead_of: frozenset[str] = frozenset()

    def advice(self, found: Finding) -> Advice:
        return Advice(self.name, self.title, found.evidence, found.text, found.change, found.button)


def applied(rules: Sequence[Rule[Summary]], seen: Summary,
            valid: Callable[[Mapping[str, Any]], bool]) -> tuple[Advice, ...]:
    """What the rules find: at most `MOST` pieces, in the order of the rules.

    valid: whether a change gives a valid config that differs; without one, a rule says nothing.
    """
    said: list[Advice] = []
    silent: set[str] = set()
    for rule in rules:
        found = rule.check(seen) if rule.name not in silent else None
        if found is not None and valid(found.change):
            said.append(rule.advice(found))
            silent |= rule.instead_of
    return tuple(said[:MOST])
