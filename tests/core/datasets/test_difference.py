"""Training that differs from testing on purpose, and the second test set."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sklearn.datasets

from core.datasets import DATASETS, DatasetUnavailable, Preparation
from core.datasets.second_test import second_test
from core.datasets.splits import split, training_set
from core.datasets.splits import test_set as shown_set
from core.runs.config import RunConfig

PLAIN = Preparation(3, 0.25, scaling="none")
MOONS = DATASETS["moons"]


def test_moons_from_the_left_are_tested_everywhere():
    left, whole = (split(MOONS.made_with({"sampled_from": part}), PLAIN) for part in ("left", "everywhere"))
    np.testing.assert_array_equal(left.x_test, whole.x_test)
    assert left.x[:, 0].max() < 0.5 < left.x_test[:, 0].max()
    rest = whole.x[whole.x[:, 0] < 0.5]
    assert sorted(left.x[:, 0].tolist()) == sorted(rest[:, 0].tolist())
    # The compiled program has room for all of them, so the choice compiles nothing.
    assert left.room == len(whole.y) and whole.room == 0


def test_a_scale_multiplies_the_second_feature_and_standardizing_hides_it():
    small, large = (MOONS.made_with({"feature_scale": scale, "rare_share": 0.1}) for scale in (1.0, 1000.0))
    np.testing.assert_allclose(large.load().x, small.load().x * np.array([1, 1000], np.float32), rtol=1e-6)
    plain, scaled = (split(data, replace(PLAIN, scaling="standard")) for data in (small, large))
    np.testing.assert_allclose(scaled.x, plain.x, atol=1e-5)


def test_only_test_images_are_moved():
    images = np.pad(sklearn.datasets.load_digits().images, ((0, 0), (2, 2), (2, 2)))
    made = split(DATASETS["digits12"].made_with({"shift": 2}), PLAIN)
    moved = np.zeros_like(images)
    moved[:, :, 2:] = images[:, :, :-2]

    def seen(part: np.ndarray) -> set[bytes]:
        return {image.astype(np.uint8).tobytes() for image in part}

    assert seen(made.x) <= seen(images) and seen(made.x_test) <= seen(moved)
    assert not seen(made.x_test) & seen(images)


def test_an_outlier_is_one_training_point():
    plain, out = (DATASETS["curve"].made_with({"function": "line", "count": 40, "outlier": height})
                  for height in (0.0, 10.0))
    # Nobody reaches what the noise alone would leave.
    assert plain.floor is not None and out.floor is None
    off = split(out, PLAIN).y - split(plain, PLAIN).y
    most = split(plain, PLAIN).x_train[:, 0].argmax()
    assert off[most, 0] == pytest.approx(10) and np.count_nonzero(off) == 1
    np.testing.assert_array_equal(shown_set(out, PLAIN).y, shown_set(plain, PLAIN).y)
    assert (training_set(out, PLAIN).y - training_set(plain, PLAIN).y).max() == pytest.approx(10)


def test_nothing_but_the_order_tells_the_spikes_apart():
    data = DATASETS["spikes"].made_with({"noise": 0.0}).load()
    x = data.x[:, :, 0]
    assert (np.sort(x, axis=1) == [-1, *[0] * 8, 1]).all()
    np.testing.assert_array_equal(data.y, x.argmax(1) > x.argmin(1))


@pytest.mark.parametrize("name, values", [
    ("moons", {"noise": 0.3, "sampled_from": "left"}), ("curve", {"outlier": 9.0}), ("spikes", {}),
    ("xor", {"rare_share": 0.1})])
def test_a_second_test_set_is_of_the_same_kind_and_new(name: str, values: dict[str, Any]):
    data, preparation = DATASETS[name].made_with(values), Preparation(5)
    first, second = split(data, preparation), second_test(data, preparation)
    assert second.x is first.x and second.x_test.dtype == first.x_test.dtype
    assert not {row.tobytes() for row in second.x_test} & {row.tobytes() for row in first.x_test}
    # Over as many examples as there are, mean and spread are those of everything that was drawn.
    fair = {**values, "sampled_from": "everywhere"} if name == "moons" else values
    everything = split(data.made_with(fair), preparation)
    x = np.concatenate([everything.x, everything.x_test]).reshape(data.examples, -1)
    if first.mean is not None and everything.mean is not None and x.shape[1] == len(first.mean):
        assert everything.deviation is not None and first.deviation is not None
        x = (x * everything.deviation + everything.mean - first.mean) / first.deviation
    new = second.x_test.reshape(len(second.y_test), -1)
    np.testing.assert_allclose(new.mean(0), x.mean(0), atol=0.2)
    np.testing.assert_allclose(new.std(0), x.std(0), atol=0.2)


@pytest.mark.parametrize("name", ["iris", "blobs", "ten_features", "sine"])
def test_what_cannot_be_drawn_again_has_no_second_test_set(name):
    with pytest.raises(DatasetUnavailable, match="cannot be drawn again"):
        second_test(DATASETS[name], Preparation())


def test_configs_from_before_these_parameters_keep_their_keys():
    config = RunConfig(dataset="moons")
    assert config.to_dict()["dataset_parameters"] == {
        "count": 300, "noise": 0.15, "rare_share": 0.0, "data_seed": 0}
    changed = config.replaced(dataset_parameters={"sampled_from": "left", "feature_scale": 10.0})
    assert RunConfig.from_dict(changed.to_dict()) == changed
    assert config.data.key == ("moons", 300, ("count", 300), ("noise", 0.15), ("data_seed", 0))
