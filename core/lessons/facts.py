"""Facts: numbers of a run, by name, for explanations and for predictions."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from core import formatting
from core.formatting import percent
from core.runs.run import Run

NOTHING = "…"
# A name in braces: `{loss}`.
NAMED = re.compile(r"\{(\w+)\}")
_LOSS, _METRIC, _VAL_LOSS, _VAL_METRIC = range(1, 5)


@dataclass(frozen=True)
class Fact:
    """One number of a run.

    Attributes:
        value: the number; NaN, or `IndexError`, where the run does not have it.
        written: how texts show it.
    """

    value: Callable[[Run], float]
    written: Callable[[float], str] = formatting.number

    def number(self, run: Run | None) -> float | None:
        """The number; None where the run does not have it."""
        if run is None:
            return None
        try:
            found = float(self.value(run))
        except IndexError:
            return None
        return found if math.isfinite(found) else None

    def __call__(self, run: Run | None) -> str:
        found = self.number(run)
        return NOTHING if found is None else self.written(found)


@dataclass(frozen=True)
class WordFact:
    """A word about a run, such as its status; it answers no prediction."""

    word: Callable[[Run], str]

    def number(self, run: Run | None) -> float | None:
        return None

    def __call__(self, run: Run | None) -> str:
        return NOTHING if run is None else self.word(run)


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _short(value: float) -> str:
    return f"{value:g}"


def _epochs(run: Run, column: int) -> np.ndarray:
    """A column of the table of epochs, float (epochs,)."""
    return run.history.table("epochs")[:, column]


def _last(column: int) -> Callable[[Run], float]:
    return lambda run: _epochs(run, column)[-1]


def _judged(run: Run) -> np.ndarray:
    """The losses by which the best epoch is found: those of validation, or of training without any."""
    losses = _epochs(run, _VAL_LOSS)
    return losses if np.isfinite(losses).any() else _epochs(run, _LOSS)


def _lowest(run: Run) -> float:
    losses = _judged(run)
    return float(np.nanmin(losses)) if np.isfinite(losses).any() else math.nan


def _lowest_epoch(run: Run) -> float:
    losses = _judged(run)
    return float(_epochs(run, 0)[np.nanargmin(losses)]) if np.isfinite(losses).any() else math.nan


def _tested(run: Run) -> float:
    found = run.history.evaluation
    return found.metric if found else math.nan


def _answer(run: Run) -> float:
    """What the network predicts for the first test example, such as y for x = 5."""
    found = run.history.evaluation
    return float(found.numbers.predicted[0, 0]) if found and found.numbers else math.nan


def _matrix(run: Run) -> np.ndarray:
    found = run.history.evaluation
    return found.matrix if found and found.matrix.size else np.full((1, 1), np.nan)


def _share(hits: float, of: float) -> float:
    return hits / of if of else math.nan


def _parameters(run: Run) -> float:
    return run.history.compiled.parameters if run.history.compiled else math.nan


def _steps(run: Run) -> float:
    return run.history.progress.step if run.history.progress else math.nan


FACTS: Mapping[str, Fact | WordFact] = {
    # What was chosen.
    "learning_rate": Fact(lambda run: run.config.learning_rate, _short),
    "epochs": Fact(lambda run: run.config.epochs, _whole),
    "seed": Fact(lambda run: run.config.seed, _short),
    "batch_size": Fact(lambda run: run.config.batch_size, _whole),
    "l2": Fact(lambda run: run.config.l2, _short),
    "dropout_rate": Fact(lambda run: run.config.dropout_rate, _short),
    "layers": Fact(lambda run: len(run.config.entries()), _whole),
    "neurons": Fact(lambda run: sum(entry.get("units", 0) for entry in run.config.entries()), _whole),
    "parameters": Fact(_parameters, _whole),
    # How far it got.
    "status": WordFact(lambda run: run.status),
    "epochs_done": Fact(lambda run: len(run.history.epochs), _whole),
    "steps": Fact(_steps, _whole),
    "steps_per_epoch": Fact(lambda run: run.history.compiled.steps_per_epoch if run.history.compiled
                            else math.nan, _whole),
    # Losses. The lowest one is that of the validation examples, where there are some.
    "first_loss": Fact(lambda run: _epochs(run, _LOSS)[0]),
    "loss": Fact(_last(_LOSS)),
    "loss_ratio": Fact(lambda run: _share(_epochs(run, _LOSS)[-1], _epochs(run, _LOSS)[0])),
    "loss_left": Fact(lambda run: _share(_epochs(run, _LOSS)[-1], _epochs(run, _LOSS)[0]), percent),
    "val_loss": Fact(_last(_VAL_LOSS)),
    "lowest_loss": Fact(_lowest),
    "lowest_val_loss": Fact(_lowest),
    "lowest_epoch": Fact(_lowest_epoch, _whole),
    "times_lowest": Fact(lambda run: _share(_judged(run)[-1], _lowest(run))),
    # Accuracies; where numbers are predicted, mean errors.
    "accuracy": Fact(_last(_METRIC), percent),
    "train_accuracy": Fact(_last(_METRIC), percent),
    "val_accuracy": Fact(_last(_VAL_METRIC), percent),
    "test_accuracy": Fact(_tested, percent),
    "gap": Fact(lambda run: _epochs(run, _METRIC)[-1] - _epochs(run, _VAL_METRIC)[-1], percent),
    "test_gap": Fact(lambda run: _epochs(run, _METRIC)[-1] - _tested(run), percent),
    "always_no": Fact(lambda run: _share(_matrix(run).sum(1).max(), _matrix(run).sum()), percent),
    "recall": Fact(lambda run: _share(_matrix(run)[-1, -1], _matrix(run)[-1].sum()), percent),
    "precision": Fact(lambda run: _share(_matrix(run)[-1, -1], _matrix(run)[:, -1].sum()), percent),
    # Numbers predicted.
    "answer": Fact(_answer, lambda value: f"{value:.3f}"),
    "error": Fact(_tested),
}
# Shares of 1, which a learner tells in percent.
SHARES = frozenset(name for name, fact in FACTS.items()
                   if isinstance(fact, Fact) and fact.written is percent)


def fill(text: str, run: Run | None) -> str:
    """`text` with facts of `run` in place of their names in braces; `…` for one that it does not have."""
    return NAMED.sub(lambda found: FACTS[found[1]](run) if found[1] in FACTS else found[0], text)


def number(name: str, run: Run | None) -> float | None:
    """The fact that a predicted number is compared with: in percent for shares; None without one.

    Raises `KeyError` for a name that is no fact.
    """
    found = FACTS[name].number(run)
    return found if found is None or name not in SHARES else 100 * found


def check_names(text: str, field: str) -> None:
    """Raises `ValueError` where a text names a fact that does not exist."""
    for name in NAMED.findall(text):
        if name not in FACTS:
            raise ValueError(f"{field} names the fact {name}; there are {', '.join(FACTS)}")
