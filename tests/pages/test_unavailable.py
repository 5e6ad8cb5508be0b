"""A dataset that is not here and cannot be downloaded: the page says so, and all others go on."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.datasets import FILES
from core.datasets.download import DownloadSource
from core.runs.presets import good_start
from tests.pages.reading import unescaped
from ui.form.permalink import to_params


def test_movielens_that_nobody_has_is_told_and_another_dataset_trains(
        open_page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path))
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    nobody = DownloadSource("http://127.0.0.1:9/ml-100k.zip", "0" * 64, 10)
    monkeypatch.setitem(FILES, "movielens", replace(FILES["movielens"], sources=(nobody,)))
    page = open_page(**to_params(good_start("movielens")))
    page.press("train")
    refused = unescaped(page)
    for words in ("MovieLens 100k could not be loaded or downloaded", "ml-100k.zip", "127.0.0.1:9",
                  "Film ratings has ratings and needs no download"):
        assert words in refused
    assert not page.runs
    page.at.selectbox(key="dataset").select("iris")
    page.run().press("train")
    assert not page.at.error and [run.config.dataset for run in page.runs] == ["iris"]
