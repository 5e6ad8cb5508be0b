"""The table of runs: results and the settings that differ, with tick boxes."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.comparison.columns import SHARES, Cell, ConfigColumn, columns, columns_in_words
from core.datasets import DATASETS
from core.metrics.measures import FURTHER
from core.store import StoredRun
from core.views.status import WORDS

CHOSEN, ONLY = "_compare_chosen", "compare_only"
HEIGHT_ROWS, ROW = 9, 35
PIN = "📌"
ALWAYS = frozenset({"Name", "Test accuracy", "Test MAE", "Test error"})
LAST = frozenset({"Loss", "Seconds", "Parameters", "Epochs done", "Steps", "Status", "Ended"})


def draw(runs: Sequence[StoredRun]) -> list[StoredRun]:
    """The table; returns the runs whose rows are ticked, in the table's order."""
    only = st.toggle("Only what differs", key=ONLY, persist_state="session", value=True,
                     help="Shows only the columns in which these runs differ, with the name and the test "
                     "result. When off, all columns are shown, and ≠ marks the settings that differ.")
    shown = [result for result in results(runs)
             if not only or len(runs) < 2 or result.differs or result.name in ALWAYS]
    # The dataset has a column already, by its name in words.
    made = {_headed(word, only): _series(word) for word in columns_in_words(runs, only)
            if word.name != "dataset"}
    first, rest = ({column.name: _series(column) for column in shown if (column.name in LAST) is last}
                   for last in (False, True))
    # Columns that differ stand next to the results; all columns would be too many for that.
    frame = pd.DataFrame(first | made | rest if only else first | rest | made)
    ids = [run.id for run in runs]
    before = set(st.session_state.get(CHOSEN, ()))
    # A new list needs a new table, because the positions of ticked rows would mean other runs.
    key = "compare_" + hashlib.blake2b("|".join([*ids, str(only)]).encode(), digest_size=8).hexdigest()
    told = st.dataframe(
        frame, key=key, on_select="rerun", selection_mode="multi-row", hide_index=True, row_height=ROW,
        selection_default={"selection": {"rows": [at for at, run_id in enumerate(ids) if run_id in before]}},
        placeholder="", height=ROW * (min(len(runs), HEIGHT_ROWS) + 1) + 2, column_config=_config(shown))
    places = [at for at in told.selection.rows if isinstance(at, int) and 0 <= at < len(runs)]
    chosen = [runs[at] for at in sorted(set(places))]
    # Runs hidden by a filter stay ticked only until the learner ticks something else.
    st.session_state[CHOSEN] = [run.id for run in chosen]
    return chosen


def results(runs: Sequence[StoredRun]) -> list[ConfigColumn]:
    """The columns of results; those without any value are left out."""
    def metric(name: str, *tasks: str) -> tuple[Cell, ...]:
        return tuple(getattr(run.results, name) if run.task in tasks else None for run in runs)

    numbers = ("regression", "forecasting")

    made = [
        ConfigColumn("Pinned", tuple(PIN if run.pinned else None for run in runs)),
        ConfigColumn("Name", tuple(run.name for run in runs)),
        ConfigColumn("Tags", tuple(", ".join(run.tags) or None for run in runs)),
        ConfigColumn("Data", tuple(DATASETS[run.dataset].label if run.dataset in DATASETS else run.dataset
                             for run in runs)),
        ConfigColumn("Test accuracy", metric("test_metric", "classification")),
        ConfigColumn("Test MAE", metric("test_metric", *numbers)),
        ConfigColumn("Val. accuracy", metric("val_metric", "classification")),
        ConfigColumn("Val. MAE", metric("val_metric", *numbers)),
        ConfigColumn("Test guessed", metric("test_metric", "guessing")),
        ConfigColumn("Val. guessed", metric("val_metric", "guessing")),
        ConfigColumn("Test error", metric("test_metric", "reconstruction")),
        ConfigColumn("Val. error", metric("val_metric", "reconstruction")),
        *(ConfigColumn(measure.label, tuple(run.results.further.get(key) for run in runs))
          for key, measure in FURTHER.items()),
        ConfigColumn("Val. loss", tuple(run.results.val_loss for run in runs)),
        ConfigColumn("Loss", tuple(run.results.loss for run in runs)),
        ConfigColumn("Seconds", tuple(run.results.seconds for run in runs)),
        ConfigColumn("Parameters", tuple(run.results.parameters for run in runs)),
        ConfigColumn("Epochs done", tuple(run.results.epochs for run in runs)),
        ConfigColumn("Steps", tuple(run.results.steps for run in runs)),
        ConfigColumn("Status", tuple(" ".join(WORDS[run.status][::-1]) if run.status in WORDS else run.status
                               for run in runs)),
        ConfigColumn("Ended", tuple(run.ended for run in runs))]
    return [column for column in made if any(cell is not None for cell in column.cells)]


def csv(runs: Sequence[StoredRun]) -> str:
    """All columns of the runs, results and configuration, as CSV."""
    every = [*(result for result in results(runs) if result.name not in ("Pinned", "Ended")),
             ConfigColumn("ended (UTC)",
                          tuple(datetime.fromtimestamp(run.ended, UTC).strftime("%Y-%m-%d %H:%M:%S")
                                         for run in runs)),
             *columns(runs, False)]
    return pd.DataFrame({column.name: [_safe(cell) for cell in column.cells]
                         for column in every}).to_csv(index=False)


def _safe(cell: Cell) -> Cell:
    """Escapes text that a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _headed(column: ConfigColumn, only: bool) -> str:
    return f"≠ {column.label}" if column.differs and not only else column.label


def _series(column: ConfigColumn) -> pd.Series:
    if column.name == "Ended":
        return pd.Series(pd.to_datetime([float(cell or 0) for cell in column.cells], unit="s", utc=True))
    if column.name in SHARES:
        return pd.Series([float("nan") if cell is None else 100 * float(cell) for cell in column.cells])
    if column.is_number:
        return pd.Series([float("nan") if cell is None else cell for cell in column.cells])
    # A column with both numbers and words is shown as words.
    return pd.Series([None if cell is None else str(cell) for cell in column.cells], dtype=object)


def _config(shown: Sequence[ConfigColumn]) -> dict[str, Any]:
    number, names = st.column_config.NumberColumn, {column.name for column in shown}
    helps = {measure.label: measure.help for measure in FURTHER.values()}
    made: dict[str, Any] = {name: number(name, format="%.4g", help=told) for name, told in helps.items()}
    made |= {name: number(name, format="%.1f %%", help=helps.get(name)) for name in SHARES}
    made |= {name: number(name, format="%.4g") for name in (
        "Test MAE", "Val. MAE", "Test error", "Val. error", "Val. loss", "Loss")}
    made |= {"Seconds": number("Seconds", format="%.2f", help="Training time, without pauses."),
             "Parameters": number("Parameters", format="localized"),
             "Steps": number("Steps", format="localized"),
             "Epochs done": number("Epochs done", format="%.3g"),
             "Ended": st.column_config.DatetimeColumn("Ended", format="D MMM, HH:mm",
                                                       timezone=st.context.timezone or "UTC"),
             "Pinned": st.column_config.TextColumn(
                 PIN, width=40, help="Pinned runs are listed first, and are the last to be deleted when "
                                     "there are too many."),
             "Name": st.column_config.TextColumn("Name")}
    return {name: column for name, column in made.items() if name in names}
