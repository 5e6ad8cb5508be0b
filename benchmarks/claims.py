"""Whether what the ideas of Learn say in numbers is so: their links are trained, and the claims checked.

`python -m benchmarks.claims [IDEA ...]`. The engine alone, in this process, without pages or workers.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from benchmarks.coach import trained
from benchmarks.report import Cell, Report, ReportTable, arguments, cell_text
from benchmarks.subjects import fresh_environment
from core.catalog.layers.counting import parameters
from core.lessons.articles import IDEAS
from core.lessons.facts import FACTS
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.history import History
from core.runs.run import Run
from ui.form.permalink import from_params

NOTE = "Each link was trained once, with its own seed. Values stand in the order of the links."


@dataclass(frozen=True)
class Requirement:
    """What a fact has to be. text: in words. holds: whether the values, one for each link, are so."""

    fact: str
    text: str
    holds: Callable[[Sequence[float]], bool]


def at_least(fact: str, value: float) -> Requirement:
    """Every value is as large or larger."""
    return Requirement(fact, f"at least {value:g}", lambda found: min(found) >= value)


def at_most(fact: str, value: float) -> Requirement:
    """Every value is as small or smaller."""
    return Requirement(fact, f"at most {value:g}", lambda found: max(found) <= value)


def between(fact: str, low: float, high: float) -> Requirement:
    """Every value lies between two others."""
    return Requirement(fact, f"{low:g} to {high:g}", lambda found: low <= min(found) and max(found) <= high)


def falls(fact: str) -> Requirement:
    """Each link's value is lower than that of the link before."""
    return Requirement(fact, "falls", lambda found: all(a > b for a, b in pairwise(found)))


def rises(fact: str) -> Requirement:
    """Each link's value is higher than that of the link before."""
    return Requirement(fact, "rises", lambda found: all(a < b for a, b in pairwise(found)))


@dataclass(frozen=True)
class Claim:
    """What an idea says of some of its links. links: their places among the idea's, from 0; `idea/place` for
    one of another idea.
    """

    idea: str
    links: tuple[int | str, ...]
    requirement: Requirement


CLAIMS = (
    Claim("neuron", (0,), between("answer", 9.5, 9.99)),
    Claim("noise", (0,), between("error", 0.18, 0.3)),
    Claim("layers", (0,), at_most("test_accuracy", 0.75)),
    Claim("layers", (2,), at_least("test_accuracy", 0.95)),
    Claim("activation", (0,), at_most("test_accuracy", 0.65)),
    Claim("activation", (1, 2), at_least("test_accuracy", 0.9)),
    Claim("epoch", (0, 1), falls("loss")),
    Claim("batch", (0,), between("steps_per_epoch", 96, 96)),
    Claim("batch", (0, 2), rises("loss")),
    Claim("too_large_a_batch", (0,), between("steps", 60, 60)),
    Claim("learning_rate", (0,), at_least("loss_ratio", 0.9)),
    Claim("learning_rate", (1, 2), rises("loss")),
    Claim("optimizers", (0, 3), falls("loss")),
    Claim("label_smoothing", (0,), at_least("loss", 0.86)),
    Claim("mlp_and_cnn", (0, 2), rises("test_accuracy")),
    Claim("underfitting", (0,), at_most("accuracy", 0.8)),
    Claim("underfitting", (1,), at_least("val_accuracy", 0.9)),
    Claim("overfitting", (0,), at_least("times_lowest", 2)),
    Claim("overfitting", (0,), at_most("loss", 0.05)),
    Claim("more_examples", ("overfitting/0", 0), rises("test_accuracy")),
    Claim("early_stopping", (0,), at_most("epochs", 100)),
    Claim("vanishing_gradients", (0,), at_least("loss", 0.6)),
    Claim("vanishing_gradients", (1,), at_least("accuracy", 0.85)),
    Claim("batch_normalization", ("vanishing_gradients/0", 0), rises("accuracy")),
    Claim("initializers", (0,), between("loss_ratio", 0.98, 1.02)),
    Claim("initializers", (2,), at_least("accuracy", 0.9)),
    Claim("unscaled_inputs", (0, 1), rises("accuracy")),
    Claim("class_imbalance", (0, 1), rises("recall")),
    Claim("label_noise", (0,), at_least("times_lowest", 1.5)),
    Claim("count_the_weights", (0,), between("parameters", 83, 83)),
    Claim("count_the_weights", (1,), between("parameters", 2817, 2817)),
    Claim("count_the_weights", (2,), between("parameters", 2651, 2651)),
    Claim("count_the_weights", (3,), between("parameters", 121_930, 121_930)),
    Claim("count_the_weights", (4,), between("parameters", 693_962, 693_962)),
    Claim("squares", (0,), at_most("test_accuracy", 0.65)),
    Claim("squares", (1,), at_least("test_accuracy", 0.95)),
    Claim("untrained", (0,), between("loss", 2.302, 2.303)),
    Claim("untrained", (1,), between("loss", 2.303, 2.6)),
    Claim("swapped_labels", (0,), at_least("val_accuracy", 0.9)),
    Claim("swapped_labels", (1,), at_most("val_accuracy", 0.1)),
    Claim("skip_connection", (0,), between("loss", 2.29, 2.31)),
    Claim("skip_connection", (1,), at_least("accuracy", 0.9)),
)


def opened(claim: Claim, link: int | str) -> tuple[str, RunConfig]:
    """A link's label and its config. Raises `FieldError` for a link that is refused."""
    idea, _, place = link.partition("/") if isinstance(link, str) else (claim.idea, "", link)
    found = IDEAS[idea].links[int(place)]
    read = from_params(found.params)
    if read.refused is not None:
        raise read.refused
    return found.label, read.config


@cache
def _history(config: RunConfig) -> History:
    return trained(config)


def value(fact: str, config: RunConfig) -> float:
    """A fact of a config's run; the parameters are counted, without a run."""
    if fact == "parameters":
        return parameters(config.entries(), config.data.shape, config.output_units)
    run = Run("claim", "nobody", config, 0, Controls(), status="finished", history=_history(config))
    found = FACTS[fact].number(run)
    return math.nan if found is None else found


def row(claim: Claim) -> tuple[Cell, ...]:
    """What was claimed, what was found, and whether it holds."""
    began, wanted = time.perf_counter(), claim.requirement
    links = [opened(claim, link) for link in claim.links]
    found = [float(value(wanted.fact, config)) for _, config in links]
    return (IDEAS[claim.idea].title, "; ".join(label for label, _ in links), f"{wanted.fact} {wanted.text}",
            ", ".join(cell_text(number) for number in found), "yes" if wanted.holds(found) else "no",
            time.perf_counter() - began)


def table(names: Sequence[str] = ()) -> ReportTable:
    """All claims, or those of the ideas named."""
    rows = tuple(row(claim) for claim in CLAIMS if not names or claim.idea in names)
    columns = ("idea", "links", "claimed", "found", "holds", "time (s)")
    return ReportTable("Claims of the ideas", columns, rows, NOTE)


def main() -> None:
    """Train and check; ends with an error where a claim does not hold."""
    parser = arguments("Whether the ideas' claims hold.")
    parser.add_argument("ideas", nargs="*", metavar="IDEA")
    chosen = parser.parse_args()
    report = Report("claims")
    with fresh_environment():
        found = table(chosen.ideas)
    report.add(found)
    report.keep(chosen.json)
    if any(row[4] == "no" for row in found.rows):
        raise SystemExit("A claim does not hold.")


if __name__ == "__main__":
    main()
