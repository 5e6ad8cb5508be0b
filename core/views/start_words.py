"""What a run that starts from another one's weights says of it."""

from core.catalog.optimizers import OPTIMIZERS
from core.formatting import amount
from core.runs.config import RunConfig
from core.runs.run import Run
from core.runs.start import KEPT, Start
from core.runs.taken_layers import frozen, slows, taken, weighted


def steps_per_epoch(run: Run) -> int | None:
    """Of the start of `run`, once it is known: both divide the data alike if their batches are as large."""
    start, compiled = run.config.start, run.history.compiled
    same = start is not None and compiled is not None and start.config.batch_size == run.config.batch_size
    return compiled.steps_per_epoch if same and compiled else None


def started(run: Run) -> str:
    """What a run started from, and what goes on with it; empty if its first weights were new."""
    begun = origin(run.config, steps_per_epoch(run))
    return f"{going_on(run.config)} Started {begun}." if begun else ""


def origin(config: RunConfig, each: int | None = None) -> str:
    """Where the weights of a run come from: `from epoch 40 of MLP 16-16 relu Adam 0.01`; empty if new.

    each: steps in an epoch of the start; None if unknown.
    """
    start = config.start
    if start is None:
        return ""
    where = "" if start.config.data.key == config.data.key else f" on {data_name(start.config)}"
    return ", ".join(filter(None, (f"{said(start, each)}{where}", transfer(config))))


def data_name(config: RunConfig) -> str:
    """The dataset, with its classes where only some are chosen: `MNIST (0, 1, 2, 3, 4)`.

    Of a start that learned to give back its input, `the inputs of MNIST`: the dataset may be the run's. Of
    one that guesses words, `hidden words of Film reviews`.
    """
    data = config.data.labelled
    name = f"{data.label} ({', '.join(data.classes)})" if data.whole is not None else data.label
    if config.data.guesses:
        return f"hidden words of {name}"
    return f"the inputs of {name}" if config.data.reconstructs else name


def transfer(config: RunConfig) -> str:
    """Which layers are taken over, frozen or slowed down; empty if all are, and learn like any other."""
    count, all_of_them = taken(config), len(weighted(config))
    words = [f"{count} of {amount(all_of_them, 'layer')} taken over"] if count < all_of_them else []
    words += [f"{frozen(config)} frozen"] if frozen(config) else []
    if config.start is not None and slows(config):
        words.append(f"learning rate times {config.start.rate_factor:g} there")
    return ", ".join(words)


def said(start: Start, each: int | None = None) -> str:
    """The same for a start by itself."""
    return f"from {_moment(start, each)} of {start.config.name}{_edited(start)}"


def continued(config: RunConfig, start: Start, each: int | None = None) -> str:
    """The same in front of what else a run has: `continues MLP 16-16 relu Adam 0.01 from epoch 40`.

    With other data nothing is continued: `starts from MNIST (0, 1, 2, 3, 4)`.
    """
    if start.config.data.key != config.data.key:
        return f"starts from {data_name(start.config)}{_edited(start)}"
    return f"continues {start.config.name} from {_moment(start, each)}{_edited(start)}"


def _edited(start: Start) -> str:
    count = len(start.edits)
    return f", {count} weight{'s' * (count != 1)} edited" if count else ""


def _moment(start: Start, each: int | None) -> str:
    if start.at == KEPT:
        return "the best epoch" if start.config.patience else "the end"
    if each and isinstance(start.at, int) and start.at % each == 0:
        return f"epoch {start.at // each:,}"
    return f"step {start.at:,}"


def going_on(config: RunConfig) -> str:
    """What else goes on: `Goes on with Adam's state.`; empty without a start."""
    start = config.start
    if start is None:
        return ""
    if start.config.data.key != config.data.key:
        other = "other data" if start.config.target == config.target else "another target"
        return f"Fresh optimizer: {other}."
    if transfer(config) and not start.goes_on(config):
        return "Fresh optimizer: other layers are trained."
    mine, theirs = (OPTIMIZERS[each.optimizer].label for each in (config, start.config))
    if start.goes_on(config):
        return f"Goes on with {mine}'s state."
    if mine != theirs:
        return f"Fresh optimizer: {theirs} → {mine}."
    if config.batch_size != start.config.batch_size:
        return f"Fresh optimizer: batch size {start.config.batch_size:,} → {config.batch_size:,}."
    if config.optimizer_parameters != start.config.optimizer_parameters:
        return f"Fresh optimizer: {mine} with other parameters."
    return "Fresh optimizer: its state belongs to later weights."
