"""A learner's CSV file: read as pandas reads it, or refused in words; nothing in it can do harm."""

import hashlib
import io
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.column import MAX_CATEGORIES, MAX_NUMBER, MAX_TEXT, Column
from core.datasets.table import MAX_BYTES, MAX_COLUMNS, MAX_NAME, MAX_ROWS, Table, read_table
from core.parameters import FieldError

# With what a cell in quotes may hold, and words that stand for "no value".
WORDS = st.one_of(st.text("ab ,;\t'\"\n-é漢", min_size=1, max_size=8).filter(lambda one: one == one.strip()),
                  st.sampled_from(["NA", "n/a", "None", "?", "nan", "b"]))
NAMES = st.lists(st.text("abc _(é", min_size=1, max_size=6).map(str.strip).filter(bool),
                 min_size=2, max_size=5, unique_by=lambda text: " ".join(text.split()))


def column_values(kind: str, rows: int) -> st.SearchStrategy[list[Any]]:
    cell: st.SearchStrategy[Any] = {"float": st.floats(width=64), "int": st.integers(-2**60, 2**60),
                                    "few": st.integers(0, 3), "text": WORDS}[kind]
    return st.lists(cell if kind == "int" else st.none() | cell, min_size=rows, max_size=rows)


@st.composite
def frames(draw: st.DrawFn, kinds: tuple[str, ...] = ("float", "int", "few", "text")) -> pd.DataFrame:
    names, rows = draw(NAMES), draw(st.integers(1, 12))
    return pd.DataFrame({name: draw(column_values(draw(st.sampled_from(kinds)), rows)) for name in names})


def words_of(column: Column) -> list[str | None]:
    return [(*column.names, None)[code] for code in column.codes.tolist()]


def assert_reads(table: Table, expected: pd.DataFrame) -> None:
    assert table.rows == len(expected)
    assert [column.name for column in table.columns] == [" ".join(name.split()) for name in expected.columns]
    for column, (_, series) in zip(table.columns, expected.items(), strict=True):
        if pd.api.types.is_numeric_dtype(series):
            numbers = series.to_numpy(float)
            too_large = np.abs(numbers) > MAX_NUMBER
            np.testing.assert_array_equal(column.values(), np.where(too_large, np.nan, numbers))
            assert column.is_number and column.too_large == too_large.sum()
        else:
            assert not column.is_number
            assert words_of(column) == [None if pd.isna(one) else " ".join(one.split()) for one in series]
        assert column.missing == table.rows - np.count_nonzero(column.codes < column.distinct)
        assert column.usable == (column.distinct > 0)


@given(frame=frames(), delimiter=st.sampled_from(",;\t"), mark=st.booleans(),
       line=st.sampled_from(["\n", "\r\n"]))
def test_table_is_what_pandas_reads(frame: pd.DataFrame, delimiter: str, mark: bool, line: str):
    text = frame.to_csv(index=False, sep=delimiter, lineterminator=line)
    content = text.encode("utf-8-sig" if mark else "utf-8")
    expected = pd.read_csv(io.BytesIO(content), sep=delimiter, na_values=["?"])
    assert_reads(read_table(content, "some.csv"), expected)


@given(frame=frames(kinds=("float", "few")), delimiter=st.sampled_from(";\t"))
def test_decimal_comma_is_what_pandas_reads(frame: pd.DataFrame, delimiter: str):
    content = frame.to_csv(index=False, sep=delimiter, decimal=",").encode()
    expected = pd.read_csv(io.BytesIO(content), sep=delimiter, decimal=",")
    assert_reads(read_table(content, "some.csv"), expected)


def only(content: str | bytes, name: str = "x") -> Column:
    """The column of this name."""
    table = read_table(content.encode() if isinstance(content, str) else content, "some.csv")
    return {column.name: column for column in table.columns}[name]


def test_points_and_commas_are_not_mixed_up():
    assert only("x;y\n1,5;1\n2,5;1\n").values().tolist() == [1.5, 2.5]
    assert only("x;y\n1.5;1\n2.5;1\n").values().tolist() == [1.5, 2.5]
    # 1.234 is one thousand to those who write 1,5.
    assert only("x;y\n1,5;1\n1.234;1\n").names == ("1,5", "1.234")
    assert only('x,y\n"1,234",1\n2,1\n').names == ("1,234", "2")


def test_what_is_no_plain_number_is_text():
    for text in ("1_000", "0x1A", "1e", "٣", "1 2", "--1", "True", "2024-05-01", "12 kg", "e5", "1.2.3"):
        assert not only(f"x,y\n{text},1\n2,1\n").is_number, text
    for text, number in (("+5", 5), (" 5 ", 5), ("5.", 5), (".5", 0.5), ("-5E+2", -500), ('"5"', 5)):
        assert only(f"x,y\n{text},1\n").values().tolist() == [number]


def test_infinite_and_too_large_numbers_count_as_missing():
    column = only("x,y\n1e400,1\ninf,1\n-Infinity,1\n-1e39,1\n3.4e38,1\nNA,1\n")
    np.testing.assert_array_equal(column.values(), [np.nan] * 4 + [3.4e38, np.nan])
    assert (column.missing, column.too_large) == (5, 4) and "too large" in column.note and column.usable
    assert np.isfinite(column.numbers.astype(np.float32)).all()


def test_one_wrong_cell_among_numbers_is_named():
    column = only("x,y\n" + "".join(f"{number},1\n" for number in range(60)) + "\noops,1\n7,1\n")
    assert not column.usable and "61 different" in column.reason
    assert "row 63 " in column.note and "'oops'" in column.note
    assert only("x,y\nred,1\n1,1\n").note == ""


def test_columns_that_are_no_input_say_why_and_keep_their_texts_for_sentences():
    rows = "".join(f"{'x' * index}w,,{index}\n" for index in range(MAX_CATEGORIES + 1))
    table = read_table(f"many,none,n\n{rows}".encode(), "some.csv")
    many, none, number = table.columns
    assert not many.usable and f"{MAX_CATEGORIES + 1} different" in many.reason
    assert many.kind == "text" and [many.names[code] for code in many.codes[:2]] == ["w", "xw"]
    assert not none.usable and none.missing == table.rows and none.reason
    assert number.usable and number.distinct == table.rows
    assert only(f"x,y\n{'a' * (MAX_TEXT + 1)},1\n").reason and only(f"x,y\n{'a' * MAX_TEXT},1\n").usable


def test_names_can_be_shown():
    table = read_table('"a\n b\u202e","\u200bc"\n1,2\n'.encode(), "C:\\temp\\my\x07 file.csv")
    assert [column.name for column in table.columns] == ["a b", "c"] and table.name == "my file.csv"
    assert read_table(b"a,b\n1,2", "../").name == "table.csv"
    assert len(read_table(b"a,b\n1,2", "x" * 5000).name) <= MAX_NAME


def test_rows_without_anything_are_skipped_and_counted_as_rows():
    assert only("\n\nx,y\n\n1,2\n  \n3,4\r\r5,6").values().tolist() == [1, 3, 5]
    with pytest.raises(FieldError, match="Row 5 has 3 cells"):
        read_table(b"\nx,y\n1,2\n\n1,2,3\n", "")


def test_delimiter_is_told_by_the_first_two_rows():
    assert only("x;size, in cm;y\n1;2;3\n").values().tolist() == [1]
    assert only("a, b, c and d;x\n1;2\n").values().tolist() == [2]
    assert only('"p;q;r",x\n1,2\n').values().tolist() == [2]
    assert only('x;"p,q,r"\n1;2\n').values().tolist() == [1]
    with pytest.raises(FieldError, match=r"Row 2 has 3 cells, and the header has 2.*semicolon"):
        read_table(b"x;y\n1;2;3\n1;2\n", "")
    with pytest.raises(FieldError, match=r"Row 2 cannot be read.*semicolon"):
        read_table(b'x;y\n1;"2\n', "")
    assert only("x\ta;b,c\n1\t2\n").values().tolist() == [1]


REFUSED = {
    "nothing": (b"", ["empty", "column names"]),
    "blanks": (b" \r\n\t\n", ["empty"]),
    "empty quotes": (b'""\n""\n', ["empty"]),
    "only a mark": (b"\xef\xbb\xbf", ["empty"]),
    "too large": (b"a,b\n" + b"1,2\n" * (MAX_BYTES // 4), ["5.0 MB", "5 MB"]),
    "workbook": (b"PK\x03\x04rest", ["workbook", "CSV UTF-8"]),
    "utf-16": ("a,b\n1,2\n".encode("utf-16"), ["UTF-16", "CSV UTF-8"]),
    "utf-16 without a mark": ("a,b\n1,2\n".encode("utf-16-le"), ["NUL", "Line 1"]),
    "latin-1": ("a,b\n1,2\né,3\n".encode("latin-1"), ["not UTF-8", "line 3", "0xE9", "CSV UTF-8"]),
    "latin-1 after a mark": (b"\xef\xbb\xbfa,b\n\xe9,2\n", ["not UTF-8", "line 2", "0xE9"]),
    "nul": (b"a,b\n1,\0\n", ["NUL", "Line 2"]),
    "names only": (b"a,b\n\n", ["no rows below"]),
    "one column": (b"a\n1\n2\n", ["only one column, 'a'", "semicolons"]),
    "no name": (b"a,,c\n1,2,3\n", ["Column 2 of 3 has no name"]),
    "last name": (b"a;b;\n1;2;\n", ["Column 3 of 3", "semicolon"]),
    "invisible name": ("a,\u200b\n1,2\n".encode(), ["Column 2 of 2 has no name"]),
    "long name": (b"a," + b"n" * (MAX_NAME + 1) + b"\n1,2\n", ["column 2", "101 characters", "100"]),
    "same names": (b"a,b, a\n1,2,3\n", ["2 columns are named 'a'", "1, 3"]),
    "names that look the same": ("\u00e9,b,e\u0301\n1,2,3\n".encode(),
                                 ["2 columns are named '\u00e9'", "1, 3"]),
    "numbers as names": (b"1,2,3\n4,5,6\n", ["contains numbers", "'1', '2', '3'", "row of column names"]),
    "first example as names": (b"5.1,3.5,setosa\n4.9,3,setosa\n", ["contains numbers", "'5.1'"]),
    "short row": (b"a,b\n1,2\n3\n", ["Row 3 has 1 cell,", "header has 2", "comma"]),
    "long row": (b"a\tb\n1\t2\t3\n", ["Row 2 has 3 cells", "header has 2", "tab"]),
    "open quote": (b'a,b\n1,2\n"3,4\n5,6\n', ["Row 3 cannot be read", "line 4", "quote"]),
    "text after a quote": (b'a,b\n"3"x,4\n', ["Row 2 cannot be read", "written twice"]),
    "many columns": (b",".join(b"c%d" % index for index in range(MAX_COLUMNS + 1)), ["101 columns", "100"]),
    "many rows": (b"a,b\n" + b"1,2\n" * (MAX_ROWS + 7), ["50,007 rows", "50,000", "Leave out 7"]),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_refusals_say_what_where_and_what_to_do(content: bytes, said: list[str]):
    with pytest.raises(FieldError) as caught:
        read_table(content, "some.csv")
    assert caught.value.field == "table" and len(caught.value.message) < 400
    assert caught.value.message.isprintable() and caught.value.message.endswith(".")
    for words in said:
        assert words in caught.value.message


def test_as_much_as_is_allowed_is_read():
    years = ",".join(str(1950 + index) for index in range(MAX_COLUMNS - 1))
    wide = read_table(f"country,{years}\nA{',1' * (MAX_COLUMNS - 1)}\n".encode(), "")
    assert len(wide.columns) == MAX_COLUMNS and wide.columns[1].name == "1950"
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 10**8, (MAX_ROWS, 11))).add_prefix("c")
    content = frame.to_csv(index=False).encode()
    assert 0.9 * MAX_BYTES < len(content) <= MAX_BYTES
    table = read_table(content, "")
    assert table.rows == MAX_ROWS
    for column in table.columns:
        np.testing.assert_array_equal(column.values(), frame[column.name])
    assert len(pickle.dumps(table)) < 3 * len(content) and table.nbytes < 3 * len(content)


def test_digest_tells_contents_apart_and_survives_pickling():
    first, second = read_table(b"a,b\n1,2\nx,\n", "n.csv"), read_table(b"a,b\n1,2\ny,\n", "n.csv")
    assert first.digest != second.digest and len(first.digest) == 32
    assert first.digest == read_table(b"a,b\n1,2\nx,\n", "C:\\n.csv").digest
    back = pickle.loads(pickle.dumps(first))
    assert (back.name, back.digest, back.rows) == (first.name, first.digest, first.rows)
    assert words_of(back.columns[0]) == ["1", "x"]
    np.testing.assert_array_equal(back.columns[1].values(), [2, np.nan])


def test_the_same_file_is_another_table_for_another_learner_and_by_another_name():
    """So what is kept of a table by its digest names nobody else's file, and a file does not give it away."""
    content = b"a,b\n1,2\nx,\n"
    digests = [read_table(content, name, owner).digest
               for name in ("mine.csv", "yours.csv") for owner in ("", "a" * 32, "b" * 32)]
    assert len(set(digests)) == len(digests)
    assert not any(digest in hashlib.new(kind, content).hexdigest()
                   for digest in digests for kind in ("sha256", "md5", "blake2b"))


def reads_or_refuses(content: bytes, filename: str = "") -> None:
    try:
        table = read_table(content, filename)
    except FieldError as error:
        assert error.field == "table" and len(error.message) < 600
        error.message.encode()
        return
    assert table.rows > 0 and len({column.name for column in table.columns}) == len(table.columns) > 1
    for column in table.columns:
        assert column.name.isprintable() and column.reason.isprintable() and column.note.isprintable()
        if column.usable:
            assert len(column.codes) == table.rows and column.codes.max() <= column.distinct
            assert all(name.isprintable() and 0 < len(name) <= MAX_TEXT for name in column.names)
            assert np.isfinite(column.numbers).all() and (np.diff(column.numbers) > 0).all()


@settings(max_examples=300)
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=80).map(str.encode),
                         st.text("ab1.,;\t\"\r\n eE-\u2028\x1c", max_size=80).map(str.encode)),
       filename=st.text(max_size=20))
def test_any_bytes_are_read_or_refused(content: bytes, filename: str):
    reads_or_refuses(content, filename)
    reads_or_refuses(b"a,b\n1,2\n" + content, filename)


def test_long_cells_of_digits_are_soon_refused():
    # A pattern that tries every way to part the digits would go on for hours.
    for cell in ("1" * 100_000 + "x", "1" * 100_000, "." * 100_000, "1," * 50_000, "-" * 100_000):
        reads_or_refuses(f"x;y\n{cell};1\n".encode())
