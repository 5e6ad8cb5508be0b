"""Settings: read from an environment, refused with the variable named."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.parameters import FieldError
from core.settings import Settings, from_environment

NUMBERS = [field.name for field in fields(Settings) if field.type in (int, float)]
SWITCHES = [field.name for field in fields(Settings) if field.type is bool]
ADDRESSES = [field.name for field in fields(Settings) if field.type is str]
PLACES = [field.name for field in fields(Settings) if "Path" in str(field.type)]


def test_every_field_is_of_a_kind_that_a_variable_can_set():
    assert sorted(NUMBERS + SWITCHES + PLACES + ADDRESSES) == sorted(field.name for field in fields(Settings))


def test_an_empty_environment_gives_sound_defaults():
    settings = from_environment({})
    assert settings.workers >= 1 and settings.threads == 64
    assert settings.nanny and settings.data is None and settings.cache.is_absolute()
    assert settings == from_environment({"PLAYGROUND_THREADS": "  ", "PLAYGROUND_DATA": "", "HOME": "/x"})


def test_a_number_is_read_and_nothing_else_changes(subtests: pytest.Subtests):
    for name in NUMBERS:
        with subtests.test(name):
            settings = from_environment({f"PLAYGROUND_{name.upper()}": " 7 "})
            assert settings == replace(from_environment({}), **{name: 7})
            assert getattr(settings, name) == 7


# Each text is a way of its own to be wrong; the variables are read by one function.
@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "many", "1,5", "0x10", "1" * 5000],
                         ids=lambda text: text[:9])
def test_a_wrong_number_is_refused_with_its_variable(text: str, subtests: pytest.Subtests):
    for name in NUMBERS:
        variable = f"PLAYGROUND_{name.upper()}"
        with subtests.test(name):
            if (name, text) == ("max_places_per_address", "0"):
                assert from_environment({variable: text}).max_places_per_address == 0, "any number"
                continue
            with pytest.raises(FieldError, match=r"must be a number (above 0|from [02])") as caught:
                from_environment({variable: text})
            assert str(caught.value).startswith(variable)
            assert caught.value.field == variable


@pytest.mark.parametrize("name, bounds", [
    ("workers", "above 0 and at most 1024"), ("threads", "from 2 to 1024")])
def test_more_than_any_machine_bears_is_refused(name: str, bounds: str):
    variable = f"PLAYGROUND_{name.upper()}"
    assert getattr(from_environment({variable: "1024"}), name) == 1024
    with pytest.raises(FieldError) as caught:
        from_environment({variable: "100000000"})
    assert str(caught.value) == f"{variable} must be a number {bounds}, got '100000000'."


@pytest.mark.parametrize("text, value", [("0", False), ("no", False), ("False", False), ("1", True),
                                         ("yes", True), ("TRUE", True)])
def test_a_switch(text: str, value: bool):
    for name in SWITCHES:
        assert getattr(from_environment({f"PLAYGROUND_{name.upper()}": text}), name) is value, name


def test_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    settings = from_environment({"PLAYGROUND_DATA": "data", "PLAYGROUND_CACHE": str(tmp_path / "c")})
    assert (settings.data, settings.cache) == (tmp_path / "data", tmp_path / "c")


@pytest.mark.parametrize("url", ["postgresql://me:secret@host/runs", "sqlite:////tmp/runs.sqlite3",
                                 "mysql+pymysql://host/runs"])
def test_an_address_of_a_database(url: str):
    assert from_environment({"PLAYGROUND_DATABASE": f" {url} "}).database == url


@pytest.mark.parametrize("text", ["runs.sqlite3", "secret@host", "://secret", "1sql://secret"])
def test_an_address_that_is_none_is_refused_and_not_shown(text: str):
    with pytest.raises(FieldError, match="PLAYGROUND_DATABASE must be a database URL") as caught:
        from_environment({"PLAYGROUND_DATABASE": text})
    assert caught.value.field == "PLAYGROUND_DATABASE" and text not in str(caught.value)


def test_the_default_cache_follows_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert from_environment({}).cache == tmp_path / "deep-learning-playground"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "me")
    assert from_environment({}).cache == tmp_path / "me" / ".cache" / "deep-learning-playground"

    def homeless() -> Any:
        raise RuntimeError("Could not determine home directory.")
    monkeypatch.setattr(Path, "home", homeless)
    assert from_environment({}).cache.is_absolute()


@given(texts=st.dictionaries(st.sampled_from([field.name for field in fields(Settings)]),
                             st.text() | st.integers().map(str) | st.floats().map(str)))
def test_any_environment_is_read_or_refused(texts: dict[str, str]):
    environment = {f"PLAYGROUND_{name.upper()}": text for name, text in texts.items()}
    try:
        settings = from_environment(environment)
    except FieldError as error:
        assert error.field in environment
    else:
        assert all(getattr(settings, name) > 0 or name == "max_places_per_address" for name in NUMBERS)


def test_the_readme_lists_every_variable_with_its_default():
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    rows = dict(line.strip("| ").split(" | ")[:2] for line in text.splitlines()
                if line.startswith("| `PLAYGROUND_"))
    assert set(rows) == {f"`PLAYGROUND_{field.name.upper()}`" for field in fields(Settings)}
    for field in fields(Settings):
        if type(field.default) in (int, float, bool):
            assert float(rows[f"`PLAYGROUND_{field.name.upper()}`"]) == field.default
