"""The tour as the page shows it: the open card, or the offer to begin."""

from core.lessons.tour import CARDS, MINUTES
from core.lessons.touring import Tour
from core.views.patches import Patch

# On the first card and the last, where they are known: not after a reload.
BACK = " Your own settings come back at the end."
OFFER = f"New here? Take the tour: {len(CARDS)} steps, about {MINUTES} minutes."


def tour_card(tour: Tour, offered: bool) -> Patch:
    """The card's `number`, from 0, and its texts; `number` is None without a card.

    `offer` is empty where no tour is offered; `done` is None where there is nothing to do; `tells` is whether
    the browser reports what was touched.
    """
    number, is_done = tour.shown
    card = None if number is None else CARDS[number]
    offer = OFFER if offered and tour.number is None else ""
    if card is None:
        return Patch((None, offer), lambda: {"number": None, "offer": offer})
    done = is_done if card.done else None
    back = BACK if tour.own is not None and card in (CARDS[0], CARDS[-1]) else ""
    return Patch((number, done, back), lambda: {
        "number": number, "of": len(CARDS), "title": card.title, "text": card.text + back,
        "at": list(card.at), "done": done, "tells": card.done == "touched", "offer": ""})
