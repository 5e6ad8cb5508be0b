"""Which column of a learner's table holds sentences, and what they are for a network that reads them."""

import numpy as np

from core.datasets.column import Column
from core.datasets.sentences import text_parameters
from core.datasets.table import Table
from core.datasets.words import WORDS, pieces
from core.formatting import amount
from core.parameters import FieldError, short_repr

# How the sentences of a table become numbers.
READING = text_parameters(10_000, 40)
# Texts of fewer words on average are names or codes. So many texts are looked at.
FEWEST_WORDS, LOOKED_AT = 3.0, 200


def text_columns(table: Table) -> tuple[str, ...]:
    """The columns that can be read as sentences: all but numbers."""
    return tuple(column.name for column in table.columns if column.names)


def guess_sentence(table: Table, target: str = "") -> str:
    """The column that most likely holds sentences: of several, the one with most words. Empty if none does.

    Sentences hardly ever repeat, and have `FEWEST_WORDS` words or more on average.
    """
    found = [(_words(column), column.name) for column in table.columns
             if column.names and column.name != target
             and 2 * column.distinct > table.rows - column.missing]
    return max(((words, name) for words, name in found if words >= FEWEST_WORDS), default=(0, ""))[1]


def _words(column: Column) -> float:
    """How many words a text of this column has on average."""
    shown = column.names[::-(-len(column.names) // LOOKED_AT)]
    return sum(len(pieces(text, WORDS, 100)) for text in shown) / len(shown)


def sentence_column(table: Table, name: str, target: str, task: str) -> Column:
    """The column with the sentences. Raises `FieldError` if it holds none, or cannot give the target."""
    column = table.column(name)
    if column is None:
        raise _refused("sentence", f"The table has no column {short_repr(name)}. Choose another column of "
                       "sentences, or none.")
    if name == target:
        raise _refused("sentence", f"{short_repr(name)} is the target, so the network cannot read it as "
                       "well. Choose another column of sentences, or another target.")
    if not column.names:
        raise _refused("sentence", f"{short_repr(name)} holds numbers, not sentences. Choose another "
                       "column.")
    if task != "classification":
        raise _refused("task", "From sentences, networks here learn classes only. Choose classification, "
                       "or predict from columns instead of sentences.")
    return column


def sentences_of(column: Column, used: np.ndarray) -> np.ndarray:
    """The texts of the used rows, str objects (n,); empty where there is none. used: bool (rows,)."""
    return np.array([*column.names, ""], object)[column.codes[used]]


def told(column: Column, used: np.ndarray, unit: str, length: int) -> str:
    """What becomes of the sentences, in words. used: which rows have a target."""
    each = np.array([len(pieces(text, unit, length + 1)) for text in (*column.names, "")])[column.codes[used]]
    said = [f"{amount(int(used.sum()), 'sentence')}."]
    if left := int((~used).sum()):
        said.append(f"Left out because the target is missing: {amount(left, 'row')}.")
    if empty := int((each == 0).sum()):
        said.append(f"Without any word, read as one unknown word: {empty:,}.")
    if cut := int((each > length).sum()):
        said.append(f"Longer than {length} {unit}, read only up to there: {cut:,}.")
    return " ".join(said)


def _refused(field: str, message: str) -> FieldError:
    return FieldError(f"dataset_parameters.{field}", message)
