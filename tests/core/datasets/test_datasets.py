"""Datasets are as the table describes them, and splits are fair, disjoint and repeatable."""

import gc
import hashlib
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.datasets
from hypothesis import given
from hypothesis import strategies as st

from core.datasets import DATASETS, FILES, Arrays, Preparation, Split, available, splits
from core.datasets.dataset import TASKS
from core.datasets.overview import glance
from core.datasets.splits import TEST_SHARE
from core.datasets.splits import split as split_of
from core.datasets.splits import test_set as shown_set_of  # under its own name it would be collected
from core.runs.config import RunConfig

ROOT = Path(__file__).resolve().parents[3]
SCIKIT = ["iris", "wine", "breast_cancer", "digits"]
CLASSED = [name for name in DATASETS if name not in FILES and DATASETS[name].classes]
TABLES = [name for name in CLASSED if not DATASETS[name].is_image and not DATASETS[name].is_series]
HERE = [name for name in DATASETS if name not in FILES and name != "table"]


def flat(x: np.ndarray) -> np.ndarray:
    return x.reshape(len(x), -1)


def split(name: str, seed: int, share: float, **changes: Any) -> Split:
    return split_of(DATASETS[name], Preparation(seed, share, **changes))


def shown_set(name: str, seed: int, **changes: Any) -> Arrays:
    return shown_set_of(DATASETS[name], Preparation(seed, **changes))


def sizes(made: Split) -> tuple[int, int, int]:
    return len(made.x_train), len(made.x_validation), len(made.x_test)


def test_table_is_in_order_and_complete():
    assert list(DATASETS) == [
        "iris", "wine", "breast_cancer", "ten_features", "moons", "circles", "spirals", "blobs", "xor",
        "quantiles", "placed", "digits", "digits12", "mnist", "fashion_mnist", "cifar10", "sentence_polarity",
        "hello", "curve", "diabetes", "sine", "sines", "demand", "stocks", "sensor", "spikes", "ratings",
        "movielens", "table"]
    assert len({dataset.label for dataset in DATASETS.values()}) == len(DATASETS)
    for name, entry in DATASETS.items():
        if name == "table":
            continue  # empty until a learner fills it: another test's matter
        assert entry.name == name and entry.help.endswith(".") and entry.source.endswith(".")
        assert entry.is_image == (entry.pixel_maximum is not None) == (not entry.features)
        # The windows of some series have classes.
        assert entry.is_series == (entry.task == "forecasting" or name in ("sensor", "spikes"))
        assert entry.task in TASKS
        assert bool(entry.classes) == (entry.task == "classification") == (not entry.target)
        assert entry.units == (len(entry.classes) or entry.outputs)
        assert entry.made_with({}) == entry and hash(entry.made_with({})) == hash(entry)


@pytest.mark.parametrize("name", HERE)
def test_entry_says_what_it_loads(name):
    entry = DATASETS[name]
    parts = [entry.load(), *([entry.load_test()] if entry.load_test else [])]
    assert sum(len(part.x) for part in parts) == entry.examples
    for part in parts:
        assert part.x.shape == (len(part.y), *entry.shape) and not part.x.flags.writeable
        assert len(entry.features) in (0, entry.shape[-1])
        if entry.classes:
            assert part.y.shape == (len(part.x),) and part.y.dtype == np.int32
            assert set(part.y.tolist()) == set(range(len(entry.classes)))
        else:
            assert part.y.shape == (len(part.x), entry.outputs) and part.y.dtype == np.float32
            assert part.x.dtype == (np.int32 if entry.is_pairs else np.float32)
            assert np.isfinite(part.x).all() and np.isfinite(part.y).all()


@pytest.mark.parametrize("name", SCIKIT)
def test_entry_says_what_scikit_learn_has(name):
    entry, bunch = DATASETS[name], getattr(sklearn.datasets, f"load_{name}")()
    data = entry.load()
    assert data.x.shape == (entry.examples, *entry.shape)
    assert data.x.dtype == (np.uint8 if entry.is_image else np.float32) and data.y.dtype == np.int32
    assert not data.x.flags.writeable and not data.y.flags.writeable
    np.testing.assert_allclose(flat(data.x), bunch.data, rtol=1e-6)
    np.testing.assert_array_equal(data.y, bunch.target)
    if entry.pixel_maximum is not None:
        assert data.x.max() == entry.pixel_maximum
    if name in ("iris", "breast_cancer", "digits"):
        assert list(entry.classes) == [str(name) for name in bunch.target_names]
    assert len(entry.classes) == len(bunch.target_names)
    if entry.features:
        assert len(entry.features) == len(bunch.feature_names)
        for ours, theirs in zip(entry.features, bunch.feature_names, strict=True):
            plain = ours.split(" (")[0].lower()
            assert str(theirs).replace("_", " ").split(" (")[0].startswith(plain)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("name", CLASSED)
def test_split_uses_every_example_once(name, share):
    data, made = DATASETS[name].load(), split(name, 3, share)
    assert sum(sizes(made)) == len(data.x)
    assert sizes(made)[2] == pytest.approx(TEST_SHARE * len(data.x), abs=1)
    assert sizes(made)[1] == pytest.approx(share * (len(data.x) - sizes(made)[2]), abs=1)
    assert made.x_validation.shape[1:] == made.x_train.shape[1:] == DATASETS[name].shape
    x = np.concatenate([made.x_train, made.x_validation, made.x_test])
    if made.mean is not None and made.deviation is not None:
        x = x * made.deviation + made.mean
    # Compared as multisets of rounded examples with their classes: nothing twice, nothing lost.
    y = np.concatenate([made.y_train, made.y_validation, made.y_test])

    def rows(x: np.ndarray, y: np.ndarray) -> Counter[tuple[float, ...]]:
        scale = np.maximum(np.abs(flat(data.x)).max(axis=0), 1e-9)
        return Counter(map(tuple, np.column_stack([np.rint(flat(x) / scale * 1e4), y]).tolist()))

    different = (rows(x, y) - rows(data.x, data.y)).total()
    # Rounding may fall on either side for a few; a lost or doubled set would be dozens.
    assert different <= 0.02 * len(data.x)


@pytest.mark.parametrize("name", CLASSED)
def test_each_class_has_its_share_of_each_set(name):
    y, made = DATASETS[name].load().y, split(name, 11, 0.25)
    for part in (made.y_train, made.y_validation, made.y_test):
        expected = np.bincount(y) * len(part) / len(y)
        assert np.abs(np.bincount(part) - expected).max() <= 1.5


@given(st.sampled_from(CLASSED), st.integers(0, 2**31 - 1), st.floats(0, 0.5))
def test_every_seed_and_share_that_a_config_allows_can_be_split(name, seed, share):
    RunConfig(dataset=name, architecture="softmax", seed=seed, validation_share=share)
    made = split(name, seed, share)
    assert min(sizes(made)[0], sizes(made)[2]) > 0 and (sizes(made)[1] > 0) == (share > 0)
    assert set(made.y_test.tolist()) == set(range(len(DATASETS[name].classes)))


def digest(name: str, seed: int) -> str:
    made = split(name, seed, 0.2)
    parts = (made.x_train, made.y_train, made.x_validation, made.y_validation, made.x_test, made.y_test)
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def test_same_seed_same_split_in_another_process():
    code = (f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            f"from test_datasets import HERE, digest\nprint(*[digest(name, 5) for name in HERE])")
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [digest(name, 5) for name in HERE]


@pytest.mark.parametrize("name", CLASSED)
def test_seed_decides_and_the_test_set_depends_on_nothing_else(name):
    first, without = split(name, 5, 0.2), split(name, 5, 0.0)
    np.testing.assert_array_equal(first.y_test, without.y_test)
    if DATASETS[name].is_image:
        np.testing.assert_array_equal(first.x_test, without.x_test)
    assert digest(name, 5) != digest(name, 6)
    assert not np.array_equal(first.y_test, split(name, 6, 0.2).y_test)


@pytest.mark.parametrize("name", CLASSED)
def test_test_set_is_the_split_s_in_its_own_units(name):
    made, shown = split(name, 2, 0.2), shown_set(name, 2)
    x = made.x_test
    if made.mean is not None and made.deviation is not None:
        x = x * made.deviation + made.mean
    np.testing.assert_allclose(x, shown.x, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(made.y_test, shown.y)


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_standardized_by_the_training_examples_alone(name):
    made = split(name, 0, 0.2)
    np.testing.assert_allclose(made.x_train.mean(axis=0, dtype=float), 0, atol=1e-5)
    np.testing.assert_allclose(made.x_train.std(axis=0, dtype=float), 1, atol=1e-5)
    assert np.abs(made.x_test.mean(axis=0)).max() > 1e-3
    assert made.x_train.dtype == made.x_validation.dtype == made.x_test.dtype == np.float32


def test_a_constant_column_becomes_zero():
    x = np.column_stack([np.full(7, 0.1), np.arange(7)]).astype(np.float32)
    mean, deviation = splits._moments(x)
    assert deviation[0] == 1 and not ((x - mean) / deviation)[:, 0].any()
    assert deviation[1] == pytest.approx(2)


def test_images_keep_their_pixels_and_say_their_scale():
    made = split("digits", 0, 0.2)
    assert made.x_train.dtype == np.uint8 and made.mean is None and made.deviation is None
    assert made.x_train.max() * made.scale == 1


def test_arrays_of_a_split_are_closed_to_writing():
    for name in HERE:
        made = split(name, 0, 0.0)
        for array in (made.x_train, made.y_train, made.x_validation, made.x_test, made.y_test):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0


def test_a_split_in_use_is_never_made_twice(monkeypatch):
    monkeypatch.setattr(splits, "KEPT_SPLITS", 2)
    held = split("digits", 900, 0.2)
    for seed in range(901, 908):
        split("digits", seed, 0.2)
    gc.collect()
    keys = [(DATASETS["digits"].key, Preparation(seed, 0.2)) for seed in (901, 906, 907)]
    assert list(splits._kept) == keys[1:] and keys[0] not in splits._in_use
    found: list[Split] = []
    threads = [threading.Thread(target=lambda: found.append(split("digits", 900, 0.2))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(one is held for one in found)


def test_kept_splits_are_bounded_by_their_bytes(monkeypatch):
    monkeypatch.setattr(splits, "KEPT_BYTES", 300_000)
    for seed in range(950, 960):
        split("digits", seed, 0.2)
    assert sum(splits._bytes(stored) for stored in splits._kept.values()) <= 300_000


@pytest.mark.parametrize("name", CLASSED)
def test_glance(name):
    entry, seen = DATASETS[name], glance(DATASETS[name])
    data = entry.load()
    assert list(seen.counts) == np.bincount(data.y).tolist() and sum(seen.counts) == entry.examples
    if seen.images is not None:
        assert seen.images.shape == (len(entry.classes), *entry.shape[:2]) and seen.images.max() == 255
        for label, image in enumerate(seen.images):
            original = data.x[np.flatnonzero(data.y == label)[0], ..., 0]
            np.testing.assert_allclose(image, original * (255 / entry.pixel_maximum), atol=0.5)  # type: ignore
    for row, label in zip(seen.rows, seen.row_classes, strict=True):
        assert any(np.allclose(row, one) for one in data.x[data.y == label])
    no_rows = entry.is_image or entry.is_series
    assert set(seen.row_classes) == (set() if no_rows else set(range(len(entry.classes))))


def test_glance_shows_numbers_as_measured():
    assert glance(DATASETS["iris"]).rows[:2] == ((5.1, 3.5, 1.4, 0.2), (4.9, 3.0, 1.4, 0.2))


def test_mnist(data):
    if not (data / "mnist.npz").is_file():
        pytest.skip("no mnist.npz")
    assert available("mnist")
    made, entry = split("mnist", 0, RunConfig().validation_share), DATASETS["mnist"]
    assert sizes(made) == (48000, 12000, 10000) and sum(sizes(made)) == entry.examples
    assert made.x_train.shape == (48000, *entry.shape) and made.x_train.dtype == np.uint8
    expected = np.bincount(np.concatenate([made.y_train, made.y_validation])) / 5
    assert np.abs(np.bincount(made.y_validation) - expected).max() <= 1
    # Well known: the first labels of both files, and the mean pixel of the training images.
    whole = split("mnist", 0, 0.0)
    assert whole.y_train[:5].tolist() == [5, 0, 4, 1, 9] and whole.y_test[:5].tolist() == [7, 2, 1, 0, 4]
    assert whole.x_train.mean() == pytest.approx(33.3184, abs=1e-4)
    assert shown_set("mnist", 99).x is whole.x_test
    assert glance(DATASETS["mnist"]).counts[0] == 6903 and sum(glance(DATASETS["mnist"]).counts) == 70000


def test_mnist_gallery_reads_no_training_image(data, monkeypatch):
    if not (data / "mnist.npz").is_file():
        pytest.skip("no mnist.npz")
    read: list[str] = []
    original = np.lib.npyio.NpzFile.__getitem__
    monkeypatch.setattr(np.lib.npyio.NpzFile, "__getitem__",
                        lambda self, key: (read.append(key), original(self, key))[1])
    from core.datasets.images import load_test

    for cached in (load_test, glance):
        cached.cache_clear()
    shown_set("mnist", 0)
    assert sorted(read) == ["x_test", "y_test"]
    glance(DATASETS["mnist"])
    assert "y_train" in read and "x_train" not in read


def test_importing_datasets_is_cheap():
    code = ("import sys, core.datasets, core.datasets.splits, core.datasets.overview; "
            "print([one for one in ('sklearn', 'scipy', 'pandas', 'plotly', 'PIL', 'pooch', 'requests', "
            "'keras', 'jax') if one in sys.modules])")
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
