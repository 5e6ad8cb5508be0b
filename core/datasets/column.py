"""One column of a learner's table: recognized as numbers or categories, stored compactly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.parameters import short_repr

# Texts that mean "no value": pandas's list, and the question mark in many files from UCI.
MISSING = frozenset(("", "?", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND",
                     "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"))
# A category becomes one input for each of its values, so there cannot be many.
MAX_CATEGORIES = 50
MAX_TEXT = 60
# Larger numbers are infinite in float32, and one such input makes every weight useless.
MAX_NUMBER = float(np.finfo(np.float32).max)

# No two parts can match the same digits, so a long cell is rejected in one pass.
_POINT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d+)?", re.ASCII)
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.ASCII | re.IGNORECASE)
_CHARACTERS = {False: frozenset("0123456789+-.eE"), True: frozenset("0123456789+-,eE")}


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a learner's table.

    Attributes:
        kind: `number`, `category`, or `text` for what has too many or too long values for a category.
        numbers: float64 (distinct,), ascending; empty for all others.
        names: the different texts, in alphabetical order; empty for numbers.
        codes: uint8 or uint16 (rows,), index of each row's value; the number of values if it has none.
        missing: number of rows without a value.
        too_large: how many of these have a value that does not fit into float32.
        reason: why the column can be neither a target nor an input beside others; empty if it can. A text
            can still be read as sentences.
        note: anything else to know, such as which cell is not a number.
    """

    name: str
    kind: str
    distinct: int
    missing: int
    numbers: np.ndarray
    names: tuple[str, ...]
    codes: np.ndarray
    too_large: int = 0
    reason: str = ""
    note: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind == "number"

    @property
    def usable(self) -> bool:
        return not self.reason

    @property
    def nbytes(self) -> int:
        return self.codes.nbytes + self.numbers.nbytes + sum(64 + 4 * len(name) for name in self.names)

    def values(self) -> np.ndarray:
        """float64 (rows,), NaN where a number is missing. Only for a column of numbers."""
        return np.append(self.numbers, np.nan)[self.codes]


def clean(text: str) -> str:
    """`text` on one line, without invisible characters, including those that change the writing direction."""
    if text.isprintable():
        return text if " " not in text else " ".join(text.split())
    return " ".join("".join(letter for letter in text if letter.isprintable() or letter.isspace()).split())


def read_column(name: str, cells: Sequence[str], rows: Sequence[int], decimal_comma: bool) -> Column:
    """The column in `cells`: numbers if every cell is a number or missing, else categories.

    rows: the number of each cell's row in the file. decimal_comma: whether 3,14 is a number too. In a column
    with such a number, a point makes a cell text, because it may separate thousands.
    """
    index: dict[str, int] = {}
    raw = np.fromiter((index.setdefault(cell, len(index)) for cell in cells), np.int64, len(cells))
    texts = [clean(cell) for cell in index]
    present = [text for text in texts if text not in MISSING]
    read = _parsed(present, comma=decimal_comma and any("," in text for text in present))
    words = [text for text, is_word in zip(present, np.isnan(read), strict=True) if is_word]
    if not words:
        each = np.full(len(texts), np.nan)
        each[[text not in MISSING for text in texts]] = read
        return _numbers(name, raw, each)
    note = ""
    if 2 * len(words) < len(present):
        row = rows[int(np.argmax(raw == texts.index(words[0])))]
        note = (f"Most of its values are numbers, but row {row} contains {short_repr(words[0])}, so it "
                "counts as text.")
    return _category(name, raw, texts, sorted(set(present)), note)


def _parsed(texts: list[str], comma: bool) -> np.ndarray:
    """The numbers written in the texts, float64 (texts,): infinite if too large, NaN if not a number."""
    pattern, point = (_COMMA, "".maketrans(",", ".")) if comma else (_POINT, {})
    # `float` also reads 1_000 and digits of other scripts, but they need characters outside this set.
    # A column with only these characters, the usual case, need not be checked cell by cell.
    if _CHARACTERS[comma].issuperset("".join(texts)):
        try:
            return _limited([float(text.translate(point)) if comma else float(text) for text in texts])
        except ValueError:
            pass
    return _limited([float(text.translate(point)) if pattern.fullmatch(text)
                     else np.inf if _INFINITE.fullmatch(text) else np.nan for text in texts])


def _limited(numbers: list[float]) -> np.ndarray:
    """The numbers; infinite if they are too large."""
    exact = np.array(numbers, np.float64)
    return np.where(np.abs(exact) > MAX_NUMBER, np.inf, exact)


def _numbers(name: str, raw: np.ndarray, each: np.ndarray) -> Column:
    finite = np.isfinite(each)
    values = np.unique(each[finite] + 0.0)  # no -0
    codes = np.where(finite, np.searchsorted(values, each), len(values))[raw]
    missing, too_large = int((~finite)[raw].sum()), int(np.isinf(each)[raw].sum())
    reason = "" if len(values) else "It is empty in every row."
    note = f"Infinite or too large for a network, so treated as missing: {too_large}." if too_large else ""
    return Column(name, "number", len(values), missing, values, (), _small(codes, len(values)), too_large,
                  reason, note)


def _category(name: str, raw: np.ndarray, texts: list[str], names: list[str], note: str) -> Column:
    place = {text: code for code, text in enumerate(names)}
    codes = np.array([place.get(text, len(names)) for text in texts])[raw]
    missing = int((codes == len(names)).sum())
    longest = max(map(len, names))
    reason = ""
    if len(names) > MAX_CATEGORIES:
        reason = f"It is text with {len(names):,} different values; a category can have {MAX_CATEGORIES}."
    elif longest > MAX_TEXT:
        reason = f"It has texts of up to {longest:,} characters; a category can have {MAX_TEXT}."
    return Column(name, "text" if reason else "category", len(names), missing, np.empty(0), tuple(names),
                  _small(codes, len(names)), reason=reason, note=note)


def _small(codes: np.ndarray, largest: int) -> np.ndarray:
    """The codes in the smallest type that holds them, so that a table takes less room than its file."""
    return codes.astype(np.min_scalar_type(largest))
