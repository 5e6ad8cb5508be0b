"""`Tour`: how far one session is in the tour, and what the page has to prepare for it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from core.lessons.tour import AT, CARDS, DECLINED, FINISHED, LEFT, Remembered, TourCard
from core.lessons.tour_done import DONE, Scene
from core.runs.config import RunConfig


@dataclass
class Tour:
    """The tour on one page. It does not use Streamlit: its commands come from the stream's threads.

    Attributes:
        number: the open card's, from 0; None while none is open.
        done: whether the learner has done what the card asks for.
        touched: see `Scene`.
        wants: what the page's script has to fill the sidebar with; None for nothing.
        own: what the learner had chosen before, to be restored at the end; None if there is nothing.
        known: what the browser remembers; None if the tour was never offered.
        note: called with what the browser should remember.
    """

    number: int | None = None
    done: bool = False
    touched: bool = False
    wants: RunConfig | None = None
    own: RunConfig | None = None
    known: Remembered | None = None
    note: Callable[[Remembered], object] = field(default=lambda _: None)
    _left: tuple[int | None, bool] = None, False
    _before: Scene | None = None
    _prepared: RunConfig | None = None
    # The settings when the tour last looked.
    _choices: RunConfig | None = None

    @property
    def card(self) -> TourCard | None:
        """The open card."""
        return None if self.number is None else CARDS[self.number]

    @property
    def shown(self) -> tuple[int | None, bool]:
        """The number of the card to show, and whether it is done.

        Until the sidebar is filled for the open card, that is the one before: what a learner chose so early
        would be filled over.
        """
        return (self.number, self.done) if self.wants is None or self.number is None else self._left

    def start(self, own: RunConfig | None) -> None:
        """Open the first card, or the one where the tour was left; nothing while it is on its way.

        own: the learner's current choices.
        """
        if self.card is CARDS[-1]:
            self.close()
        if self.number is None:
            # What is not restored yet is still the learner's own.
            self.own = own if self.wants is None else self.wants
            self._open(self.known.number if self.known else 0, prepares=True)

    def resume(self) -> None:
        """Open the card that was open when the page was left, without changing any setting."""
        if self.number is None and self.known and self.known.state == AT:
            self._open(self.known.number, prepares=False)

    def turn(self, from_number: int, by: int) -> None:
        """Go on or back from a card, if it is the open one. After the last card the tour is over."""
        if from_number != self.number or from_number + by < 0:
            return
        if from_number + by == len(CARDS):
            self.close()
        else:
            self._open(from_number + by, prepares=CARDS[from_number + by].prepares)

    def leave(self) -> None:
        """End the tour at the open card, or decline it if it has not begun."""
        card = self.card
        if card is None:
            if self.known is None:
                self._remember(DECLINED)
            return
        if card is not CARDS[-1]:
            self._remember(LEFT, card)
        self.close()

    def close(self) -> None:
        """End the tour and restore the learner's own choices."""
        if self.number is not None:
            self.number, self.wants, self.own = None, self.own, None

    def drop(self) -> None:
        """Forget what was to be prepared or restored: another link has filled the sidebar."""
        self.wants = self.own = self._prepared = None

    def touch(self) -> None:
        """Called when the browser reports that the learner used the element that the card points at."""
        self.touched = self.number is not None

    def look(self, scene: Scene) -> None:
        """Check whether the open card is done. A card that is done stays done."""
        card = self.card
        if card is None or not card.done or self.done:
            self._choices = scene.choices
            return
        if self._before is None:
            # The settings that it prepares arrive a moment later. By then, the learner may have changed one.
            if self._prepared not in (None, scene.choices) and self._choices in (None, scene.choices):
                self._choices = scene.choices
                return
            self._before = replace(scene, choices=self._prepared or scene.choices)
        self._choices = scene.choices
        self.done = DONE[card.done](replace(scene, touched=self.touched), self._before)

    def _open(self, number: int, prepares: bool) -> None:
        card, self._left = CARDS[number], self.shown
        self.number, self.done, self.touched, self._before, self._prepared = number, False, False, None, None
        if prepares:
            # Where the tour goes on in the middle, the last card that prepared something counts.
            found = next((one for one in reversed(CARDS[:number + 1]) if one.prepares), CARDS[0])
            self.wants = self._prepared = found.prepared
        self._remember(FINISHED if card is CARDS[-1] else AT, card)

    def _remember(self, state: str, card: TourCard | None = None) -> None:
        self.known = Remembered(state, card.name if card else "")
        self.note(self.known)
