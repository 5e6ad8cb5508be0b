"""Reads a learner's CSV file. Nothing in it is trusted, and every error says what, where and what to do."""

import csv
import hashlib
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from core.datasets.column import Column, clean, read_column
from core.parameters import FieldError, short_repr

MAX_BYTES = 5 * 2**20
MAX_ROWS = 50_000
MAX_COLUMNS = 100
# Most characters of a column's name, and of the file's name.
MAX_NAME = 100
# Texts may be long; the module's own limit is 131,072 characters a cell.
csv.field_size_limit(MAX_BYTES)

# If two of them fit equally well, the first is taken: names may contain commas, but never tabs.
DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma"}


@dataclass(frozen=True, eq=False)
class Table:
    """A table as read from a file. It can be pickled, and needs at most three times the memory of its file.

    Attributes:
        digest: identifies it. It depends on the owner, the name and the content, so two learners with the
            same file have two tables, and nobody can compute the digest of another learner's table from its
            content.
        delimiter: what separates the file's cells, a key of `DELIMITERS`; exported scripts use it too.
    """

    name: str
    digest: str
    rows: int
    columns: tuple[Column, ...]
    delimiter: str = ","

    @property
    def nbytes(self) -> int:
        return sum(column.nbytes for column in self.columns)

    def column(self, name: str) -> Column | None:
        """The column of this name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


def read_table(content: bytes, filename: str, owner: str = "") -> Table:
    """The table in a CSV file: UTF-8, a header row, then rows with as many cells.

    Cells are separated by commas, semicolons or tabs; with the last two, 3,14 is a number too.
    `column.MISSING` lists the texts for missing values. Empty rows are skipped. Numbers that are infinite or
    too large for float32 count as missing. owner: the secret key of the browser that uploaded it. Raises
    `FieldError` for the field `table`.
    """
    text = _decoded(content)
    delimiter = _delimiter(text)
    records = _records(text, delimiter)
    names = _names(next(records)[1], delimiter)
    numbers, rows = _rows(records, len(names), delimiter)
    columns = tuple(read_column(name, cells, numbers, decimal_comma=delimiter != ",")
                    for name, cells in zip(names, zip(*rows, strict=True), strict=True))
    name = clean(filename.replace("\\", "/").rsplit("/", 1)[-1])[:MAX_NAME] or "table.csv"
    return Table(name, _digest(content, name, owner), len(rows), columns, delimiter)


def _digest(content: bytes, name: str, owner: str) -> str:
    """32 hexadecimal digits."""
    own = hashlib.blake2b(key=owner.encode()[:hashlib.blake2b.MAX_KEY_SIZE], digest_size=16)
    own.update(name.encode() + b"\0" + content)
    return own.hexdigest()


def _refused(message: str) -> FieldError:
    return FieldError("table", message)


def _decoded(content: bytes) -> str:
    """The file as text. A byte order mark at its beginning is dropped."""
    if len(content) > MAX_BYTES:
        raise _refused(f"The file has {len(content) / 2**20:.1f} MB; the limit is {MAX_BYTES // 2**20} MB. "
                       "Leave out rows or columns.")
    if content.startswith(b"PK\x03\x04"):
        raise _refused("The file is a workbook or an archive, not a CSV file. Save the sheet as "
                       "\"CSV UTF-8\" and upload that.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused("The file is UTF-16 text, but only UTF-8 can be read. Save it as \"CSV UTF-8\" and "
                       "upload it again.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # utf-8-sig counts from after the mark, which contains no line end.
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _refused(f"The file is not UTF-8 text: line {line} contains the byte "
                       f"0x{error.object[error.start]:02X}. Save it as \"CSV UTF-8\" and upload it "
                       "again.") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _refused(f"Line {line} contains a NUL character, so this is not a text file. Save the table "
                       "as a CSV file and upload that.")
    if not text.strip():
        raise _refused("The file is empty. It needs a row with the column names, then one row for each "
                       "example.")
    return text


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with its row number in a spreadsheet, from 1."""
    # newline="" leaves line ends within quotes unchanged, and accepts \n, \r\n and \r.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield number, cells
    except csv.Error as error:
        raise _refused(f"Row {number + 1} cannot be read (it ends at line {reader.line_num}): {error}. A "
                       "cell in quotes (\") must end with a quote, followed by the "
                       f"{DELIMITERS[delimiter]}; a quote within it is written twice.") from None


def _delimiter(text: str) -> str:
    """The delimiter with which header and next row have equally many cells; of several, the one with most."""
    score = {}
    for delimiter in DELIMITERS:
        widths = []
        try:
            for _, cells in islice(_records(text, delimiter), 2):
                widths.append(len(cells))
        except FieldError:  # a cell in quotes that does not end where this one would part it
            widths.append(0)
        if not widths:  # nothing but empty cells in quotes
            raise _refused("The file is empty. It needs a row with the column names.")
        score[delimiter] = (widths[0] > 1 and widths[0] == widths[-1], widths[0])
    best = max(score, key=score.__getitem__)
    return best if score[best][1] > 1 else ","


def _names(header: list[str], delimiter: str) -> tuple[str, ...]:
    """The column names. Raises `FieldError` if one is missing or repeated, or if it is the first example."""
    names = [clean(cell) for cell in header]
    if len(names) < 2:
        raise _refused(f"There is only one column, {short_repr(names[0])}. A table needs a target and at "
                       "least one input, separated by commas, semicolons or tabs.")
    if len(names) > MAX_COLUMNS:
        raise _refused(f"The table has {len(names):,} columns; the limit is {MAX_COLUMNS}. Leave out "
                       "columns that say nothing about the target.")
    for number, name in enumerate(names, 1):
        if not name:
            raise _refused(f"Column {number} of {len(names)} has no name. Name every column in the first "
                           f"row, or remove the {DELIMITERS[delimiter]} at the end of the rows.")
        if len(name) > MAX_NAME:
            raise _refused(f"The name of column {number} has {len(name):,} characters; the limit is "
                           f"{MAX_NAME}. Shorten {short_repr(name)}.")
    # The same letter can be encoded in several ways that look the same (Unicode Annex 15).
    seen = [unicodedata.normalize("NFC", name) for name in names]
    name, count = Counter(seen).most_common(1)[0]
    if count > 1:
        places = [str(number) for number, other in enumerate(seen, 1) if other == name]
        raise _refused(f"{count} columns are named {short_repr(name)}: columns {_few(places)}. Give each "
                       "column its own name.")
    read = [read_column("", [name], [1], delimiter != ",") for name in names]
    if all(column.is_number for column in read) or any(_is_fraction(column) for column in read):
        raise _refused("The first row must contain the column names, but it contains numbers: "
                       f"{_few([short_repr(name) for name in names])}. Add a row of column names above it.")
    return tuple(names)


def _is_fraction(cell: Column) -> bool:
    """Whether a cell is a number with decimals: 2024 may be a column's name, 5.1 hardly is."""
    return cell.is_number and any(not number.is_integer() for number in cell.numbers.tolist())


def _rows(records: Iterator[tuple[int, list[str]]], width: int,
          delimiter: str) -> tuple[list[int], list[list[str]]]:
    """The numbers and the cells of the rows below the header, each of `width` cells."""
    numbers, rows = [], []
    for number, cells in islice(records, MAX_ROWS):
        if len(cells) != width:
            raise _refused(f"Row {number} has {len(cells):,} cell{'s' * (len(cells) != 1)}, and the header "
                           f"has {width}. Every row needs as many cells as the header, separated by a "
                           f"{DELIMITERS[delimiter]}; a cell that contains a {DELIMITERS[delimiter]} must "
                           "be in quotes.")
        numbers.append(number)
        rows.append(cells)
    if not rows:
        raise _refused("The table has column names but no rows below them. Add one row for each example.")
    more = sum(1 for _ in records)
    if more:
        raise _refused(f"The table has {MAX_ROWS + more:,} rows; the limit is {MAX_ROWS:,}. Leave out "
                       f"{more:,} of them.")
    return numbers, rows


def _few(words: list[str]) -> str:
    """The first words of a list that may be long."""
    return ", ".join(words[:5]) + (", ..." if len(words) > 5 else "")
