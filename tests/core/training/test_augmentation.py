"""Augmentation against scipy and Keras's own layers: the same geometry, the same distribution."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, stats
from sklearn.datasets import load_digits

from core.catalog.augmentation import AUGMENTATION, FLIPS, amounts, keras_layers
from core.training.augmentation import augmented, draws, normal, resampled, transformations

NOTHING = {change.name: change.default for change in AUGMENTATION}


def images(count: int, height: int = 9, width: int = 7, channels: int = 2, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((count, height, width, channels)).astype(np.float32)


def change(x: np.ndarray, seed: int = 0, **values: Any) -> np.ndarray:
    return np.asarray(jax.jit(augmented)(x, amounts(NOTHING | values), jax.random.key(seed)))


# Few shapes, since each compiles: a usual one, and those with sides that have no neighbour.
@settings(max_examples=60)
@given(shape=st.sampled_from([(9, 7, 2), (8, 8, 1), (1, 5, 1), (6, 1, 1), (1, 1, 3), (2, 2, 1)]),
       seed=st.integers(0, 999), size=st.sampled_from([0.3, 1.0, 2.0]))
def test_resampling_is_that_of_scipy(shape, seed, size):
    height, width, channels = shape
    random = np.random.default_rng(seed)
    x = images(3, height, width, channels, seed)
    matrix = size * random.normal(size=(3, 2, 2)).astype(np.float32)
    offset = size * random.normal(size=(3, 2)).astype(np.float32)
    own, centre = jax.jit(resampled)(x, matrix, offset), (np.array([height, width]) - 1) / 2
    for image, turned, moved, found in zip(x, matrix, offset, own, strict=True):
        for channel in range(channels):
            expected = ndimage.affine_transform(image[..., channel], turned, moved + centre - turned @ centre,
                                                order=1, mode="nearest")
            np.testing.assert_allclose(found[..., channel], expected, atol=2e-5)


MOVES = ("shift", "rotation", "zoom")


def drawn(values: dict[str, float], count: int, size: tuple[int, int], key: Any) -> dict[str, Any]:
    """What was drawn for each image: of a shift (down, right) as shares, of the others degrees and a zoom."""
    matrices, offsets = (np.asarray(transformation) for transformation in transformations(
        size, amounts(NOTHING | values), draws(count, key)))
    found = {"shift": -offsets[0] / size,
             "rotation": np.rad2deg(np.arctan2(matrices[1, :, 0, 1], matrices[1, :, 0, 0])),
             "zoom": matrices[2, :, 0, 0] - 1}
    return {name: found[name] for name in MOVES if values.get(name)}


def layer_of_keras(name: str, values: Any) -> keras.layers.Layer:
    """Keras's layer with a factor from `values` to `values`, the same for all images."""
    if name == "shift":
        down, right = (float(value) for value in values)
        return keras.layers.RandomTranslation((down, down), (right, right), fill_mode="nearest")
    factor = (float(values) / (360 if name == "rotation" else 1),) * 2
    made = {"rotation": keras.layers.RandomRotation, "zoom": keras.layers.RandomZoom}[name]
    return made(factor, fill_mode="nearest")


@pytest.mark.parametrize("values", [
    {"shift": 0.4}, {"rotation": 170.0}, {"zoom": 0.8}, {"shift": 0.1, "rotation": 30.0},
    {"shift": 0.2, "rotation": 60.0, "zoom": 0.3}])
def test_changes_are_those_of_keras_one_after_the_other(values):
    """Keras's layers with factors from a to a, a being what was drawn here for each image."""
    x = images(6)
    own, seen = change(x, 3, **values), drawn(values, 6, (9, 7), jax.random.split(jax.random.key(3))[0])
    for index in range(6):
        expected: Any = x[index:index + 1]
        for name, amounts_drawn in seen.items():
            expected = layer_of_keras(name, amounts_drawn[index])(expected, training=True)
        np.testing.assert_allclose(own[index], expected[0], atol=1e-4)
    for name, amount in values.items():
        assert np.abs(seen[name]).max() <= amount + 1e-5 and np.ptp(seen[name]) > amount / 2


def test_images_are_as_blurred_as_those_of_the_layers_of_the_script():
    """On images of 8 x 8 pixels one resampling for all changes leaves a tenth more of their contrast."""
    values: dict[str, Any] = NOTHING | {"shift": 0.1, "rotation": 10.0, "zoom": 0.1, "flip": "horizontal",
                                        "noise": 0.05}
    x: Any = np.repeat(load_digits().images[:100, ..., None].astype(np.float32) / 16, 20, 0)
    ours, theirs = change(x, **values), x
    for seed, layer in enumerate(keras_layers(values)):
        kind = getattr(keras.layers, layer["class_name"])
        theirs = kind(**layer["config"], seed=seed)(theirs, training=True)

    def told(found: Any) -> list[float]:
        """Contrast of neighbours, of all pixels, and how far an image is from what it was."""
        found = np.asarray(found)
        return [np.abs(np.diff(found, axis=1)).mean(), np.abs(np.diff(found, axis=2)).mean(), found.std(),
                np.sqrt(((found - x) ** 2).mean((1, 2, 3))).mean(), found.mean()]

    np.testing.assert_allclose(told(ours), told(theirs), rtol=0.02)


def test_amounts_are_drawn_evenly_between_plus_and_minus():
    values = {"shift": 0.2, "rotation": 30.0, "zoom": 0.4}
    found = {name: one.T / values[name]
             for name, one in drawn(values, 4000, (10, 20), jax.random.key(0)).items()}
    rows = np.vstack(list(found.values()))
    assert rows.shape == (4, 4000)
    for row in rows:
        assert stats.kstest(row, stats.uniform(-1, 2).cdf).pvalue > 0.001
    assert np.abs(np.corrcoef(rows) - np.eye(4)).max() < 0.08, "each is drawn for itself"


@pytest.mark.parametrize("flip", FLIPS)
def test_every_second_image_is_mirrored(flip: str):
    x = images(2000, 3, 4, 1)
    changed = change(x, flip=flip)
    kinds = {"as it is": x, "horizontal": x[:, :, ::-1], "vertical": x[:, ::-1], "turned": x[:, ::-1, ::-1]}
    counts = {name: int((np.abs(changed - kind).max((1, 2, 3)) < 1e-5).sum()) for name, kind in kinds.items()}
    assert sum(counts.values()) == 2000
    expected = {"none": {"as it is": 2000}, "horizontal": {"as it is": 1000, "horizontal": 1000},
                "vertical": {"as it is": 1000, "vertical": 1000}, "both": dict.fromkeys(kinds, 500)}[flip]
    for name, count in counts.items():
        assert abs(count - expected.get(name, 0)) <= (100 if name in expected and flip != "none" else 0)


def test_noise_is_normal_and_of_the_size_that_was_asked_for():
    x = np.full((50, 20, 20, 3), 0.5, np.float32)
    added = (change(x, noise=0.2) - x).ravel() / 0.2
    assert stats.kstest(added, stats.norm.cdf).pvalue > 0.001
    assert abs(added.std() - 1) < 0.02 and abs(added.mean()) < 0.02
    # As in Keras, it may lead out of 0..1.
    assert change(x, noise=1.0).min() < 0


def test_noise_of_neighbours_and_of_other_keys_has_nothing_in_common():
    rows = np.array([normal(jax.random.key(seed), (40, 50, 50)) for seed in range(3)]).reshape(3, -1)
    assert np.isfinite(rows).all() and np.abs(rows).max() > 4
    assert np.abs(np.corrcoef(rows) - np.eye(3)).max() < 0.015
    for lag in (1, 2, 50, 2500):
        assert abs(np.corrcoef(rows[0, lag:], rows[0, :-lag])[0, 1]) < 0.015
    assert len(np.unique(rows[0])) > 0.98 * rows[0].size


def test_nothing_changes_nothing():
    x = images(5)
    np.testing.assert_array_equal(change(x), x)
    for matrix, offset in zip(*transformations((9, 7), amounts(NOTHING), draws(5, jax.random.key(1))),
                              strict=True):
        np.testing.assert_allclose(jax.jit(resampled)(x, matrix, offset), x, atol=1e-6)
    assert not amounts(NOTHING).any()
    values: dict[str, Any]
    for values in ({"shift": 0.1}, {"rotation": 1.0}, {"zoom": 0.1}, {"flip": "vertical"}, {"noise": 0.1}):
        assert amounts(NOTHING | values).any() and np.abs(change(x, **values) - x).max() > 0


def test_a_loop_draws_what_single_calls_draw_and_other_amounts_compile_nothing():
    x, traced, alone = images(8), 0, jax.jit(augmented)
    values = amounts({"shift": 0.2, "rotation": 20.0, "zoom": 0.2, "flip": "both", "noise": 0.1})

    @jax.jit
    def loop(x, values, count):
        nonlocal traced
        traced += 1

        def step(index, sums):
            return sums.at[index].set(augmented(x, values, jax.random.fold_in(jax.random.key(5), index)))

        return jax.lax.fori_loop(0, count, step, jnp.zeros((3, *x.shape)))

    for share in (1.0, 0.5):
        looped = loop(x, share * values, 3)
        for index in range(3):
            key = jax.random.fold_in(jax.random.key(5), index)
            np.testing.assert_allclose(looped[index], alone(x, share * values, key), atol=1e-5)
        assert np.abs(looped[0] - looped[1]).max() > 0.1
    assert traced == 1


def test_one_key_gives_the_same_images_and_another_does_not():
    x, values = images(4), {"shift": 0.2, "noise": 0.1}
    np.testing.assert_array_equal(change(x, 1, **values), change(x, 1, **values))
    assert np.abs(change(x, 2, **values) - change(x, 1, **values)).max() > 0.1


def test_a_script_is_given_layers_of_keras():
    values = {"shift": 0.1, "rotation": 90.0, "zoom": 0.2, "flip": "both", "noise": 0.3}
    told = keras_layers(values)
    assert [one["class_name"] for one in told] == ["RandomTranslation", "RandomRotation", "RandomZoom",
                                                   "RandomFlip", "RandomFlip", "GaussianNoise"]
    model = keras.Sequential([getattr(keras.layers, one["class_name"]).from_config(one["config"])
                              for one in told])
    x = images(6)
    assert np.abs(np.asarray(model(x, training=True)) - x).max() > 0.1
    np.testing.assert_array_equal(model(x, training=False), x)
    assert model.layers[1].factor == (-0.25, 0.25)
    assert keras_layers(NOTHING) == []
    assert [layer["config"]["mode"] for layer in keras_layers(NOTHING | {"flip": "vertical"})] == ["vertical"]


@pytest.mark.parametrize("maximum", [1, 16, 255])
def test_noise_of_a_script_is_in_the_units_of_its_pixels(maximum: int):
    x = np.full((40, 20, 20, 1), 0.5 * maximum, np.float32)
    model = keras.Sequential([getattr(keras.layers, layer["class_name"])(**layer["config"])
                              for layer in keras_layers(NOTHING | {"noise": 0.1}, maximum)])
    assert abs(float(np.asarray(model(x, training=True)).std()) / maximum - 0.1) < 0.003
    np.testing.assert_allclose(model(x, training=False), x, rtol=1e-6)
