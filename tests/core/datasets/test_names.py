"""Names of columns as parameters: through a link and back, or refused in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.names import NameList, Text
from core.parameters import FieldError
from tests.strategies import ANYTHING

NAMES = NameList("columns", "Inputs", "", 20, 5)
TEXT = Text("target", "Target", "", 20)
NAME = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text == text.strip())


@given(names=st.lists(NAME, max_size=5, unique=True))
def test_names_go_through_a_link(names: list[str]):
    text = NAMES.format(names)
    assert text.isascii() and NAMES.check(NAMES.parse(text)) == tuple(names)
    for name in names:
        assert TEXT.check(TEXT.parse(TEXT.format(name))) == name


@pytest.mark.parametrize(("value", "said"), [
    ("abc", "list of at most 5"), (["a"] * 6, "list of at most 5"), (["a", "b", "a"], "'a' twice"),
    ([""], "1 to 20"), (["x" * 21], "1 to 20"), ([3], "got 3"), (["a\nb"], "printable"), (None, "got None"),
    ([[]], "1 to 20")])
def test_names_are_refused_in_words(value: Any, said: str):
    with pytest.raises(FieldError) as caught:
        NAMES.check(value, "table", "dataset_parameters.columns")
    assert said in caught.value.message and caught.value.field == "dataset_parameters.columns"


@given(value=ANYTHING)
def test_any_text_is_checked_or_refused(value: Any):
    try:
        checked = TEXT.check(value, "table", "some.field")
    except FieldError as error:
        assert error.field == "some.field" and "got" in error.message
        error.message.encode()
    else:
        assert type(checked) is str and checked.isprintable() and len(checked) <= 20
