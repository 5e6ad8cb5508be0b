"""Answers to inputs of the learner's own, between two calls of a run's program or after its end."""

import time
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from core.datasets import Split
from core.datasets.hidden_words import typed
from core.datasets.pairs import PairShape
from core.datasets.splits import prepared, split
from core.datasets.words import PADDING, UNKNOWN
from core.runs.config import RunConfig
from core.runs.evaluations import TriedAnswer
from core.runs.input_fields import fields
from core.runs.recommended import Wish
from core.runs.tried import Tried, check
from core.settings import from_environment
from core.training import regions
from core.training.evaluate_weights import state_of
from core.training.example_maps import LATE_SECONDS, ExampleLooker
from core.training.flips import flip
from core.training.plan import Plan
from core.training.program import Program, State, data_of
from core.training.program_cache import program_for
from core.training.recommending import Recommender
from core.training.word_gradients import WordGradients

# Between two answers: so many times what the last one took. A run that trains answers the same input again
# after so many times that: a twentieth of its time.
REST, FOLLOWING = 4, 20
# Between two looks of a paused run for what it could not answer yet, in seconds.
EVERY = 0.1
# Networks of ended runs that are asked again and again.
KEPT = 4


class Answerer:
    """Answers what one run's learner tries, and remembers what was answered.

    spent: seconds that took in all.
    """

    def __init__(self, config: RunConfig, split: Split, program: Program, looker: ExampleLooker):
        self._split, self._program, self._looker = split, program, looker
        data = config.data
        self._shape, self._guesses = data.shape, data.guesses
        # Of hidden words, it tells the likeliest instead.
        self._explains = split.vocabulary is not None and not data.guesses
        self._recommender = Recommender(config, split, program) if split.pairs is not None else None
        # Those that the browser computes, it also changes.
        flips = data.classes and not (data.is_image or data.is_series or data.is_text or looker.travels)
        self._fields = fields(config) if flips else []
        self._gradients = WordGradients(config)
        # What was answered last, at which step, and whether with its maps.
        self._told: tuple[Tried | None, int, bool] = None, -1, False
        self._began = self._took = self.spent = 0.0

    def due(self, asked: Tried | None, step: int, paused: bool) -> bool:
        """Whether there is a question that was not answered, or only without its maps.

        paused: a paused run answers once more at another step; others follow their evaluations.
        """
        if asked is None or not self._ready or not self._rested(REST * self._took):
            return False
        told, at, whole = self._told
        return asked != told or (paused and at != step) \
            or (not whole and self.compiled(asked))

    def compiled(self, asked: Tried, seconds: float = 0.0) -> bool:
        """Whether all that an answer needs is compiled, each part within `seconds`."""
        maps = self._program.inside_failed or self._program.inside_compiled(seconds)
        return maps and (not asked.gradients or self._gradients.compiled(seconds))

    def follows(self, asked: Tried | None) -> bool:
        """Whether there is time to answer the same question again, with other weights."""
        return asked is not None and self._ready and self._rested(FOLLOWING * self._took)

    def patience(self, asked: Tried | None, step: int) -> float | None:
        """How long a paused run may wait for a change of its controls; None for ever."""
        return None if asked is None or self._told == (asked, step, True) else EVERY

    @property
    def _ready(self) -> bool:
        """A question never waits for a program, nor does the training."""
        return self._program.predicts or self._program.inside_compiled()

    def _rested(self, seconds: float) -> bool:
        return time.monotonic() >= self._began + seconds

    def answer(self, state: State, step: int, asked: Tried, resting: bool = False) -> TriedAnswer:
        """What the network says now. Until the layers can be looked into, without their maps.

        resting: whether there is time for maps in detail.
        """
        began = time.monotonic()
        if self._recommender is not None and isinstance(self._shape, PairShape):
            told = self._recommender.answer(state, Wish.of(asked.x, self._shape))
            self._answered(asked, step, True, began)
            return TriedAnswer(asked.number, step, told.predicted, recommended=told)
        x = self._prepared(asked)
        maps = self._looker.look_at(state, x[0], resting)
        if maps is not None:
            answers, guessed = maps.answers, maps.words
        else:
            raw = self._program.look(state, x)[0][0]
            answers, guessed = self._looker.own_units(raw), self._looker.words(raw)
        whole = maps is not None or self._looker.travels or self._program.inside_failed
        scanned = bool(self._fields) and self._program.predicts
        changed = flip(self._fields, asked.x.astype(np.float64),
                       lambda rows: self._classes(state, rows)) if scanned else None
        words = self._words(state, x, np.asarray(answers)) if self._explains else (None, None)
        added = self._gradients.of(state, x[0]) if asked.gradients and self._explains else None
        whole = whole and (added is not None or not asked.gradients or self._gradients.failed)
        self._answered(asked, step, whole, began)
        gradients, nothing = added or (None, None)
        return TriedAnswer(asked.number, step, np.asarray(answers), maps, *words, changed, scanned,
                           gradients=gradients, nothing=nothing, words=guessed)

    def _prepared(self, asked: Tried) -> np.ndarray:
        """The input as the network sees it, (1, *shape)."""
        if asked.text is not None and self._split.vocabulary is not None:
            vocabulary = self._split.vocabulary
            return typed(vocabulary, asked.text) if self._guesses else vocabulary.encoded([asked.text])
        return prepared(self._split, asked.x[None].astype(np.float64))

    def _answered(self, asked: Tried, step: int, whole: bool, began: float) -> None:
        self._told, self._began, self._took = (asked, step, whole), began, time.monotonic() - began
        self.spent += self._took

    def _words(self, state: State, x: np.ndarray, answers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How much each answer falls if a word is left out, and which words are unknown; x: (1, length)."""
        kept = x[0][x[0] != PADDING]
        rows = np.zeros((len(kept), x.shape[1]), x.dtype)
        for place, row in enumerate(rows):
            rest = np.delete(kept, place)
            row[:max(1, len(rest))] = rest if len(rest) else UNKNOWN
        size = self._program.plan.looked
        without = np.concatenate([self._program.look(state, rows[start:start + size])[0]
                                  for start in range(0, len(rows), size)])
        return answers - without, kept == UNKNOWN

    def _classes(self, state: State, rows: np.ndarray) -> np.ndarray:
        """What is predicted for inputs in their own units."""
        return regions.answers(self._program, state, prepared(self._split, rows)).argmax(1)


def answer_ended(config: RunConfig, weights: Sequence[np.ndarray], asked: Tried) -> TriedAnswer:
    """What an ended run's network says of an input, or that of an earlier moment.

    weights: `Finished.weights`, or these without the seeds of Dropout. The step is 0: who asks knows it.
    Raises `FieldError` for what the network cannot be asked.
    """
    check(asked, config.data)
    program, answerer = _opened(config)
    state = state_of(program.model, weights)
    found = answerer.answer(state, 0, asked, resting=True)
    lacks = found.maps is None or (asked.gradients and found.gradients is None)
    if lacks and answerer.compiled(asked, LATE_SECONDS):
        return answerer.answer(state, 0, asked, resting=True)
    return found


@lru_cache(maxsize=KEPT)
def _opened(config: RunConfig) -> tuple[Program, Answerer]:
    """Building a network takes longer than asking it, and one is asked ten times a second."""
    data = split(config.data, config.preparation)
    program = program_for(config, Plan.of(config, data), data_of(data), from_environment())
    return program, Answerer(config, data, program, ExampleLooker(config, data, program))
