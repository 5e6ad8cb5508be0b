"""What happens to a learner's table before a network learns from it, in words."""

from dataclasses import dataclass
from functools import lru_cache

from core.datasets.dataset import Dataset
from core.datasets.kept_tables import known_table, table_of
from core.datasets.table_ratings import told_of_pairs
from core.datasets.table_target import categories_of, column_of, has_value
from core.datasets.table_text import told
from core.datasets.words import TextShape
from core.formatting import amount


@dataclass(frozen=True)
class Summary:
    """What happens to a table when it becomes a dataset.

    Attributes:
        rows: number of rows below the header.
        left_out: rows without a target.
        filled: missing numbers that are replaced by the median, in `columns_filled` columns.
        unknown: missing categories, which become an input of their own.
        columns: how many are used.
        inputs: how many inputs they become.
    """

    rows: int
    left_out: int
    filled: int
    columns_filled: int
    unknown: int
    columns: int
    inputs: int

    @property
    def text(self) -> str:
        """The same in sentences."""
        said = [f"{amount(self.rows - self.left_out, 'row')}, {amount(self.columns, 'column')} as "
                f"{amount(self.inputs, 'input')}."]
        if self.left_out:
            said.append(f"Left out because the target is missing: {amount(self.left_out, 'row')}.")
        if self.filled:
            said.append(f"Missing numbers, replaced by the training median: {self.filled:,} in "
                        f"{amount(self.columns_filled, 'column')}.")
        if self.unknown:
            said.append(f"Missing categories, which count as a category of their own: {self.unknown:,}.")
        return " ".join(said)


def told_of(dataset: Dataset) -> str:
    """What happens to the table behind `dataset`, in words. Raises `FieldError` if the table is gone."""
    if isinstance(dataset.shape, TextShape):
        values = dict(dataset.values)
        return _told_of_text(*(values[name] for name in ("digest", "target", "sentence", "unit", "length")))
    if dataset.is_pairs:
        values = dict(dataset.values)
        return _told_of_ratings(*(values[name] for name in ("digest", "user", "item", "target")))
    return summary(dataset).text


# Every text is cut into words, and a page asks at each change.
@lru_cache(maxsize=16)
def _told_of_text(digest: str, target: str, sentence: str, unit: str, length: int) -> str:
    table = known_table(digest)
    used = has_value(column_of(table, target, "target"))
    return told(column_of(table, sentence, "sentence"), used, unit, length)


@lru_cache(maxsize=16)
def _told_of_ratings(digest: str, user: str, item: str, target: str) -> str:
    table = known_table(digest)
    return told_of_pairs(table, column_of(table, user, "user"), column_of(table, item, "item"),
                         column_of(table, target, "target"))


def summary(dataset: Dataset) -> Summary:
    """The summary of the table behind `dataset`. Raises `FieldError` if the table is gone."""
    values = dict(dataset.values)
    table = known_table(values["digest"])
    used = has_value(column_of(table, values["target"], "target"))
    columns = [column_of(table, name, "columns") for name in values["columns"]]
    missing = [(column.is_number, int((~has_value(column))[used].sum())) for column in columns]
    filled = [count for is_number, count in missing if is_number and count]
    return Summary(table.rows, table.rows - dataset.examples, sum(filled), len(filled),
                   sum(count for is_number, count in missing if not is_number), len(columns),
                   len(dataset.features))


def categories(dataset: Dataset) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The columns of categories, each with its values in the order of its inputs; none for other datasets."""
    values = dict(dataset.values)
    table = table_of(values["digest"]) if dataset.name == "table" and values["digest"] else None
    if table is None or dataset.is_text or dataset.is_pairs:
        return ()
    used = has_value(column_of(table, values["target"], "target"))
    columns = [column_of(table, name, "columns") for name in values["columns"]]
    return tuple((column.name, tuple(column.names[code] if code < len(column.names) else "missing"
                                     for code in categories_of(column, used)))
                 for column in columns if not column.is_number)
