"""How a script gets each dataset without this project: one entry each, with the same calls and seeds as here.

The code defines x and y or, where a dataset has its own test set, x_train, y_train, x_test and y_test. x
holds numbers of any type, or strings; y whole numbers for classes, or (n, outputs) for numbers. NumPy is
imported as `np`.
"""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.datasets import digits12, sensor, series, spikes, ten_features, toy_points
from core.datasets.computed import class_sizes, spare_draws
from core.export.ratings import movielens_source, ratings_source
from core.export.sentences import sentence_source
from core.export.table_source import table_source
from core.export.writing import literal
from core.runs.config import RunConfig

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """How a script gets its data.

    Attributes:
        code: see above.
        imports: lines that it needs.
        packages: packages that must be installed for it.
        divided: code after the test examples are divided off; it changes x_train and y_train, or x_test.
        targets: code that changes y_train, once the validation examples are divided off.
    """

    code: str
    imports: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    divided: str = ""
    targets: str = ""


def source(config: RunConfig) -> Source:
    """The source of the config's dataset. Raises `KeyError` for a dataset that has no entry."""
    return SOURCES[config.dataset](config.dataset_parameters)


def _scikit(function: str, code: str) -> Callable[[Values], Source]:
    """A dataset that scikit-learn contains or generates; code: a template for the values."""
    return lambda values: Source(code.format(**values), (f"from sklearn.datasets import {function}",))


def _table(function: str) -> Callable[[Values], Source]:
    return _scikit(function, f"x, y = {function}(return_X_y=True)")


def _computed(code: str) -> Callable[[Values], Source]:
    """A dataset drawn with NumPy. code: a template for the values; noise is left out if it is 0."""
    def make(values: Values) -> Source:
        plain = not values.get("noise", 1)
        lines = [line.removesuffix("  # noise") for line in code.splitlines()
                 if not (plain and line.endswith("# noise"))]
        return Source("\n".join(lines).format(**values))
    return make


def _rare(make: Callable[[Values], Source]) -> Callable[[Values], Source]:
    """Classes of equal size, as `make` draws them, or with a rare last class."""
    def made(values: Values) -> Source:
        if not values["rare_share"]:
            return make(values)
        sizes = class_sizes(values["count"], values.get("classes", 2), values["rare_share"])
        drawn = make({**values, "count": spare_draws(sizes)})
        return replace(drawn, code=f"""\
# Draws more examples than needed, then keeps only this many of each class, since the last class is rare.
{drawn.code}
kept = []
for label, size in enumerate({list(sizes)}):
    mine = np.flatnonzero(y == label)
    kept.append(mine[np.arange(size) * len(mine) // size])
kept = np.sort(np.concatenate(kept))
x, y = x[kept], y[kept]""")
    return made


def _points(make: Callable[[Values], Source]) -> Callable[[Values], Source]:
    """Points with a rare class, a feature on another scale, or sampled from a part only."""
    def made(values: Values) -> Source:
        drawn, scale = _rare(make)(values), values["feature_scale"]
        scaled = f"\n# Another unit for x2.\nx[:, 1] = x[:, 1] * {scale!r}" if scale != 1 else ""
        left = _LEFT if values.get("sampled_from") == "left" else ""
        return replace(drawn, code=drawn.code + scaled, divided=left)
    return made


_LEFT = f"""\
# Learns from the left half only; the test set is from everywhere.
left = x_train[:, 0] < {toy_points.MIDDLE}
x_train, y_train = x_train[left], y_train[left]"""


def _file(name: str, *files: str, channels: bool = True) -> Callable[[Values], Source]:
    """A dataset from Keras, or its file on this machine. channels: whether images have a channel axis."""
    more = "" if channels else """
# A grey image has a single channel.
x_train, x_test = x_train[..., np.newaxis], x_test[..., np.newaxis]"""
    code = f"""\
# Uses a file in the PLAYGROUND_DATA folder or beside this script; otherwise Keras downloads the data.
folder = os.environ.get("PLAYGROUND_DATA", "")
files = [os.path.join(folder, name) for name in {literal(files)}]
files = [file for file in files if os.path.isfile(file)]
if files:
    with np.load(files[0]) as arrays:
        x_train, y_train = arrays["x_train"], arrays["y_train"]
        x_test, y_test = arrays["x_test"], arrays["y_test"]
else:
    (x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()
y_train, y_test = y_train.astype("int32").ravel(), y_test.astype("int32").ravel()"""
    return lambda values: Source(code + more, ("import os", "import keras"))


_CURVES = {"line": "2 * x", "sine": "2 * np.sin(2 * x)", "steps": "np.floor(x)",
           "polynomial": "x**3 / 2 - 2 * x"}


def _curve(values: Values) -> Source:
    noise = f" + random.normal(0, 1, x.shape) * {values['noise']!r}" if values["noise"] else ""
    return Source(f"""\
random = np.random.default_rng({values["data_seed"]})
x = random.uniform(-3, 3, ({values["count"]}, 1))
y = {_CURVES[values["function"]]}{noise}""", targets=f"""\
# Moves up the training point with the largest x.
y_train[x_train[:, 0].argmax()] += {values["outlier"]!r}""" if values["outlier"] else "")


def _placed(values: Values) -> Source:
    points = textwrap.fill(" ".join(f"({x!r},~{y!r},~{label})," for x, y, label in values["points"]), 96,
                           initial_indent="    ", subsequent_indent="    ").replace("~", " ")
    return Source(f"""\
# Each point: x1, x2 and its class.
points = np.array([
{points}
])
x, y = points[:, :2], points[:, 2].astype("int32")""")


def _series(code: str, *imports: str, packages: tuple[str, ...] = ()) -> Callable[[Values], Source]:
    """A series as windows; code: a template that gives `values`, float (steps,)."""
    def make(values: Values) -> Source:
        drawn = _computed(code)(values).code
        return Source(f"""\
{drawn}

# Every window of the series, and the values that follow it.
WINDOW, HORIZON = {values["window"]}, {values["horizon"]}
both = np.lib.stride_tricks.sliding_window_view(values, WINDOW + HORIZON)
x, y = both[:, :WINDOW, np.newaxis], both[:, WINDOW:]""", imports, packages)
    return make


_SPIRALS = """\
# Arms of one and three quarter turns each, rotated by equal angles.
random = np.random.default_rng([{data_seed}, 11])
order = random.permutation({count})
y, along = order % {classes}, order // {classes} / {turns}
angle = 1.75 * 2 * np.pi * along + 2 * np.pi * y / {classes}
x = 5 * along[:, np.newaxis] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
x = x + random.normal(0, 1, x.shape) * {noise!r}  # noise"""

_XOR = """\
# Four squares with a gap between them; the class says whether the signs of x1 and x2 differ.
random = np.random.default_rng([{data_seed}, 12])
x = random.uniform(-5, 5, ({count}, 2))
x += np.where(x > 0, 0.3, -0.3)
y = (x[:, 0] * x[:, 1] < 0).astype("int32")
x = x + random.normal(0, 1, x.shape) * {noise!r}  # noise"""

_QUANTILES = """\
x, y = make_gaussian_quantiles(
    n_samples={count}, n_features=2, n_classes={classes}, random_state={data_seed})
x = x + np.random.default_rng([{data_seed}, 13]).normal(0, 1, x.shape) * {noise!r}"""

_TEN_FEATURES = f"""\
x, y = make_classification(
    {{count}}, {len(ten_features.FEATURES)}, n_informative={ten_features.INFORMATIVE}, \
n_redundant={ten_features.REDUNDANT}, n_clusters_per_class={ten_features.CLUSTERS},
    class_sep={ten_features.SEPARATION}, flip_y={{noise!r}}, random_state={{data_seed}})"""

_SINES = """\
# Three waves of different lengths added together.
time = np.arange({steps})
values = sum(
    height * np.sin(2 * np.pi * time / period)
    for period, height in ((12.0, 1.0), (31.0, 0.7), (90.0, 0.5)))
values = values + np.random.default_rng({data_seed}).normal(0, 1, {steps}) * {noise!r}  # noise"""

_DEMAND = f"""\
# Two peaks a season, each a bell, on a level that swells slowly.
time = np.arange({{steps}})
values = sum(
    height * np.exp(-((time / {{season}} - at + 0.5) % 1 - 0.5) ** 2 / (2 * width**2))
    for at, width, height in {series.PEAKS})
values = values + {series.SWELL} * np.sin(2 * np.pi * time / ({series.SEASONS_A_SWELL} * {{season}}))
values = values + np.random.default_rng({{data_seed}}).normal(0, 1, {{steps}}) * {{noise!r}}  # noise"""


_SENSOR = """\
# Windows of one series that do not overlap; some have a fault.
random = np.random.default_rng([{data_seed}, 14])
time = np.arange({count} * {window})
waves = sum(
    height * np.sin(2 * np.pi * time / period) for period, height in {waves})
x = (waves + random.normal(0, 1, len(time)) * {noise!r}).reshape({count}, {window})
y = np.zeros({count}, "int32")
y[random.permutation({count})[:{faulty}]] = 1
for row in np.flatnonzero(y):
    kind = {kind}
    start, length = random.integers({window} // 2), {window} // 2
    if kind == "spike":
        x[row, start + length // 2] += 2 * {fault_size!r}
    elif kind == "stuck":
        x[row, start:start + length] = x[row, start]
    elif kind == "drift":
        x[row, start:] += {fault_size!r} * np.linspace(0, 1, {window} - start)
    else:
        x[row, start:start + length] += random.normal(0, {fault_size!r} / 2, length)
x = x[..., np.newaxis]"""


def _sensor(values: Values) -> Source:
    drawn = f"{literal(sensor.FAULTS)}[random.integers({len(sensor.FAULTS)})]"
    kind = drawn if values["fault"] == sensor.ALL else literal(values["fault"])
    return Source(_SENSOR.format(**values, waves=sensor.WAVES, kind=kind,
                                 faulty=sensor.faulty(values["count"], values["fault_share"])))


_SPIKES = f"""\
# One spike up and one spike down, at two different steps each.
random = np.random.default_rng([{{data_seed}}, {spikes.STREAM}])
places = random.random(({{count}}, {{length}})).argsort(axis=1)[:, :2]
x = np.zeros(({{count}}, {{length}}))
x[np.arange({{count}}), places[:, 0]] = 1
x[np.arange({{count}}), places[:, 1]] = -1
x = x + random.normal(0, 1, x.shape) * {{noise!r}}  # noise
x, y = x[..., np.newaxis], (places[:, 0] > places[:, 1]).astype("int32")"""

_DIGITS12 = f"""\
# In the middle of a larger image, with a single channel, as grey images have.
x, y = load_digits(return_X_y=True)
x = np.pad(x.reshape(-1, 8, 8, 1), ((0, 0), ({digits12.MARGIN}, {digits12.MARGIN}), \
({digits12.MARGIN}, {digits12.MARGIN}), (0, 0)))"""


def _digits12(values: Values) -> Source:
    moved = f"# Moves the test images to the right.\nx_test = np.roll(x_test, {values['shift']}, axis=2)"
    return Source(_DIGITS12, ("from sklearn.datasets import load_digits",),
                  divided=moved if values["shift"] else "")


def _spirals(values: Values) -> Source:
    return _computed(_SPIRALS)({**values, "turns": -(-values["count"] // values["classes"])})


SOURCES: dict[str, Callable[[Values], Source]] = {
    "iris": _table("load_iris"), "wine": _table("load_wine"), "breast_cancer": _table("load_breast_cancer"),
    "digits": _scikit("load_digits", "digits = load_digits()\n"
                      "# A grey image has a single channel.\n"
                      "x, y = digits.images[..., np.newaxis], digits.target"),
    "diabetes": _scikit("load_diabetes", "x, y = load_diabetes(return_X_y=True, scaled=False)\n"
                        "y = y[:, np.newaxis]"),
    "ten_features": _rare(_scikit("make_classification", _TEN_FEATURES)),
    "moons": _points(_scikit("make_moons", "x, y = make_moons({count}, noise={noise!r}, "
                           "random_state={data_seed})")),
    "circles": _points(_scikit("make_circles", "x, y = make_circles(\n"
                             "    {count}, noise={noise!r}, random_state={data_seed}, factor=0.5)")),
    "blobs": _points(_scikit("make_blobs", "x, y = make_blobs(\n    {count}, centers={classes}, "
                           "cluster_std={noise!r}, center_box=(-5.0, 5.0),\n    random_state={data_seed})")),
    "quantiles": _points(_scikit("make_gaussian_quantiles", _QUANTILES)),
    "spirals": _points(_spirals), "xor": _points(_computed(_XOR)), "placed": _placed, "curve": _curve,
    "hello": _computed('x_train = np.array([[1], [2], [3], [4]], "float32")\ny_train = 2 * x_train\n'
                       'x_test = np.array([[5]], "float32")\ny_test = 2 * x_test'),
    "sine": _series("values = np.sin(np.arange({steps}) / 10)\n"
                    "values = values + np.random.default_rng({data_seed}).normal(0, 1, {steps}) "
                    "* {noise!r}  # noise"),
    "sines": _series(_SINES), "demand": _series(_DEMAND),
    "stocks": _series('# Weekly prices that come with plotly.\nvalues = plotly.data.stocks()["{company}"]'
                      '.to_numpy()', "import plotly.data", packages=("plotly", "pandas")),
    "sensor": _sensor, "spikes": _computed(_SPIKES), "digits12": _digits12,
    "mnist": _file("mnist", "mnist.npz", channels=False),
    "fashion_mnist": _file("fashion_mnist", "fashion_mnist.npz", channels=False),
    "cifar10": _file("cifar10", "cifar10.npz", "cifar10_sample.npz"),
    "sentence_polarity": lambda values: Source(*sentence_source(values)),
    "ratings": lambda values: Source(*ratings_source(values), ("pandas",)),
    "movielens": lambda values: Source(*movielens_source(), ("pandas",)),
    "table": lambda values: Source(*table_source(values)),
}
