"""A learner's own table as a dataset, with the chosen target and input columns."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from core.datasets.dataset import Arrays, Dataset
from core.datasets.kept_tables import known_table
from core.datasets.names import NameList, Text
from core.datasets.pairs import Items, PairShape
from core.datasets.table import MAX_COLUMNS, MAX_NAME
from core.datasets.table_ratings import names_of, pair_columns, pairs_of
from core.datasets.table_target import (
    FIELD,
    MAX_INPUTS,
    MIN_ROWS,
    categories_of,
    classes_of,
    column_of,
    features_of,
    has_value,
    inputs_of,
    refused,
    target_of,
)
from core.datasets.table_text import READING, sentence_column, sentences_of
from core.datasets.words import TextShape
from core.formatting import amount
from core.parameters import Choice, FieldError, Parameter, check_all, short_repr

# What the two columns of ratings are called on the page.
PAIR = ("user", "item")

PARAMETERS: tuple[Parameter, ...] = (
    Text("digest", "Table", "Identifies your table.", 64),
    Text("target", "Target", "The column that the network learns to predict.", MAX_NAME),
    NameList("columns", "Inputs", "The columns that the network predicts from. Leave out columns that give "
             "away the answer, and columns that say nothing, such as row numbers.", MAX_NAME, MAX_COLUMNS),
    Choice("task", "Task", "Classification: predict which class a row belongs to. Regression: predict a "
                           "number.",
           ("classification", "regression"), "classification"),
    Text("sentence", "Sentences", "A column of texts that the network reads word by word, instead of the "
         "inputs. None: it predicts from the inputs.", MAX_NAME),
    Text("user", "Users", "A column that says who rates, if the target is a rating. The network learns what "
         "each user likes.", MAX_NAME),
    Text("item", "Items", "A column that says what is rated: films, books, products.", MAX_NAME),
    *READING)


def without_table(values: Any) -> Any:
    """A config's plain values for sharing, without the digest of the learner's table.

    Someone who opens them uploads the file again, and the page fills in the digest of that table.
    """
    own = values.get(FIELD) if isinstance(values, Mapping) else None
    if not isinstance(own, Mapping) or "digest" not in own:
        return values
    return {**values, FIELD: {**own, "digest": ""}}


def _remake(values: Mapping[str, Any]) -> Dataset:
    """The dataset with these values. Raises `FieldError` if nothing can be learned from it."""
    checked = check_all(PARAMETERS, values, DATASET.label, FIELD)
    if not checked["digest"]:
        return _awaited(checked)
    known_table(checked["digest"])
    if checked["user"] or checked["item"]:
        return _of_ratings(**{name: checked[name] for name in ("digest", "target", "task", "user", "item")})
    if checked["sentence"]:
        return _of_text(**{name: value for name, value in checked.items()
                           if name not in ("columns", "user", "item")})
    return _dataset(**{name: checked[name] for name in ("digest", "target", "columns", "task")})


def _awaited(checked: Mapping[str, Any]) -> Dataset:
    """The dataset before its table is uploaded, with what the link says: inputs, sentences, and the task."""
    if checked["user"] and checked["item"]:
        return replace(DATASET, shape=PairShape(2, 2), features=PAIR, task="regression",
                       target=checked["target"], values=tuple(checked.items()))
    if checked["sentence"]:
        return replace(DATASET, shape=TextShape(checked["length"], checked["vocabulary"]),
                       features=(checked["sentence"],), values=tuple(checked.items()))
    named = checked["columns"]
    # Giving back the input takes at least two: a link to an autoencoder must open before the upload.
    waiting = replace(DATASET, shape=(len(named),), features=named) if len(named) > 1 else DATASET
    if checked["task"] == "regression":
        return replace(waiting, task="regression", target=checked["target"], values=tuple(checked.items()))
    return replace(waiting, values=tuple(checked.items()))


# Cached, because pages ask for it again and again, and it depends only on the arguments.
@lru_cache(maxsize=64)
def _dataset(digest: str, target: str, columns: tuple[str, ...], task: str) -> Dataset:
    table = known_table(digest)
    learned = target_of(table, target, task)
    used = has_value(learned)
    classes = classes_of(learned, used) if task == "classification" else ()
    if task == "regression" and np.ptp(learned.values()[used].astype(np.float32)) == 0:
        raise refused("target", f"{short_repr(target)} has the same number in every row, to seven digits, "
                      "so there is nothing to learn. Choose another target.")
    named = [(column.is_number, name) for column in inputs_of(table, target, columns, used)
             for name in features_of(column, used)]
    features = tuple(name for _, name in named)
    if len(features) > MAX_INPUTS:
        raise refused("columns", f"The chosen columns make {len(features):,} inputs, one for each number "
                      f"and one for each value of a category; the limit is {MAX_INPUTS}. Leave out columns, "
                      "starting with those that have many different texts.")
    return Dataset(
        "table", DATASET.label, f"Predicts {target} of {table.name} from {amount(len(columns), 'column')}.",
        DATASET.source, examples=int(used.sum()), shape=(len(features),), classes=classes,
        load=partial(_load, digest, target, columns, task), features=features,
        indicators=tuple(place for place, (is_number, _) in enumerate(named) if not is_number), task=task,
        target="" if classes else target, parameters=PARAMETERS, remake=_remake,
        values=(("digest", digest), ("target", target), ("columns", columns), ("task", task)))


@lru_cache(maxsize=64)
def _of_text(digest: str, target: str, task: str, sentence: str, unit: str, vocabulary: int, length: int,
             ) -> Dataset:
    """The sentences of one column, with the target as their class."""
    table = known_table(digest)
    sentence_column(table, sentence, target, task)
    learned = target_of(table, target, task)
    used = has_value(learned)
    values = {"digest": digest, "target": target, "task": task, "sentence": sentence, "unit": unit,
              "vocabulary": vocabulary, "length": length}
    return Dataset(
        "table", DATASET.label, f"Predicts {target} of {table.name} from the sentences in {sentence}.",
        DATASET.source, examples=int(used.sum()), shape=TextShape(length, vocabulary),
        classes=classes_of(learned, used), load=partial(_load_text, digest, target, sentence),
        features=(sentence,), parameters=PARAMETERS, remake=_remake, values=tuple(values.items()))


@lru_cache(maxsize=64)
def _of_ratings(digest: str, target: str, task: str, user: str, item: str) -> Dataset:
    """Ratings of the items in one column by the users in another."""
    table = known_table(digest)
    rating = target_of(table, target, "regression")
    users, items = pair_columns(table, user, item, target, task)
    rows, data, _ = pairs_of(users, items, rating)
    if len(rows) < MIN_ROWS:
        raise refused("target", f"There are {amount(len(rows), 'rating')} to learn from, without those that "
                      f"miss a user or an item or are repeated. At least {MIN_ROWS} are needed. Add rows.")
    if np.ptp(data.y) == 0:
        raise refused("target", f"{short_repr(target)} has the same number in every row, to seven digits, "
                      "so there is nothing to learn. Choose another target.")
    values = {"digest": digest, "target": target, "task": task, "user": user, "item": item}
    return Dataset(
        "table", DATASET.label, f"Predicts {target} of {table.name} for each {item} and {user}.",
        DATASET.source, examples=len(rows), shape=PairShape(*data.x.max(axis=0).tolist()), classes=(),
        load=partial(_load_ratings, digest, target, user, item), features=PAIR, task="regression",
        target=target, parameters=PARAMETERS, remake=_remake, values=tuple(values.items()),
        items=partial(_items, digest, target, user, item))


@lru_cache(maxsize=2)
def _load_ratings(digest: str, target: str, user: str, item: str) -> Arrays:
    data = _pairs(digest, target, user, item)[1]
    data.x.flags.writeable = data.y.flags.writeable = False
    return data


@lru_cache(maxsize=2)
def _items(digest: str, target: str, user: str, item: str) -> Items:
    _, _, (users, items) = _pairs(digest, target, user, item)
    table = known_table(digest)
    return Items(names_of(column_of(table, item, "item"), items),
                 users=names_of(column_of(table, user, "user"), users))


def _pairs(digest: str, target: str, user: str, item: str) -> tuple[Any, Arrays, tuple[np.ndarray, ...]]:
    table = known_table(digest)
    return pairs_of(column_of(table, user, "user"), column_of(table, item, "item"),
                    column_of(table, target, "target"))


@lru_cache(maxsize=2)
def _load_text(digest: str, target: str, sentence: str) -> Arrays:
    """x: str objects (rows with a target,), empty where a sentence is missing. y: the class of each."""
    table = known_table(digest)
    learned = column_of(table, target, "target")
    used = has_value(learned)
    x, y = sentences_of(column_of(table, sentence, "sentence"), used), learned.codes[used].astype(np.int32)
    x.flags.writeable = y.flags.writeable = False
    return Arrays(x, y)


# A run asks for its split and for its test examples, one after the other.
@lru_cache(maxsize=2)
def _load(digest: str, target: str, columns: tuple[str, ...], task: str) -> Arrays:
    """x: float32 (rows with a target, inputs), NaN where a number is missing. y: depends on the task."""
    from sklearn.preprocessing import OneHotEncoder

    table = known_table(digest)
    learned = column_of(table, target, "target")
    used = has_value(learned)
    parts = []
    for name in columns:
        column = column_of(table, name, "columns")
        if column.is_number:
            parts.append(column.values()[used, None].astype(np.float32))
        else:
            encoder = OneHotEncoder(categories=[categories_of(column, used)], sparse_output=False,
                                    dtype=np.float32)
            parts.append(encoder.fit_transform(column.codes[used, None]))
    x = np.concatenate(parts, axis=1)
    if task == "regression":
        y = learned.values()[used, None].astype(np.float32)
    else:
        y = learned.codes[used].astype(np.int32)
    x.flags.writeable = y.flags.writeable = False
    return Arrays(x, y)


def _load_nothing() -> Arrays:
    raise FieldError("table", "Upload a CSV file first, then choose its target.")


# Before a table is uploaded: a valid dataset, so that the page can ask for the file, but not trainable.
DATASET = Dataset(
    "table", "Your own table",
    "Upload your own CSV file, with a row of column names and then one row for each example. Choose what to "
    "predict, and from which columns.",
    "Uploaded by you; only your session can see it.",
    examples=0, shape=(1,), classes=(), load=_load_nothing, features=("no table yet",),
    parameters=PARAMETERS, remake=_remake,
    values=tuple((parameter.name, parameter.default) for parameter in PARAMETERS))
