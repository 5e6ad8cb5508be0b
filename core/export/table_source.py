"""A learner's own table, read again by pandas from the CSV file, as this project reads it."""

from collections.abc import Mapping
from typing import Any

from core.datasets.choosing import column_of, refused
from core.datasets.column import Column
from core.datasets.uploads import table_of
from core.export.section import joined
from core.export.writing import literal

_READ = """\
# The file must lie in the folder that this runs in.
FILE = {file}
with open(FILE, encoding="utf-8-sig") as file:
    header = file.readline()
separator = max("\\t;,", key=header.count)
table = pd.read_csv(
    FILE, sep=separator, dtype=str, na_values=["?"], skipinitialspace=True, encoding="utf-8-sig")
table.columns = [" ".join(name.split()) for name in table.columns]
table = table.apply(lambda column: column.str.split().str.join(" "))"""

_NUMBERS = """\
for name in {names}:
    cells = table[name] if separator == "," else table[name].str.replace(",", ".")
    table[name] = pd.to_numeric(cells, errors="coerce")"""

_TARGET = """\
# Rows without a target teach nothing.
table = table.dropna(subset=[TARGET])"""


def table_source(values: Mapping[str, Any]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Code that gives x and y, imports and packages. Raises `FieldError` where the table is gone."""
    table = table_of(values["digest"])
    if table is None:
        raise refused("digest", "The table is no longer here. Upload it again.")
    columns = [column_of(table, name, "columns") for name in values["columns"]]
    target = column_of(table, values["target"], "target")
    numbers = [one for one in columns if one.is_number]
    words = [one for one in columns if not one.is_number]
    classes = values["task"] == "classification"
    imports = {"import pandas as pd",
               *(["from sklearn.preprocessing import OneHotEncoder"] if words else []),
               *(["from sklearn.preprocessing import LabelEncoder"] if classes else [])}
    return (joined(_READ.format(file=literal(table.name)), _names(target, numbers, words),
                   _converted(target, numbers), _TARGET, _inputs(numbers, words), _targets(classes)),
            tuple(sorted(imports)), ("pandas",))


def _names(target: Column, numbers: list[Column], words: list[Column]) -> str:
    lines = [f"TARGET = {literal(target.name)}"]
    for name, columns in (("NUMBERS", numbers), ("CATEGORIES", words)):
        if columns:
            inner = "".join(f"    {literal(one.name)},\n" for one in columns)
            lines.append(f"{name} = [\n{inner}]")
    return "\n".join(lines)


def _converted(target: Column, numbers: list[Column]) -> str:
    """Numbers from text. A comma may stand for the point where no comma parts the cells."""
    names = ("[*NUMBERS, TARGET]" if numbers else "[TARGET]") if target.is_number else "NUMBERS"
    if not numbers and not target.is_number:
        return ""
    lines = [_NUMBERS.format(names=names)]
    if any(one.too_large for one in [*numbers, target]):
        lines.append("    # Infinite or too large for a network: as good as missing.\n"
                     "    table.loc[table[name].abs() > np.finfo(\"float32\").max, name] = np.nan")
    return "\n".join(lines)


def _inputs(numbers: list[Column], words: list[Column]) -> str:
    lines = []
    if numbers:
        lines.append('numbers = table[NUMBERS].to_numpy("float32")')
    if words:
        lines.append("# A category becomes an input for each of its values, also for a missing one.\n"
                     "encoder = OneHotEncoder(sparse_output=False, dtype=\"float32\")\n"
                     "categories = encoder.fit_transform(table[CATEGORIES].astype(object))")
    if numbers and words:
        lines.append("x = np.concatenate([numbers, categories], axis=1)")
    else:
        lines.append(f"x = {'numbers' if numbers else 'categories'}")
    return "\n".join(lines)


def _targets(classes: bool) -> str:
    if classes:
        return "y = LabelEncoder().fit_transform(table[TARGET])"
    return 'y = table[[TARGET]].to_numpy("float32")'
