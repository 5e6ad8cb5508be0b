"""How often pages look for news: as often as the page process can afford, judged by what a look costs."""

STEPS = (0.04, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
# Share of one core for all looks. Python runs one thread at a time, and clicks and new pages need time too.
SHARE = 0.5
# What a look costs in all, relative to the look alone: the server also sends the result.
AROUND = 1.4
# Speed up again only if that leaves a quarter of the share free, so that the rate does not flicker.
CALM = 0.75
# Weight of a new look in the mean cost, and the first guess of that cost: an ordinary machine, in seconds.
WEIGHT, GUESS = 0.05, 0.004


class Rate:
    """The seconds between two looks of each page, one of `STEPS`. Shared by all pages of the process."""

    def __init__(self) -> None:
        self.cost = GUESS
        self.seconds = STEPS[0]

    @property
    def soonest(self) -> float:
        """The seconds between two looks when there is time for all of them."""
        return STEPS[0]

    def note(self, seconds: float) -> None:
        """A look took `seconds` of the processor."""
        self.cost += WEIGHT * (seconds - self.cost)

    def look(self, pages: int) -> float:
        """The seconds between two looks while `pages` pages follow a run.

        Slows down at once if their looks together would take more than their share.
        """
        needed = max(1, pages) * self.cost * AROUND / SHARE
        slow_enough = next((step for step in STEPS if step >= needed), STEPS[-1])
        calm = next((step for step in STEPS if step >= needed / CALM), STEPS[-1])
        self.seconds = max(slow_enough, min(self.seconds, calm))
        return self.seconds
