"""MovieLens: what is read from a zip file of the same layout, and what is said where it is broken."""

import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.datasets import DATASETS, DatasetUnavailable
from core.datasets.download import DataFile, DownloadSource
from core.datasets.movielens import MOVIELENS, MOVIELENS_FILE, unpacked
from core.datasets.pairs import PairShape

NO_GENRE = "|0" * 19
DRAMA = "|0" * 8 + "|1" + "|0" * 10
WAR_COMEDY = "|0" * 5 + "|1" + "|0" * 11 + "|1" + "|0"
FILMS = (f"1|Café (1995)|01-Jan-1995||http://x{DRAMA}\n2|M*A*S*H (1970)|01-Jan-1970||http://x{WAR_COMEDY}\n"
         f"3|Nothing|||{NO_GENRE}\n")
RATINGS = "196\t2\t3\t881250949\n1\t1\t5\t881250950\n196\t1\t1\t881250951\n"


def zipped(path: Path, ratings: str = RATINGS, films: str = FILMS) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ml-100k/u.data", ratings)
        archive.writestr("ml-100k/u.item", films.encode("latin-1"))
        archive.writestr("../evil", "never extracted")
    return path


def test_ratings_titles_and_first_genres_are_read(tmp_path: Path):
    found = unpacked([zipped(tmp_path / "small.zip")])
    assert found["pairs"].tolist() == [[196, 2], [1, 1], [196, 1]] and found["stars"].tolist() == [3, 5, 1]
    assert [title.decode() for title in found["titles"]] == ["Café (1995)", "M*A*S*H (1970)", "Nothing"]
    assert found["genres"].tolist() == [8, 5, 0], "drama, comedy, unknown"


@pytest.mark.parametrize("changed", [{"ratings": "1\t4\t3\t0\n"}, {"ratings": "1\tx\t3\t0\n"},
                                     {"ratings": ""},
                                     {"films": FILMS.replace("2|M", "7|M")}])
def test_other_files_are_refused(tmp_path: Path, changed: dict[str, str]):
    with pytest.raises(ValueError):
        unpacked([zipped(tmp_path / "small.zip", **changed)])


def test_the_zip_file_in_the_data_folder_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path))
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path / "cache"))
    content = zipped(tmp_path / "ml-100k.zip").read_bytes()
    source = DownloadSource("https://localhost:1/ml-100k.zip", hashlib.sha256(content).hexdigest(),
                            len(content))
    small = DataFile("MovieLens 100k", "movielens_100k.npz", {
        "pairs": ((3, 2), "int32"), "stars": ((3,), "uint8"), "titles": ((3,), "|S96"),
        "genres": ((3,), "uint8")}, ("stars",), 6, (source,), unpack=unpacked, loose=("ml-100k.zip",))
    assert small.available() and small.read("stars")[0].tolist() == [3, 5, 1]
    (tmp_path / "ml-100k.zip").write_bytes(b"not a zip file")
    (tmp_path / "cache" / "movielens_100k.npz").unlink()
    assert not small.available()
    with pytest.raises(DatasetUnavailable, match="checksum is wrong"):
        small.fetch()


def test_the_licence_is_part_of_the_entry():
    assert DATASETS["movielens"] == MOVIELENS and "no commercial use" in MOVIELENS.source
    assert MOVIELENS.shape == PairShape(943, *MOVIELENS_FILE.members["titles"][0])
    assert np.prod(MOVIELENS_FILE.members["pairs"][0]) == 2 * MOVIELENS.examples
