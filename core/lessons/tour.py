"""`CARDS`: the tour of the stage, card by card, and what a browser remembers of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.lessons.from_toml import TABLES, entries
from core.lessons.tour_done import DONE
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.fields import PARAMETERS
from core.store.progress import LessonProgress

# Its name among the lessons in a learner's progress, and in the address that starts it.
TOUR = "tour"
MINUTES = 5
MOST_WORDS = 50
# What a card can point at besides the fields of the sidebar: keys of elements on the page.
PLACES = frozenset({
    "train", "pause", "resume", "step", "rewind", "runs", "coach", "network", "loss_curve", "predictions",
    "confusion_matrix", "try_it", "dataset_picture", "learning_rate_scale", "mlp_hidden_units_add", "learn"})
# How a tour stands: under way, ended early, declined when it was offered, or finished.
AT, LEFT, DECLINED, FINISHED = STATES = ("at", "left", "declined", "finished")


@dataclass(frozen=True)
class TourCard:
    """One card. Raises `ValueError` if the text is too long or a name does not exist.

    Attributes:
        name: its key, which browsers remember.
        title, text: what it says; `**` around a word makes it bold.
        at: what it points at: the first of these elements that is visible.
        done: the name of an entry of `DONE`; empty where there is nothing to do but look.
        prepares: whether the sidebar is filled when the card opens.
        config: the fields that then differ from their defaults.
    """

    name: str
    title: str
    text: str
    at: tuple[str, ...]
    done: str = ""
    prepares: bool = False
    config: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words = len(self.text.split())
        if words > MOST_WORDS:
            raise ValueError(f"text has {words} words; {MOST_WORDS} at most")
        if self.done and self.done not in DONE:
            raise ValueError(f"done must be one of {', '.join(DONE)}, got {self.done!r}")
        for place in self.at:
            if place not in PLACES and place not in PARAMETERS:
                raise ValueError(f"at names {place!r}, which is neither a field nor one of "
                                 f"{', '.join(sorted(PLACES))}")
        if self.config and not self.prepares:
            raise ValueError("config needs prepares = true")
        try:
            _ = self.prepared
        except FieldError as error:
            raise ValueError(f"config: {error.message}") from None

    @property
    def prepared(self) -> RunConfig:
        """The settings that the sidebar is filled with."""
        return RunConfig().replaced(**self.config)


CARDS: tuple[TourCard, ...] = tuple(entries(TABLES / "tour.toml", TourCard).values())


@dataclass(frozen=True)
class Remembered:
    """What a browser remembers of the tour. state: one of `STATES`. card: the name of the last card."""

    state: str
    card: str = ""

    @property
    def number(self) -> int:
        """The number of the card to go on with, from 0."""
        if self.state not in (AT, LEFT):
            return 0
        return next((number for number, card in enumerate(CARDS) if card.name == self.card), 0)


def remembered(progress: LessonProgress | None) -> Remembered | None:
    """Read from the progress in the lesson `TOUR`; None if the tour was never offered."""
    state, _, card = progress.sentence.partition(" ") if progress else ("", "", "")
    return Remembered(state, card) if state in STATES else None


def to_progress(found: Remembered) -> LessonProgress:
    """The inverse: as an entry of a browser's progress."""
    return LessonProgress(TOUR, sentence=f"{found.state} {found.card}".strip())
