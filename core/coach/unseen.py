"""A rule for ratings of users or items that the training examples do not have."""

from core.coach.advice import Finding
from core.coach.changes import Change, valid
from core.coach.run_summary import RunSummary
from core.formatting import percent
from core.runs.config import RunConfig

# With a smaller share than this, the unseen ones hardly count. How many times as many ratings are offered.
SHARE, TIMES = 0.1, 4


def unseen(seen: RunSummary) -> Finding | None:
    """Many validation examples are of users or items of which no training example tells anything."""
    probe = seen.probe
    if probe is None or not probe.validation or probe.unseen < SHARE or not seen.settled:
        return None
    found = _more(seen.config)
    if found is None:
        return None
    user, item = seen.data.features
    return Finding(
        f"{percent(probe.unseen)} of the validation ratings are by a {user} or of a {item} without any "
        "training rating.",
        f"The network has learned nothing about them, so for an unseen {user} or {item} it falls back on "
        "the mean. Only more ratings help.", *found)


def _more(config: RunConfig) -> tuple[Change, str] | None:
    """More ratings: all of them, or more of those that are drawn; None if there are no more."""
    if config.training_size:
        return {"training_size": 0}, "Learn from all ratings"
    own = dict(config.dataset_parameters)
    count = TIMES * own.get("ratings", 0)
    change = {"dataset_parameters": own | {"ratings": count}}
    return (change, f"Draw {count:,} ratings") if count and valid(config, change) else None
