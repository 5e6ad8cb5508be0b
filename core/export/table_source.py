"""Script code that reads a learner's CSV file exactly as this project reads it.

The script uses the `csv` module, as `core.datasets.table` does, and finds columns by position. So a column's
name may contain anything, even a separator or a line break.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.datasets.column import MISSING, Column
from core.datasets.kept_tables import table_of
from core.datasets.table import Table
from core.datasets.table_target import column_of, refused
from core.export.section import WIDTH, joined
from core.export.writing import literal

_CLEAN = '''\
def clean(cell):
    """The cell in one line, without invisible characters."""
    cell = "".join(character for character in cell if character.isprintable() or character.isspace())
    return " ".join(cell.split())'''

_FILE = """\
# The file must be in the folder where you run this script.
FILE = {file}"""
# Raw cells can be longer than what is left of them: this is far below the module's limit.
_LONGEST_CELL = 50_000
_LONG = "csv.field_size_limit(2**30)  # some texts are long"
_READ = """\
with open(FILE, encoding="utf-8-sig", newline="") as file:
    rows = [[clean(cell) for cell in row] for row in csv.reader(file, delimiter={separator}) if len(row) > 1]
# The first row holds the names of the columns.
table = pd.DataFrame(rows[1:])
table = table.mask(table.isin(MISSING))"""

_NUMBERS = """\
for column in {columns}:
    table[column] = table[column]{comma}.astype(float)"""
_COMMA = '.str.replace(",", ".")'
_TOO_LARGE = """\
    # Infinite or too large for a network: treated as missing.
    table.loc[table[column].abs() > np.finfo("float32").max, column] = np.nan"""

_TARGET = """\
# The network cannot learn from a row without a target.
table = table.dropna(subset=[TARGET])"""

_CATEGORIES = """\
# Each value of a category becomes an input, and so does a missing value.
encoder = OneHotEncoder(sparse_output=False, dtype="float32")
categories = encoder.fit_transform(table[CATEGORIES].astype(object))"""


def table_source(values: Mapping[str, Any]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Code that defines x and y, imports and packages. Raises `FieldError` if the table is gone."""
    table = table_of(values["digest"])
    if table is None:
        raise refused("digest", "The table is no longer available. Upload it again.")
    target = column_of(table, values["target"], "target")
    if values.get("user"):
        return _ratings(table, target, *(column_of(table, values[name], name) for name in ("user", "item")))
    if values.get("sentence"):
        return _sentences(table, target, column_of(table, values["sentence"], "sentence"))
    columns = [column_of(table, name, "columns") for name in values["columns"]]
    numbers = [column for column in columns if column.is_number]
    words = [column for column in columns if not column.is_number]
    classes = values["task"] == "classification"
    imports = {"import csv", "import pandas as pd",
               *(["from sklearn.preprocessing import OneHotEncoder"] if words else []),
               *(["from sklearn.preprocessing import LabelEncoder"] if classes else [])}
    code = joined(_FILE.format(file=literal(table.name)), _places(table, target, numbers, words), _missing(),
                  _CLEAN, _READ.format(separator=literal(table.delimiter)),
                  _converted(table, target, numbers), _TARGET, _inputs(numbers, words), _targets(classes))
    return code, tuple(sorted(imports)), ("pandas",)


def _sentences(table: Table, target: Column, sentence: Column,
               ) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The same for the sentences of one column: x is an array of strings."""
    longest = max(map(len, sentence.names))
    code = joined(_FILE.format(file=literal(table.name)),
                  _places(table, target, (), (), sentence), _missing(), _CLEAN,
                  _LONG if longest > _LONGEST_CELL else "",
                  _READ.format(separator=literal(table.delimiter)), _converted(table, target, ()), _TARGET,
                  'x = table[SENTENCE].fillna("").to_numpy(object)', _targets(True))
    imports = ("import csv", "import pandas as pd", "from sklearn.preprocessing import LabelEncoder")
    return code, imports, ("pandas",)


_PAIRS = """\
# Of several ratings of an item by the same user, the last counts. Both are numbered from 1.
table = table.dropna(subset=[USER, ITEM, TARGET]).drop_duplicates([USER, ITEM], keep="last")
x = np.stack([np.unique(table[column].to_numpy(), return_inverse=True)[1] + 1 for column in (USER, ITEM)],
             axis=1)
y = table[[TARGET]].to_numpy("float32")"""


def _ratings(table: Table, target: Column, user: Column, item: Column,
             ) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The same for ratings: x holds the numbers of users and items."""
    place = {column.name: number for number, column in enumerate(table.columns)}
    places = ("# The positions of the columns in the file, counted from 0.\n"
              f"USER, ITEM, TARGET = {place[user.name]}, {place[item.name]}, {place[target.name]}")
    numbers = [name for name, column in (("USER", user), ("ITEM", item), ("TARGET", target))
               if column.is_number]
    converted = _NUMBERS.format(columns=f"[{', '.join(numbers)}]",
                                comma="" if table.delimiter == "," else _COMMA)
    large = any(column.too_large for column in (user, item, target))
    code = joined(_FILE.format(file=literal(table.name)), places, _missing(), _CLEAN,
                  _READ.format(separator=literal(table.delimiter)),
                  f"{converted}\n{_TOO_LARGE}" if large else converted, _PAIRS)
    return code, ("import csv", "import numpy as np", "import pandas as pd"), ("pandas",)


def _missing() -> str:
    """The texts that stand for a missing value, a few per line."""
    lines, line = [], ""
    for text in map(literal, sorted(MISSING)):
        if len(line) + len(text) > WIDTH - 10:
            lines.append(line)
            line = ""
        line += f"{text}, "
    inner = "\n".join(f"    {line.rstrip()}" for line in [*lines, line])
    return f"# Texts that mean a missing value.\nMISSING = [\n{inner}\n]"


def _places(table: Table, target: Column, numbers: Sequence[Column], words: Sequence[Column],
            sentence: Column | None = None) -> str:
    """Code with the positions of the columns. Names are only comments, without line ends."""
    place = {column.name: number for number, column in enumerate(table.columns)}

    def name(column: Column) -> str:
        return column.name if len(column.name) <= WIDTH - 20 else f"{column.name[:WIDTH - 23]}..."

    lines = ["# The positions of the columns in the file, counted from 0.",
             f"TARGET = {place[target.name]}  # {name(target)}"]
    if sentence is not None:
        lines.append(f"SENTENCE = {place[sentence.name]}  # {name(sentence)}")
    for title, columns in (("NUMBERS", numbers), ("CATEGORIES", words)):
        if columns:
            inner = "".join(f"    {place[column.name]},  # {name(column)}\n" for column in columns)
            lines.append(f"{title} = [\n{inner}]")
    return "\n".join(lines)


def _converted(table: Table, target: Column, numbers: Sequence[Column]) -> str:
    """Code that reads numbers from text. A comma can be the decimal point if it does not separate cells."""
    converted = [*numbers, *([target] if target.is_number else [])]
    if not converted:
        return ""
    names = {(True, True): "[*NUMBERS, TARGET]", (True, False): "NUMBERS", (False, True): "[TARGET]"}
    code = _NUMBERS.format(columns=names[bool(numbers), target.is_number],
                           comma="" if table.delimiter == "," else _COMMA)
    return f"{code}\n{_TOO_LARGE}" if any(column.too_large for column in converted) else code


def _inputs(numbers: Sequence[Column], words: Sequence[Column]) -> str:
    lines = []
    if numbers:
        lines.append('numbers = table[NUMBERS].to_numpy("float32")')
    if words:
        lines.append(_CATEGORIES)
    if numbers and words:
        lines.append("x = np.concatenate([numbers, categories], axis=1)")
    else:
        lines.append(f"x = {'numbers' if numbers else 'categories'}")
    return "\n".join(lines)


def _targets(classes: bool) -> str:
    if classes:
        return "y = LabelEncoder().fit_transform(table[TARGET])"
    return 'y = table[[TARGET]].to_numpy("float32")'
