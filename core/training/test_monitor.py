"""Evaluates the network on the test set while it trains, within a fixed share of the run's time."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from core.datasets import Split
from core.datasets.splits import split as divided
from core.metrics import guessing
from core.metrics.ranked_items import ranked_items
from core.metrics.scores import regression_metrics
from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation, Prediction, Predictions
from core.runs.events import message_interval
from core.training import reconstructing, regions
from core.training.example_maps import ExampleLooker
from core.training.initial import TEST_PROBE, stream
from core.training.live_weights import live_weights
from core.training.numbers import own_numbers
from core.training.program import Program, State
from core.training.recommending import Recommender, item_map, scores_of

# Evaluation takes at most this share of a run's time; all runs of a worker together, as much as two would.
# The probes (`core.training.probing`) take the rest of a tenth.
SHARE = 0.08
# A probe has as many examples, up to `MOST`, as can be evaluated ten times a second; or one slice.
FRAME, MOST = 0.1, 1000
GALLERY = 18
# What an evaluation takes beyond so many times the shortest one, the process was held up by others.
HELD_UP = 4
# Between two looks of a paused run for what is being compiled for its picture.
PENDING_SECONDS = 0.1


class Answers(NamedTuple):
    """What the network, with the same weights throughout, says of some test examples.

    Attributes:
        chosen: which of the test set, ascending.
        outputs: probabilities, or numbers as they were prepared; of reconstructions, their
            `reconstructing.squares`; of hidden words, the likeliest ones, see `losses.predictions`.
        losses: of each example.
        alive: which relu units answered one of them.
    """

    chosen: Int[np.ndarray, "n"]
    outputs: Float[np.ndarray, "n units"]
    losses: Float[np.ndarray, "n"]
    alive: Bool[np.ndarray, "relus"]


class TestMonitor:
    """Evaluates one run on the test set.

    While it trains, on a probe: the same examples each time, so that two evaluations differ by the network
    alone. How many is measured once. `complete` evaluates on the whole test set.

    example: says which test example the picture of the network is about. looker: looks into its layers.
    """

    def __init__(self, config: RunConfig, split: Split, program: Program,
                 example: Callable[[], int] = int):
        self.config, self.data = config, config.data
        self.split, self.program, self.example = split, program, example
        self._own, self._weights = own_numbers(config), live_weights(config)
        self.looker = ExampleLooker(config, split, program)
        self._recommender = Recommender(config, split, program) if split.pairs is not None else None
        self._map: np.ndarray | None = None
        self._shown = (0, 1), 0
        self._grid: regions.Grid | None = None
        self._guess: tuple[float, float] | None = None
        self._whole = (divided(config.data.labelled, config.preparation).x_test if config.data.guesses
                       else split.x_test)
        self.spent = self._cost = self._last = 0.0
        self._least = math.inf
        self.size = 0

    @cached_property
    def order(self) -> Int[np.ndarray, "n"]:
        """The test examples as the probe takes them; found when first needed, after the first point."""
        return probe_order(self.split.y_test, self.config)

    @property
    def whole(self) -> bool:
        """Whether the probe is the whole test set."""
        return self.size == len(self.order)

    def due(self, elapsed: float, active_runs: int = 1) -> bool:
        """Whether an update fits into its share of the run's `elapsed` seconds, evaluation included.

        active_runs: how many runs share the process.
        """
        rested = time.monotonic() - self._last >= message_interval(active_runs)
        return rested and self.spent + self._cost <= SHARE * min(1.0, 2 / max(1, active_runs)) * elapsed

    @property
    def patience(self) -> float | None:
        """How long a paused run may wait before it looks again; None if nothing is still to come."""
        return PENDING_SECONDS if self.looker.pending else None

    def outdated(self, features: tuple[int, int]) -> bool:
        """Whether the last update was about other features or another example, or missed its maps."""
        ready = self.looker.pending and self.program.inside_compiled()
        return ready or self._shown != (features, self.example())

    def update(self, state: State, step: int, features: tuple[int, int], resting: bool = False) -> Evaluation:
        """Evaluate the network on the probe.

        Args:
            features: the two columns that regions are drawn over.
            resting: whether there is time for the layers' outputs in detail.
        """
        self.size = self.size or self._affordable(state)
        began = time.monotonic()
        self._shown = features, self.example()
        evaluation = replace(self._evaluation(self._ask(state, lambda: False), state, step, features),
                             maps=self.looker.look(state, self.example(), resting))
        self._last = time.monotonic()
        self._least = min(self._least, self._last - began)
        # One that was held up would else use up the share of seconds, in which the pictures stand still.
        self._cost = min(self._last - began, HELD_UP * self._least)
        self.spent += self._cost
        return evaluation

    def complete(self, state: State, step: int, features: tuple[int, int],
                 stopped: Callable[[], bool]) -> Evaluation:
        """Evaluate the network on the whole test set; if `stopped` meanwhile, on at least the probe."""
        found = self._evaluation(self._ask(state, lambda: not stopped()), state, step, features)
        return replace(found, maps=self.looker.look(state, self.example(), resting=True))

    def ending(self, state: State, step: int, features: tuple[int, int],
               stopped: Callable[[], bool]) -> Iterator[Evaluation]:
        """`complete`, and once more with the maps of the layers if these were still to come."""
        found = self.complete(state, step, features, stopped)
        yield found
        maps = self.looker.late(state, self.example()) if not stopped() else None
        if maps is not None:
            yield replace(found, maps=maps)

    def ranked(self, state: State, found: Evaluation) -> Evaluation | None:
        """`found` and how high the network ranks what users like; None where there is nothing more to say.

        At the end of a run only: it asks the network about all items, a hundred thousand pairs and more.
        """
        if self._recommender is None or not found.complete:
            return None
        told = ranked_items(self.split, scores_of(self.program, state, self.split))
        liked = np.stack([told.liked[:, 0], told.places], axis=1).astype(np.int32)
        return replace(found, liked=liked, measures=(
            *((("rmse", found.numbers.rmse),) if found.numbers is not None else ()),
            ("hit_rate", told.hit_rate), ("ndcg", told.ndcg)))

    def _affordable(self, state: State) -> int:
        """How many examples the probe gets, from what a slice costs. At least a slice.

        Once a run, and not counted: a program's first call takes many times as long as the others, and no
        evaluation would fit into its share for seconds.
        """
        size, seconds = self.program.plan.looked, []
        for _ in range(3):
            began = time.monotonic()
            self._look(state, self.order[:size])
            seconds.append(time.monotonic() - began)
        slices = SHARE * FRAME / min(seconds) - self._drawn / size
        chosen = min(len(self.order), max(size, min(MOST, size * int(slices))))
        self._least = min(seconds) * (chosen + self._drawn) / size
        return chosen

    @property
    def _drawn(self) -> int:
        """How many points the pictures ask the network about."""
        return (regions.GRID ** 2 if self.data.has_regions else
                regions.CURVE if self.data.shape == (1,) else 0)

    def _look(self, state: State, chosen: np.ndarray) -> Answers:
        x = self.split.x_test[chosen]
        found = Answers(chosen, *self.program.look(state, x, self.split.y_test[chosen], self._own))
        if not self.data.reconstructs:
            return found
        # At once, because the outputs of a large test set would fill the memory.
        return found._replace(outputs=reconstructing.squares(reconstructing.inputs(self.split, x),
                                                             found.outputs))

    def _ask(self, state: State, more: Callable[[], bool]) -> Answers:
        """Answers for the probe, and for the rest as long as there is to be `more`."""
        size, looks, asked = self.program.plan.looked, [], 0
        while asked < len(self.order) and (asked < max(1, self.size) or more()):
            looks.append(self._look(state, self.order[asked:asked + size]))
            asked += size
        chosen, outputs, losses = (np.concatenate([look[place] for look in looks]) for place in range(3))
        sorts = np.argsort(chosen)
        alive = np.any([look.alive for look in looks], axis=0)
        return Answers(chosen[sorts], outputs[sorts], losses[sorts], alive)

    def _evaluation(self, answers: Answers, state: State, step: int,
                    features: tuple[int, int]) -> Evaluation:
        count, total, alive = len(answers.chosen), len(self.order), answers.alive
        losses = answers.losses
        if self.data.detects:
            losses = losses[reconstructing.normal(self.data, self.split.y_test[answers.chosen])]
        found = Evaluation(step, np.zeros((0, 0), np.int64), count, float(losses.mean()),
                           float("nan"), count == total, total=total, weights=self._weights(state),
                           dead_share=float(1 - alive.mean()) if alive.size else None,
                           indices=None if count == total else answers.chosen)
        judge = (self._of_reconstructions if self.data.reconstructs else
                 self._of_words if self.data.guesses else
                 self._of_classes if self.data.classes else self._of_numbers)
        return judge(state, answers, features, found)

    def _of_classes(self, state: State, answers: Answers, features: tuple[int, int],
                    found: Evaluation) -> Evaluation:
        chosen, probabilities = answers.chosen, answers.outputs
        labels, predicted = self.split.y_test[chosen], probabilities.argmax(1)
        matrix = np.zeros((len(self.data.classes),) * 2, np.int64)
        np.add.at(matrix, (labels, predicted), 1)
        wrong = np.flatnonzero(predicted != labels)
        gallery: tuple[Prediction, ...] = ()
        if self.data.is_image or self.data.is_text:
            confident = wrong[np.argsort(-probabilities[wrong].max(1), kind="stable")]
            shown = np.concatenate([confident, np.flatnonzero(predicted == labels)])[:GALLERY]
            gallery = tuple(Prediction(int(chosen[index]), int(labels[index]), int(predicted[index]),
                                       float(probabilities[index].max())) for index in shown)
        area = None
        if self.data.has_regions:
            if self._grid is None or self._grid.asked != features:
                self._grid = regions.grid(self.split, features)
            area = regions.decision_regions(self.program, state, self._grid)
        return replace(found, matrix=matrix, predicted=predicted.astype(np.uint8), gallery=gallery,
                       metric=float((predicted == labels).mean()),
                       wrong=() if self.data.is_image else tuple(int(index) for index in chosen[wrong]),
                       regions=area)

    def _of_reconstructions(self, state: State, answers: Answers, features: tuple[int, int],
                            found: Evaluation) -> Evaluation:
        data, split = self.data, self.split
        self._guess = self._guess or reconstructing.guessed(data, split)
        chosen = min(self.example(), len(self.order) - 1)
        shown = reconstructing.drawn(data, split, chosen, self.order)[:self.program.plan.looked]
        outputs = self.program.look(state, split.x_test[shown])[0]
        told = reconstructing.reconstructions(data, split, answers.chosen, answers.outputs, shown, outputs,
                                              self._guess)
        counted = reconstructing.normal(data, split.y_test[answers.chosen])
        return replace(found, metric=float(told.errors[counted].mean()), reconstructions=told,
                       measures=(("area", told.area),) if data.detects and found.complete else ())

    def _of_words(self, state: State, answers: Answers, features: tuple[int, int],
                  found: Evaluation) -> Evaluation:
        words = self.split.y_test[answers.chosen]
        told = guessing.guesses(self.split, self._whole, answers.chosen, answers.outputs,
                                self.order[:answers.chosen.size])
        hits = guessing.right(answers.outputs, words)
        return replace(found, metric=float(hits.mean()), guesses=told,
                       wrong=tuple(int(index) for index in answers.chosen[~hits]))

    def _of_numbers(self, state: State, answers: Answers, features: tuple[int, int],
                    found: Evaluation) -> Evaluation:
        split = self.split
        assert split.target_mean is not None and split.target_deviation is not None
        expected, predicted = (values * split.target_deviation + split.target_mean
                               for values in (split.y_test[answers.chosen], answers.outputs))
        mae, rmse, r2 = regression_metrics(expected, predicted)
        drawn = regions.curve(self.program, state, split) if self.data.shape == (1,) else None
        return replace(found, metric=mae, places=self._items(state), numbers=Predictions(
            answers.chosen, expected, predicted, mae, rmse, r2, drawn))

    def _items(self, state: State) -> np.ndarray | None:
        """The map of the items, turned like the one before."""
        if self._recommender is None or self.split.pairs is None:
            return None
        self._map = item_map(self._recommender.items(state), self.split.pairs.items, self._map)
        return self._map


def probe_order(targets: np.ndarray, config: RunConfig) -> Int[np.ndarray, "n"]:
    """The test examples in the order in which a probe takes them: drawn from the seed.

    Of classes, any first part has the same shares as the whole, as far as that can be. Of a series, the last
    come first: they are drawn one after another.
    """
    count = len(targets)
    if config.data.labelled.task == "forecasting":
        return np.arange(count)[::-1]
    drawn = stream(config.seed, TEST_PROBE, 0).permutation(count)
    if not config.data.labelled.classes or config.data.guesses:
        return drawn
    place = np.empty(count)
    for label in np.unique(targets):
        of_class = drawn[targets[drawn] == label]
        place[of_class] = (np.arange(len(of_class)) + 0.5) / len(of_class)
    return drawn[np.argsort(place[drawn], kind="stable")]
