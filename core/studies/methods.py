"""The search methods, one entry each, and the study made from a search."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.runs.config import RunConfig
from core.studies import bayesian, halving, sampling
from core.studies.search import Search
from core.studies.study import Member, Round, StudyResults, StudySize

Following = Callable[[Search, Sequence[Member], StudyResults], tuple[tuple[Member, ...], Round | None]]


@dataclass(frozen=True)
class SearchMethod:
    """One search method.

    Attributes:
        help: what it does and when to use it, in a sentence or two.
        uses: fields of `Search` that it reads besides seed and objective.
        plan: how much it will train.
        following: the next trials, given the results so far.
    """

    name: str
    label: str
    help: str
    uses: tuple[str, ...]
    plan: Callable[[Search], StudySize]
    following: Following


def _at_once(draw: Callable[[Search, int, int], Iterable[sampling.Values]]) -> Following:
    """A method with a single round, which trains all of its trials to the end."""
    def following(search: Search, members: Sequence[Member],
                  results: StudyResults) -> tuple[tuple[Member, ...], Round | None]:
        if members:
            return (), None
        new = sampling.members(search, draw(search, search.trials, 0))
        return new, Round(tuple(range(len(new))), search.config.epochs) if new else None
    return following


def _in_brackets(brackets: Callable[[Search], tuple[halving.Bracket, ...]]) -> Following:
    return lambda search, members, results: halving.following(search, brackets(search), len(members), results)


def _whole(trials: Callable[[Search], int]) -> Callable[[Search], StudySize]:
    return lambda search: StudySize(trials(search), trials(search) * search.config.epochs)


def _dropping(brackets: Callable[[Search], tuple[halving.Bracket, ...]]) -> Callable[[Search], StudySize]:
    return lambda search: StudySize(sum(bracket[0].trials for bracket in brackets(search)),
                               sum(halving.work(bracket) for bracket in brackets(search)))


_ENTRIES = (
    SearchMethod("random", "Random", "Every value is drawn at random. Hard to beat: when only a few of "
                 "several parameters matter, it tries more values of each than a grid with the same number "
                 "of trials.",
                 ("trials",), _whole(lambda search: search.trials), _at_once(sampling.random)),
    SearchMethod("grid", "Grid", "Every combination of a few values of each parameter. Easy to read as a "
                 "picture, but every parameter multiplies the number of trials.",
                 (), _whole(sampling.combinations), _at_once(sampling.grid)),
    SearchMethod("latin", "Latin hypercube", "Random, but evenly spread: the range of each parameter is "
                 "divided into as many parts as there are trials, and each part is tried once.",
                 ("trials",), _whole(lambda search: search.trials), _at_once(sampling.latin)),
    SearchMethod("halving", "Successive halving", "Many trials start, the best few continue for longer, and "
                 "so on. Little time is spent on trials that look bad early, but slow starters are lost.",
                 ("trials", "eta", "least_epochs"), _dropping(halving.halving),
                 _in_brackets(halving.halving)),
    SearchMethod("hyperband", "Hyperband", "Successive halving several times over, from many trials that "
                 "are dropped early to a few that train to the end, so that slow starters get a chance. The "
                 "number of epochs decides the number of trials.",
                 ("eta", "least_epochs"), _dropping(halving.hyperband), _in_brackets(halving.hyperband)),
    SearchMethod("bayesian", "Bayesian", "Learns from earlier trials where good values lie and tries more "
                 "there, eight trials at a time (optuna's TPE). Worth it when a trial takes long; it cannot "
                 "train all trials at once.",
                 ("trials",), _whole(lambda search: search.trials), bayesian.following),
)

METHODS: dict[str, SearchMethod] = {entry.name: entry for entry in _ENTRIES}


@dataclass(frozen=True)
class Searching:
    """A search as a study's method: trials, round after round."""

    search: Search

    @property
    def config(self) -> RunConfig:
        return self.search.config

    @property
    def axes(self) -> tuple[str, ...]:
        return tuple(axis.field for axis in self.search.axes)

    @property
    def plan(self) -> StudySize:
        return METHODS[self.search.method].plan(self.search)

    def following(self, members: Sequence[Member],
                  results: StudyResults) -> tuple[tuple[Member, ...], Round | None]:
        return METHODS[self.search.method].following(self.search, members, results)
