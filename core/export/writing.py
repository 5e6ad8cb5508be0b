"""Writes values, calls and Keras layers as Python source."""

import json
from collections.abc import Mapping
from typing import Any

from core.export.section import WIDTH

# The arguments that are usually written without their names, in Keras's order.
_POSITIONAL: dict[str, tuple[str, ...]] = {
    "Dense": ("units",), "SimpleRNN": ("units",), "LSTM": ("units",), "GRU": ("units",),
    "Conv2D": ("filters", "kernel_size"), "SeparableConv2D": ("filters", "kernel_size"),
    "Conv2DTranspose": ("filters", "kernel_size"), "UpSampling2D": ("size",),
    "Conv1D": ("filters", "kernel_size"), "MaxPooling2D": ("pool_size",), "AveragePooling2D": ("pool_size",),
    "Dropout": ("rate",), "SpatialDropout2D": ("rate",), "GaussianNoise": ("stddev",),
    "Bidirectional": ("layer",), "Embedding": ("input_dim", "output_dim"),
    "Activation": ("activation",), "Reshape": ("target_shape",),
    "RandomTranslation": ("height_factor", "width_factor"), "RandomRotation": ("factor",),
    "RandomZoom": ("height_factor",), "RandomFlip": ("mode",), "Rescaling": ("scale",)}
# Keras's defaults.
_RECURRENT = ("SimpleRNN", "LSTM", "GRU")
_DEFAULTS = {"kernel_initializer": "glorot_uniform", "padding": "valid", "return_sequences": False,
             "merge_mode": "concat", "use_bias": True, "mask_zero": False}
# Sizes for which one number may stand for all directions.
_SIZES = ("kernel_size", "pool_size", "size", "strides")


def literal(value: Any) -> str:
    """`value` as Python code: strings in double quotes, lists as tuples, layers and penalties as calls."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, Mapping):
        return penalty(value["config"]) if value["class_name"] == "L1L2" else layer(value)
    return repr(value)


def call(name: str, *positional: str, **named: str) -> str:
    """A call whose arguments are source code: on one line, or one argument per line if it is long."""
    arguments = [*positional, *(f"{key}={value}" for key, value in named.items())]
    line = f"{name}({', '.join(arguments)})"
    if len(line) <= WIDTH - 12 and "\n" not in line:
        return line
    return f"{name}(\n{indented(''.join(f'{argument},' + chr(10) for argument in arguments))})"


def indented(code: str) -> str:
    """`code` with each line that is not empty indented by one level."""
    return "".join(f"    {line}" if line.strip() else line for line in code.splitlines(keepends=True))


def penalty(config: Mapping[str, float]) -> str:
    """A penalty on weights, written with the simplest of Keras's three classes."""
    l1, l2 = config["l1"], config["l2"]
    if not l1:
        return f"keras.regularizers.L2({l2!r})"
    return f"keras.regularizers.L1({l1!r})" if not l2 else f"keras.regularizers.L1L2(l1={l1!r}, l2={l2!r})"


def layer(entry: Mapping[str, Any]) -> str:
    """A layer, as `core.catalog` describes it, as the call that makes it."""
    class_name = entry["class_name"]
    values = {key: _value(key, value) for key, value in entry["config"].items()
              if key != "name" and not _is_default(class_name, key, value)}
    positional = [values.pop(key) for key in _POSITIONAL.get(class_name, ())]
    return call(f"keras.layers.{class_name}", *positional, **values)


def _value(key: str, value: Any) -> str:
    if key in _SIZES and isinstance(value, list | tuple) and len(set(value)) == 1:
        return literal(value[0])
    return literal(value)


def _is_default(class_name: str, key: str, value: Any) -> bool:
    if key in _POSITIONAL.get(class_name, ()):
        return False
    if key == "activation":
        return value == ("tanh" if class_name in _RECURRENT else "linear")
    if key == "strides":
        return value == 1 or (isinstance(value, list | tuple) and set(value) == {1})
    if class_name == "BatchNormalization" and key == "momentum":
        return value == 0.99
    return key in _DEFAULTS and value == _DEFAULTS[key]
