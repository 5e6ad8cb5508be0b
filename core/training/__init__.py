"""The only folder that imports keras and jax; it runs on workers, never in the page's process."""

import os

# Keras reads its backend once, when it is first imported.
os.environ["KERAS_BACKEND"] = "jax"
