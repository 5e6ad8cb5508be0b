"""The learning curve: how much more training examples help, and what a start saves that learned otherwise."""

from core.runs.run import Run
from core.studies.learning import CURVE_SEEDS, LearningCurve
from core.views.study_board import LEARNING_CARDS, learning_parts
from ui.evaluate import repeated


def draw(run: Run) -> None:
    """The section, for the configuration of a run."""
    repeated.counted(
        "learning_curve", run.config, LearningCurve, CURVE_SEEDS, "Train all sizes", LEARNING_CARDS,
        learning_parts,
        "The same network learns from ever more training examples. **Where the curve still rises, more data "
        "would help.** If the run's start learned something else, such as other classes or the inputs "
        "without their labels, it is compared with the same network from scratch: how many examples does the "
        "start save?")
