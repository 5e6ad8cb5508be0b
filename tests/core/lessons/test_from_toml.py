"""Tables of texts: what does not fit is refused, by file, entry and field."""

from pathlib import Path

import pytest

from core.lessons.articles import Article
from core.lessons.from_toml import TableError, entries

GOOD = '[a]\ngroup = "g"\ntitle = "t"\ntext = "x"\n'


def read(tmp_path: Path, text: str) -> dict[str, Article]:
    (tmp_path / "some.toml").write_text(text, "utf-8")
    return entries(tmp_path / "some.toml", Article)


def test_an_entry_is_named_by_its_table(tmp_path: Path):
    found = read(tmp_path, GOOD + 'links = [{ label = "one", link = "?dataset=xor&epochs=3" }]')["a"]
    assert (found.name, found.title) == ("a", "t")
    assert (found.links[0].page, found.links[0].params) == ("", {"dataset": "xor", "epochs": "3"})


def test_what_does_not_fit_is_named(tmp_path: Path, subtests: pytest.Subtests):
    for text, told in (
            ("[a", "some.toml is not valid TOML"),
            ("a = 1", "some.toml, a must be a table, got 1"),
            ('[a]\ngroup = "g"\ntitle = "t"', "some.toml, a: text is missing"),
            (GOOD + 'titel = "t"', "some.toml, a: there is no field 'titel'"),
            ("[a]\ngroup = 1\ntitle = 't'\ntext = 'x'", "some.toml, a, group must be a text, got 1"),
            (GOOD + 'links = "?"', "some.toml, a, links must be a list, got '?'"),
            (GOOD + "links = [{ label = 'x' }]", "some.toml, a, links, number 1: link is missing"),
            (GOOD + "links = [{ label = 'x', link = 'http://localhost/?a=b' }]", "must begin with ?"),
            (GOOD + "links = [{ label = 'x', link = '//elsewhere/?a=b' }]", "must begin with ?"),
            (GOOD + "links = [{ label = 'x', link = '?a=b&a=c' }]", "a name stands twice")):
        with subtests.test(told), pytest.raises(TableError) as error:
            read(tmp_path, text)
        assert told in error.value.message
