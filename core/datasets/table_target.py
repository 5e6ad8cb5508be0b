"""Which columns of a table can be the target or the inputs, and how each is encoded."""

from typing import Any

import numpy as np

from core.datasets.column import Column
from core.datasets.table import Table
from core.datasets.table_ratings import guess_ratings
from core.datasets.table_text import guess_sentence
from core.formatting import amount
from core.parameters import FieldError, short_repr

# The field of `RunConfig` that holds the choices.
FIELD = "dataset_parameters"
# The confusion matrix and the colours cannot show more classes than this.
MAX_CLASSES = 20
# One of each class for the test set, one to validate, and a few to learn from.
MIN_PER_CLASS = 5
MIN_ROWS = 20
# Inputs, where a category counts once per value: 40 MB with the largest number of rows.
MAX_INPUTS = 200


def guess_task(table: Table, target: str) -> str:
    """The likely task for a target: words or a few whole numbers are classes, everything else is numbers."""
    column = column_of(table, target, "target")
    few = column.distinct <= MAX_CLASSES and all(number.is_integer() for number in column.numbers.tolist())
    return "classification" if few or not column.is_number else "regression"


def is_identifier(column: Column, rows: int) -> bool:
    """Whether a column has a different whole number, or a different text, in each of the table's rows.

    Such a column probably just numbers the rows, and says nothing about new ones.
    """
    return column.distinct == rows > 1 and all(number.is_integer() for number in column.numbers.tolist())


def first_inputs(table: Table, target: str) -> tuple[str, ...]:
    """The proposed inputs for `target`: all columns that can be used, except identifiers."""
    usable = [column for column in table.columns if column.usable and column.name != target]
    telling = [column for column in usable if not is_identifier(column, table.rows)]
    return tuple(column.name for column in telling or usable)


def first_choice(table: Table) -> dict[str, Any]:
    """The proposed choice: the last column that can be a target and is not an identifier, and `first_inputs`.

    Ratings are recognized by the names of their columns. Where a column holds sentences, it is proposed for a
    classification. If no column can be a target, it is
    the last one, and making the dataset raises the reason.
    """
    if ratings := guess_ratings(table):
        return {"digest": table.digest, "columns": first_inputs(table, ratings["target"]),
                "task": "regression", "sentence": "", **ratings}
    sentence = guess_sentence(table)
    usable = [column for column in table.columns if column.usable and column.name != sentence]
    targets = [column for column in usable if column.is_number or column.distinct <= MAX_CLASSES]
    telling = [column for column in targets if not is_identifier(column, table.rows)]
    target = (telling or targets or list(table.columns))[-1].name
    task = guess_task(table, target)
    return {"digest": table.digest, "target": target, "columns": first_inputs(table, target), "task": task,
            "sentence": guess_sentence(table, target) if task == "classification" else "",
            "user": "", "item": ""}


def target_of(table: Table, name: str, task: str) -> Column:
    """The target's column. Raises `FieldError` if it does not fit the task or has too few values."""
    column = _usable(table, name, "target")
    if task == "regression" and not column.is_number:
        raise refused("target", f"{short_repr(name)} holds text such as {short_repr(column.names[0])}, but "
                      "regression predicts numbers. Choose classification, or another target.")
    rows = table.rows - column.missing
    if rows < MIN_ROWS:
        without = f" ({table.rows:,} in all; the others have no {short_repr(name)})" if column.missing else ""
        raise refused("target", f"There are {rows} rows to learn from{without}. At least {MIN_ROWS} are "
                      "needed. Add rows.")
    return column


def classes_of(target: Column, used: np.ndarray) -> tuple[str, ...]:
    """The names of the target's values, each with enough examples."""
    name, other = short_repr(target.name), ", or choose regression" if target.is_number else ""
    if target.distinct > MAX_CLASSES:
        raise refused("target", f"{name} has {target.distinct:,} different values, but a classification can "
                      f"have at most {MAX_CLASSES} classes. Choose another target{other}.")
    names = tuple(f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)
                  for number in target.numbers.tolist()) or target.names
    if len(names) == 1:
        raise refused("target",
                      f"{name} is {short_repr(names[0])} in every row. That is one class, and at least two "
                      "are needed. Choose another target.")
    counts = np.bincount(target.codes[used], minlength=len(names))
    rarest = int(counts.argmin())
    if counts[rarest] < MIN_PER_CLASS:
        raise refused("target", f"The class {short_repr(names[rarest])} of {name} has "
                      f"{amount(int(counts[rarest]), 'example')}, but each class needs {MIN_PER_CLASS}. Add "
                      f"rows of this class, or remove them{other}.")
    return names


def inputs_of(table: Table, target: str, columns: tuple[str, ...], used: np.ndarray) -> list[Column]:
    """The chosen columns, each with at least one value. used: which rows have a target."""
    if not columns:
        raise refused("columns", "There are no inputs. Choose at least one column to learn from.")
    if target in columns:
        raise refused("columns",
                      f"{short_repr(target)} is the target, so it cannot also be an input. Remove it from "
                      "the inputs.")
    found = [_usable(table, name, "columns") for name in columns]
    for column in found:
        if not has_value(column)[used].any():
            raise refused("columns",
                          f"{short_repr(column.name)} has no values in the {int(used.sum()):,} rows that "
                          "have a target. Remove it from the inputs.")
    return found


def categories_of(column: Column, used: np.ndarray) -> np.ndarray:
    """The codes that occur in the used rows; the last one may stand for a missing value."""
    return np.flatnonzero(np.bincount(column.codes[used], minlength=len(column.names) + 1))


def features_of(column: Column, used: np.ndarray) -> list[str]:
    """The names of the inputs that a column becomes. Missing values make an input of their own."""
    if column.is_number:
        return [column.name]
    return [f"{column.name} = {column.names[code]}" if code < len(column.names)
            else f"{column.name} is missing" for code in categories_of(column, used)]


def has_value(column: Column) -> np.ndarray:
    """bool (rows,)."""
    return column.codes < max(len(column.numbers), len(column.names))


def _usable(table: Table, name: str, field: str) -> Column:
    column = column_of(table, name, field)
    if not column.usable:
        more = " To have it read word by word, choose it under Sentences." if (
            column.kind == "text" and field == "columns") else ""
        why = f"{column.reason} {column.note}".rstrip()
        raise refused(field, f"{short_repr(name)} cannot be used. {why}{more}")
    return column


def column_of(table: Table, name: str, field: str) -> Column:
    """The column of this name, which was given in `field`."""
    column = table.column(name)
    if column is None:
        names = ", ".join(short_repr(known.name) for known in table.columns[:10])
        raise refused(field, f"The table has no column {short_repr(name)}; it has {names}"
                      f"{', ...' if len(table.columns) > 10 else ''}.")
    return column


def refused(field: str, message: str) -> FieldError:
    """The error of one of the choices."""
    return FieldError(f"{FIELD}.{field}", message)
