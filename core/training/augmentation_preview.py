"""A few augmented images for the form's preview."""

import jax
import numpy as np

from core.datasets.overview import glance
from core.runs.config import RunConfig
from core.training.augmentation import augmented

_changed = jax.jit(augmented)


def preview(config: RunConfig, draw: int) -> np.ndarray:
    """One image per class as training may see it: uint8 (classes, height, width), or with 3 channels.

    They are those of `glance`, in its order. draw: a different number draws different changes. Values that
    noise pushes beyond black and white are clipped, which training does not do.
    """
    images = glance(config.data).images
    if images is None:
        raise ValueError(f"{config.dataset} has no images.")
    x = images.reshape(*images.shape[:3], -1).astype(np.float32) / 255
    seen = np.asarray(_changed(x, config.augmentation, jax.random.key(draw)))
    return np.rint(255 * seen.clip(0, 1)).astype(np.uint8).reshape(images.shape)
