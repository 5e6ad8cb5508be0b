"""The random changes that training images can get, and the Keras layers that make the same ones."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.parameters import Choice, FloatRange, Parameter

# As numbers: the first bit is for left and right, the second for top and bottom.
FLIPS = ("none", "horizontal", "vertical", "both")

AUGMENTATION: tuple[Parameter, ...] = (
    FloatRange("shift", "Shift", "Each image is moved up or down and left or right by up to this share of "
               "its size. Too low: no effect. Too high: the important part is no longer "
               "in the image.", 0.0, 0.5, 0.0),
    FloatRange("rotation", "Rotation", "Each image is rotated by up to this many degrees in either "
               "direction. Too high: a 6 becomes a 9.", 0.0, 180.0, 0.0),
    FloatRange("zoom", "Zoom", "Each image shows between 1 - zoom and 1 + zoom of its side, so it looks "
               "larger or smaller. Too high: only a corner is visible, or the content "
               "shrinks to a dot.", 0.0, 0.9, 0.0),
    Choice("flip", "Flip", "Each image is mirrored with a probability of one half: left and right, top and "
           "bottom, or each of these separately. Good for photographs; mirrored letters and digits mean "
           "something else.",
           FLIPS, "none"),
    FloatRange("noise", "Noise", "A normally distributed random number is added to every pixel (0 is black, "
               "1 is the brightest). This is its standard deviation. Too high: nothing can be recognized.",
               0.0, 1.0, 0.0),
)


def amounts(values: Mapping[str, Any]) -> np.ndarray:
    """Checked values of `AUGMENTATION` as numbers, float32 (5,): shift, rotation, zoom, flip, noise.

    shift, zoom: shares of the side. rotation: degrees. flip: index in `FLIPS`. noise: pixels of 0..1.
    """
    return np.array([values["shift"], values["rotation"], values["zoom"], FLIPS.index(values["flip"]),
                     values["noise"]], np.float32)


def keras_layers(values: Mapping[str, Any], maximum: float = 1.0) -> list[dict[str, Any]]:
    """The layers of `keras.layers` that change images as training does here, in the order they are applied.

    maximum: the brightest value that a pixel can have. Each layer is `{"class_name", "config"}`.
    """
    layers: list[dict[str, Any]] = []

    def add(class_name: str, **config: Any) -> None:
        layers.append({"class_name": class_name, "config": config})

    if values["shift"]:
        add("RandomTranslation", height_factor=values["shift"], width_factor=values["shift"],
            fill_mode="nearest")
    if values["rotation"]:
        # A share of the full circle.
        add("RandomRotation", factor=values["rotation"] / 360, fill_mode="nearest")
    if values["zoom"]:
        add("RandomZoom", height_factor=values["zoom"], fill_mode="nearest")
    if values["flip"] in ("horizontal", "both"):
        add("RandomFlip", mode="horizontal")
    if values["flip"] in ("vertical", "both"):
        # A layer of its own: Keras's "horizontal_and_vertical" mirrors both ways or neither.
        add("RandomFlip", mode="vertical")
    if values["noise"]:
        # GaussianNoise takes a deviation of at most 1, so pixels are scaled to 0..1 for it, and back.
        if maximum != 1:
            add("Rescaling", scale=1 / maximum)
        add("GaussianNoise", stddev=values["noise"])
        if maximum != 1:
            add("Rescaling", scale=float(maximum))
    return layers
