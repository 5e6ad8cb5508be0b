"""The same config with many seeds: how much of a difference is chance."""

from core.runs.run import Run
from core.studies.repeats import SEEDS, Seeds
from core.views.study_board import SEEDS_CARDS, seeds_parts
from ui.evaluate import repeated


def draw(run: Run) -> None:
    """The section, for the configuration of a run."""
    repeated.counted(
        "seeds", run.config, Seeds, SEEDS, "Train all seeds", SEEDS_CARDS, seeds_parts,
        "The seed decides everything random: which examples are used for validation, the initial weights, "
        "the order of the examples. **The band shows what chance alone does.** Two configurations whose "
        "results differ by less than the width of the band may be equally good.")
