"""The chosen dataset and network at a glance: examples, classes, layers."""

import pandas as pd
import streamlit as st

from core.catalog.losses import LOSSES
from core.charts.palette import CLASS_COLORS
from core.charts.pictures import class_balance, image_strip, scatter, series_line
from core.datasets import Dataset, DatasetUnavailable, available
from core.datasets.overview import Glance, glance
from core.datasets.pairs import RATING_SHARE, PairShape
from core.datasets.splits import TEST_SHARE
from core.formatting import amount, number, percent
from core.runs.answers import LayerRow
from core.runs.config import RunConfig
from ui.messages import plain


def dataset_picture(dataset: Dataset) -> None:
    """The dataset in a picture: images, points over two features, or a line."""
    dataset = dataset.labelled
    seen = _glance(dataset)
    if seen is None:
        st.caption(f":material/download: {dataset.label} is downloaded "
                   f"({dataset.download_bytes / 2**20:.0f} MB) when Train is pressed for the first time.")
        return
    if dataset.is_text:
        st.dataframe(_sentences(dataset, seen), hide_index=True, height="content")
    elif seen.images is not None:
        _picture(image_strip(seen.images, dataset.classes))
    elif dataset.is_series:
        _picture(series_line(seen.up, CLASS_COLORS[0], *seen.labels))
    else:
        _picture(scatter(seen.across, seen.up, seen.dot_classes, CLASS_COLORS, *seen.labels))


def dataset_facts(dataset: Dataset, scaling: str) -> None:
    """Everything about the dataset: numbers, balance of classes, examples, source, and how it is scaled."""
    seen = _glance(dataset)
    own = "a test set of its own" if dataset.load_test else f"{percent(_tested(dataset), 0)} kept as test set"
    st.markdown(f"**{dataset.label}**: {dataset.examples:,} examples, {_size(dataset)}, "
                f"{_asked(dataset)}, {own}.")
    for note in dataset.notes:
        st.markdown(f":material/tune: {note}")
    if dataset.is_pairs:
        user, item = dataset.features
        st.markdown(f"One {item} that each {user} likes is kept apart as well: the ranking on the Evaluate "
                    "page asks for it.")
    if dataset.floor is not None:
        st.markdown(f"No prediction can have a root mean squared error below {number(dataset.floor().rmse)} "
                    f"{plain(dataset.target)}: the rest is noise.")
    dataset = dataset.labelled
    if seen is not None:
        if seen.counts:
            _picture(class_balance(dataset.classes, seen.counts, CLASS_COLORS))
        if seen.sentences:
            st.dataframe(_sentences(dataset, seen), hide_index=True, height="content")
        if seen.rows:
            st.dataframe(_rows(dataset, seen), hide_index=True, height="content")
    prepared = ("numbered by the words of the training examples" if dataset.is_text else
                f"numbers; 0 is a {' or '.join(dataset.features)} in no training example"
                if dataset.is_pairs else
                "not scaled" if scaling == "none" else "scaled to 0..1" if dataset.is_image else
                "standardized by the training examples")
    st.caption(f"Inputs are {prepared}. Source: {dataset.source}")


def layer_table(config: RunConfig, rows: list[LayerRow] | None, waiting: str) -> None:
    """The layers of the config's network as Keras describes them. waiting: what to show until then."""
    if rows is None:
        st.caption(f"{waiting}: the layers appear here in a moment.")
        return
    total = sum(row.parameters for row in rows)
    st.table(pd.DataFrame({
        "Layer": [row.class_name for row in rows],
        "Output shape": [" x ".join(str(size) for size in row.output_shape) for row in rows],
        "Parameters": [f"{row.parameters:,}" for row in rows]}), hide_index=True)
    if config.data.guesses:
        gives = "one logit for each word of the vocabulary; softmax turns logits into probabilities"
    elif not config.data.classes:
        gives = ("one logit per pixel; its sigmoid is the pixel" if LOSSES[config.loss].pixels else
                 "the prediction itself, with no activation")
    elif LOSSES[config.loss].binary:
        gives = f"one logit; its sigmoid is the probability of {plain(config.data.classes[1])}"
    else:
        gives = "one logit per class; softmax turns logits into probabilities"
    st.caption(f"{total:,} parameters in all. The last layer gives {gives}.")


def _picture(svg: str) -> None:
    # st.html drops pictures; the names in them are escaped where they are drawn.
    st.markdown(svg, unsafe_allow_html=True)


def _glance(dataset: Dataset) -> Glance | None:
    """The dataset at a glance; None before its data is here."""
    if not available(dataset.name):
        return None
    try:
        return glance(dataset)
    except DatasetUnavailable:
        return None


def _rows(dataset: Dataset, seen: Glance) -> pd.DataFrame:
    # A learner's own table may have any names.
    table = pd.DataFrame(seen.rows, columns=[f"{name} (input)" if name == "class" else name
                                             for name in dataset.features])
    if dataset.items is not None:
        called = dataset.items()
        user, item = dataset.features
        table = pd.DataFrame({user: [called.user(int(number)) for number in table[user]],
                              item: [called.names[int(number) - 1] for number in table[item]]})
    if dataset.classes:
        table.insert(0, "class", [dataset.classes[label] for label in seen.row_classes])
    else:
        taken = dataset.target in table.columns
        table.insert(0, f"{dataset.target} (target)" if taken else dataset.target, seen.row_targets)
    return table


def _sentences(dataset: Dataset, seen: Glance) -> pd.DataFrame:
    return pd.DataFrame({"class": [dataset.classes[label] for label in seen.row_classes],
                         "sentence": seen.sentences})


def _tested(dataset: Dataset) -> float:
    return RATING_SHARE if dataset.is_pairs else TEST_SHARE


def _size(dataset: Dataset) -> str:
    if isinstance(dataset.shape, PairShape):
        user, item = dataset.features
        return f"{amount(dataset.shape.users, user)} and {amount(dataset.shape.items, item)}"
    if dataset.is_text:
        return f"sentences of at most {dataset.shape[0]} {dict(dataset.values)['unit']}"
    if dataset.is_image:
        return f"{dataset.shape[0]} x {dataset.shape[1]} pixels"
    if dataset.is_series:
        return f"windows of {dataset.shape[0]} values"
    return amount(dataset.shape[0], "feature")


def _asked(dataset: Dataset) -> str:
    if dataset.guesses:
        return "to guess: a hidden word"
    if dataset.reconstructs:
        return "to give back: the input itself"
    if dataset.classes:
        return f"{len(dataset.classes)} classes"
    ahead = f"the next {dataset.outputs} of " if dataset.is_series and dataset.outputs > 1 else ""
    return f"to predict: {ahead}{plain(dataset.target)}"
