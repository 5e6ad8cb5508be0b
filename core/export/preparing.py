"""The data section of the script: the examples, how they are split, and how they are preprocessed."""

from core.datasets.pairs import RATING_SHARE
from core.datasets.split_indices import FEWEST, TEST_SHARE
from core.export.counting import Counts, Cut, counts
from core.export.hidden_words import gaps
from core.export.ratings import held_out, numbered_pairs
from core.export.section import Section, joined
from core.export.sentences import numbered
from core.export.sources import source
from core.metrics.season import season_of
from core.runs.config import RunConfig

_DIVIDE = '''\
def divide(x, y, count):
    """Like train_test_split, but also works when a class has too few examples to be stratified."""
    alone = np.bincount(y)[y] == 1
    if count >= (~alone).sum():
        alone[:] = False
    labels = y[~alone]
    sizes = np.bincount(labels)
    if (sizes == 1).any() or (sizes > 0).sum() > min(count, len(labels) - count):
        labels = None
    x_stay, x_go, y_stay, y_go = train_test_split(
        x[~alone], y[~alone], test_size=count, stratify=labels, random_state=SEED)
    return np.concatenate([x[alone], x_stay]), x_go, np.concatenate([y[alone], y_stay]), y_go'''

_THIN_OUT = '''\
def thin_out(x, y):
    """Keeps a share of 1 - IMBALANCE of the last class, all of the first, and more the earlier the class."""
    random = np.random.default_rng([SEED, 1])
    kept = []
    for label in range(CLASSES):
        mine = np.flatnonzero(y == label)
        count = round(len(mine) * (1 - IMBALANCE) ** (label / (CLASSES - 1)))
        kept.append(random.permutation(mine)[:max(count, {fewest})])
    kept = np.sort(np.concatenate(kept))
    return x[kept], y[kept]'''

_SAMPLE = '''\
def sample(x, y, count):
    """`count` random examples: the test part of a split."""
    _, x_drawn, _, y_drawn = {split}
    return x_drawn, y_drawn'''

_ONLY = '''\
# Some classes only, counted from 0 again.
CHOSEN = {chosen}


def only(x, y):
    kept = np.isin(y, CHOSEN)
    return x[kept], np.searchsorted(CHOSEN, y[kept])


x_train, y_train = only(x_train, y_train)
x_test, y_test = only(x_test, y_test)'''

_NORMAL = '''\
# Learn from the normal classes alone; the test set keeps all of them.
NORMAL = {normal}
kept = np.isin(y_train, NORMAL)
x_train, y_train = x_train[kept], y_train[kept]'''

_LABEL_NOISE = """\
# Replaces some of the training labels by another class.
random = np.random.default_rng([SEED, 2])
wrong = random.choice(len(y_train), round(LABEL_NOISE * len(y_train)), replace=False)
y_train = y_train.copy()
y_train[wrong] = (y_train[wrong] + random.integers(1, CLASSES, len(wrong))) % CLASSES"""

_MISSING = """\
# Replaces missing values by the median of the training examples.
imputer = SimpleImputer(strategy="median", keep_empty_features=True).fit(x_train)"""

_NAIVE = """\
# The forecast to beat: the last value repeats.
naive = np.repeat(x_test[:, -1], HORIZON, axis=1)
naive_mae = np.abs(y_test - naive).mean()"""

_SEASONAL = """\
# The same for the value one season ago.
SEASON = {season}
begins = WINDOW + np.arange({first}, {end})[:, np.newaxis]
seasonal = values[begins - SEASON + np.arange(HORIZON) % SEASON]
seasonal_mae = np.abs(y_test - seasonal).mean()"""


def data_section(config: RunConfig) -> Section:
    """x_train, y_train, x_test, y_test ready for training, and x_val, y_val if there is validation."""
    dataset, made, own = config.data.labelled, counts(config.data, config.preparation), source(config)
    imports, own_test = {*own.imports}, dataset.load_test is not None
    pieces = [own.code]
    if not dataset.is_image and not dataset.is_text and not own_test:
        pieces.append('x = x.astype("float32")' if dataset.classes else 'y = y.astype("float32")'
                      if dataset.is_pairs else
                      'x, y = x.astype("float32"), y.astype("float32")')
    seed = config.preparation.test_seed
    if dataset.is_pairs:
        pieces.append(held_out("SEED" if seed is None else str(seed)))
    if config.imbalance:
        pieces.append(_THIN_OUT.format(fewest=FEWEST))
    if dataset.task == "forecasting":
        pieces += [_in_time(made), *([] if config.data.reconstructs else _simple(config, made))]
    else:
        pieces.append(_divided(config, made))
        if made.test or made.size or made.validation:
            imports.add("from sklearn.model_selection import train_test_split")
    if own.targets:
        pieces.append(own.targets)
    if round(config.label_noise * made.training):
        pieces.append(_LABEL_NOISE)
    prepared, needed = _prepared(config, made)
    return Section("Data", _TEXT[config.data.task], joined(*pieces, prepared), frozenset(imports | needed))


_TEXT = {
    "classification": "The network learns from the training examples. The test examples are used once, at "
                      "the end.",
    "regression": "The network learns from the training examples. The test examples are used once, at the "
                  "end.",
    "forecasting": "Training, validation and test examples follow each other in time, so that the network "
                   "does not learn from the future.",
    "reconstruction": "The network learns to give back its inputs. The labels only divide the examples; the "
                      "test examples are used once, at the end.",
    "guessing": "The network learns to guess words that are hidden in sentences. The labels only divide the "
                "examples; the test examples are used once, at the end."}


def _divided(config: RunConfig, made: Counts) -> str:
    share, classes = config.validation_share, bool(config.data.labelled.classes)
    cuts = [cut for cut in (made.test, made.size, made.validation) if cut]
    lines = [] if all(cut.plain for cut in cuts) else [_DIVIDE]
    if made.test:
        tested = RATING_SHARE if config.data.is_pairs else TEST_SHARE
        divided = _split(made.test, "x", "y", made.test.size(tested, repr(tested)), classes)
        if config.preparation.test_seed is not None:  # as the start divides it off
            divided = divided.replace("SEED", str(config.preparation.test_seed))
        lines.append(f"x_train, x_test, y_train, y_test = {divided}")
    if own := source(config).divided:
        lines.append(own)
    if config.data.chosen:
        lines.append(_ONLY.format(chosen=list(config.data.chosen)))
    if config.data.normal:
        lines.append(_NORMAL.format(normal=list(config.data.normal)))
    if config.imbalance:
        lines.append("# The test set keeps its own balance.\nx_train, y_train = thin_out(x_train, y_train)")
    if made.size:
        lines += [_SAMPLE.format(split=_split(made.size, "x", "y", "count", classes, "count")
                                 .replace("\n", "\n    ")),
                  "# Learn from fewer examples.\n"
                  "x_train, y_train = sample(x_train, y_train, TRAINING_SIZE)"]
    if made.validation:
        lines.append("x_train, x_val, y_train, y_val = " + _split(
            made.validation, "x_train", "y_train", made.validation.size(share, "VALIDATION_SHARE"), classes))
    return joined(*lines)


def _split(cut: Cut, x: str, y: str, size: str, classes: bool, count: str = "") -> str:
    """Code that divides by `size`, or by `cut.count` if classes are too small for a plain split."""
    if not cut.plain:
        return f"divide({x}, {y}, {count or cut.count})"
    stratify = f", stratify={y}" if classes else ""
    return f"train_test_split(\n    {x}, {y}, test_size={size}{stratify}, random_state=SEED)"


def _in_time(made: Counts) -> str:
    lines = [f"x_{name}, y_{name} = x[{first}:{end}], y[{first}:{end}]"
             for name, (first, end) in zip(("train", "val", "test"), made.slices, strict=True) if end]
    return "# No target of one set reaches into the next.\n" + "\n".join(lines)


def _simple(config: RunConfig, made: Counts) -> list[str]:
    """The forecasts that learn nothing."""
    season, (first, end) = season_of(config.data), made.slices[2]
    return [_NAIVE, *([_SEASONAL.format(season=season, first=first, end=end)] if season else [])]


def _prepared(config: RunConfig, made: Counts) -> tuple[str, set[str]]:
    """Code that prepares the numbers, and the imports it needs."""
    dataset, names = config.data.labelled, ["x_train", "x_test"]
    numbers_wanted = not dataset.classes and not config.data.reconstructs
    if made.validation or (made.slices and made.slices[1][1]):
        names.insert(1, "x_val")
    if dataset.is_text:
        code, imports = numbered(config, names)
        seed = config.preparation.test_seed
        hiding = gaps(names, "SEED" if seed is None else str(seed)) if config.data.guesses else ""
        return joined(code, hiding), imports
    if dataset.is_pairs:
        scaled = config.scaling == "standard"
        return (joined(numbered_pairs(names), _targets(_learned(names)) if scaled else ""),
                {_SCALER} if scaled else set())
    if dataset.pixel_maximum is not None:
        return _pixels(config, dataset.pixel_maximum, names), set()
    lines, imports = [], set()
    if _has_holes(config):
        lines.append("\n".join([_MISSING, *(f"{name} = imputer.transform({name})" for name in names)]))
        imports.add("from sklearn.impute import SimpleImputer")
    if config.scaling == "standard":
        numbers = len(dataset.features) - len(dataset.indicators)
        if dataset.is_series or not dataset.indicators:
            lines.append(_series(names) if dataset.is_series else _scaled(names))
        elif numbers:
            lines.append(_scaled(names, _NUMBERS_ONLY))
            imports.add("from sklearn.compose import make_column_transformer")
        if (numbers and not dataset.is_series) or numbers_wanted:
            imports.add(_SCALER)
        if numbers_wanted:
            lines.append(_targets(_learned(names)))
    return "\n\n".join(lines), imports


_SCALER = "from sklearn.preprocessing import StandardScaler"


def _learned(names: list[str]) -> list[str]:
    """The targets of all but the test examples. names: of the inputs."""
    return ["y_train", *(["y_val"] if "x_val" in names else [])]


def _pixels(config: RunConfig, maximum: int, names: list[str]) -> str:
    scaled = config.scaling == "standard"
    return "\n".join([
        "# Pixels from 0 to 1." if scaled else f"# Pixels as they are, from 0 to {maximum}.",
        *(f'{name} = {name}.astype("float32"){f" / {maximum}" if scaled else ""}' for name in names)])


# For a learner's table, where numbers come first.
_NUMBERS_ONLY = """make_column_transformer(
    (StandardScaler(), slice(len(NUMBERS))), remainder="passthrough")"""


def _scaled(names: list[str], scaler: str = "StandardScaler()") -> str:
    """scaler: what scales, where not all columns are numbers; a category's stay 0 or 1 then."""
    plain = scaler == "StandardScaler()"
    return "\n".join(["# Mean 0 and standard deviation 1 over the training examples."
                      + ("" if plain else " Inputs of 0 or 1 stay as they are."),
                      f"scaler = {scaler}.fit(x_train)",
                      *(f"{name} = scaler.transform({name})" for name in names)])


def _series(names: list[str]) -> str:
    return "\n".join(["# Mean 0 and standard deviation 1 over the training windows.",
                      "mean, deviation = x_train.mean(), x_train.std()",
                      *(f"{name} = ({name} - mean) / deviation" for name in names)])


def _targets(names: list[str]) -> str:
    """Code that scales the targets. Test targets keep their units; predictions are converted back to them."""
    return "\n".join(["# Scales the targets too, so the network predicts standardized numbers.",
                      "target_scaler = StandardScaler().fit(y_train)",
                      *(f'{name} = target_scaler.transform({name})' for name in names)])


def _has_holes(config: RunConfig) -> bool:
    """Whether a learner's table has missing values; no other dataset has any."""
    if config.dataset != "table":
        return False
    import numpy as np

    return bool(np.isnan(config.data.load().x).any())
